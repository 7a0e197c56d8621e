const under = (prefixes: readonly string[], paths: readonly string[]): string[] =>
  prefixes.flatMap((prefix) => paths.map((path) => prefix + path));

/** Where OpenAI's paths are served. */
export const openaiPrefixes = [
  '/v1',
  '',
  '/openai/v1',
  '/openai',
  '/azure/openai/v1',
  '/azure/openai',
  '/mistral/v1',
  '/groq/openai/v1',
  '/v1beta/openai',
  '/gemini/v1beta/openai',
] as const;

const deploymentCalls = [
  '/chat/completions',
  '/completions',
  '/embeddings',
  '/images/generations',
  '/images/edits',
  '/audio/transcriptions',
  '/audio/translations',
  '/audio/speech',
] as const;

/** Of things that providers keep: the collection and whatever is below it. */
const collections = [
  '/files',
  '/uploads',
  '/batches',
  '/fine_tuning/jobs',
  '/vector_stores',
  '/conversations',
  '/containers',
  '/evals',
  '/assistants',
  '/threads',
  '/videos',
].flatMap((path) => [path, `${path}/*`]);

const openaiRoutes: readonly string[] = [
  ...under(openaiPrefixes, [
    ...deploymentCalls,
    '/images/variations',
    '/moderations',
    '/models',
    '/models/{model:path}',
    '/responses',
    '/responses/*',
    '/realtime',
    '/realtime/*',
    '/ocr',
    '/search',
    '/search/{search_tool_name}',
    ...collections,
  ]),
  ...under(['/openai/deployments/{model:path}', '/azure/openai/deployments/{model:path}'], deploymentCalls),
  ...under(['/engines/{model:path}', '/v1/engines/{model:path}'], deploymentCalls),
  ...under(['', '/v1', '/v2', '/cohere', '/cohere/v1', '/cohere/v2'], ['/rerank']),
  // With the provider in front, as LiteLLM has them.
  ...under(['/{provider}/v1'], ['/files', '/files/*', '/batches', '/batches/*']),
  '/cursor/chat/completions',
  '/queue/chat/completions',
  '/vector_store/list',
  '/v1/vector_store/list',
  '/utils/token_counter',
  '/utils/transform_request',
  '/utils/supported_openai_params',
];

const anthropicRoutes: readonly string[] = [
  ...under(
    ['', '/anthropic'],
    [
      '/v1/messages',
      '/v1/messages/count_tokens',
      '/v1/messages/batches',
      '/v1/messages/batches/*',
      '/v1/skills',
      '/v1/skills/*',
      '/v1/models',
      '/v1/models/{model:path}',
    ],
  ),
  ...under(['', '/anthropic'], ['/api/event_logging/batch']),
];

const geminiCalls = ['countTokens', 'generateContent', 'streamGenerateContent', 'embedContent', 'batchEmbedContents', 'predict'];

const googleRoutes: readonly string[] = [
  ...under(['', '/gemini', '/vertex_ai'], under(['/v1beta', '/v1alpha'], ['/models', '/models/{model:path}'])),
  ...under(
    ['', '/gemini', '/vertex_ai'],
    under(
      ['/v1beta', '/v1alpha', '/v1', ''],
      geminiCalls.map((call) => `/models/{model:path}:${call}`),
    ),
  ),
  ...under(['', '/gemini', '/vertex_ai'], under(['/v1beta', '/v1alpha', '/v1', ''], ['/interactions', '/interactions/*'])),
  ...under(['', '/vertex_ai'], under(['/v1', '/v1beta1'], ['/projects/*', '/publishers/*'])),
];

/** Vendors' own paths that LiteLLM has as relays, and this gateway translates. */
const ollamaRoutes = under(
  ['', '/ollama'],
  ['/api/chat', '/api/generate', '/api/embed', '/api/embeddings', '/api/tags', '/api/ps', '/api/show', '/api/version'],
);
const cohereRoutes = under(['', '/cohere'], ['/v2/chat', '/v2/embed']);
const bedrockCalls = ['converse', 'converse-stream', 'invoke', 'invoke-with-response-stream', 'count-tokens'];
const bedrockRoutes = under(['', '/bedrock'], ['/foundation-models', ...bedrockCalls.map((call) => `/model/{model:path}/${call}`)]);

const relayed = [
  'bedrock',
  'vertex-ai',
  'vertex_ai',
  'cohere',
  'cursor',
  'gemini',
  'anthropic',
  'langfuse',
  'azure',
  'azure_ai',
  'openai',
  'openai_passthrough',
  'assemblyai',
  'eu.assemblyai',
  'vllm',
  'mistral',
  'milvus',
].map((name) => `/${name}`);
const relayedBelow = relayed.map((path) => `${path}/*`);

const mcpRoutes = ['/mcp', '/mcp/*', '/mcp-rest/tools/list', '/mcp-rest/tools/call', '/v1/mcp/server', '/v1/mcp/server/*'];
const agentRoutes = ['/v1/agents', '/v1/agents/{agent_id}', '/agents', '/a2a/{agent_id}', '/a2a/{agent_id}/*'];
const nativeRoutes = ['/rag/ingest', '/v1/rag/ingest', '/rag/query', '/v1/rag/query'];

/** Groups of paths that call models, and what a key may ask on the way. */
export const callGroups = {
  openai_routes: openaiRoutes,
  anthropic_routes: anthropicRoutes,
  google_routes: googleRoutes,
  mcp_routes: mcpRoutes,
  agent_routes: agentRoutes,
  mapped_pass_through_routes: relayed,
  passthrough_routes_wildcard: relayedBelow,
  litellm_native_routes: nativeRoutes,
  llm_api_routes: [
    ...openaiRoutes,
    ...anthropicRoutes,
    ...googleRoutes,
    ...ollamaRoutes,
    ...cohereRoutes,
    '/cohere/v1/models',
    ...bedrockRoutes,
    ...relayed,
    ...relayedBelow,
    ...mcpRoutes,
    ...agentRoutes,
    ...nativeRoutes,
    // Clients that call models ask what there is to call.
    ...under(['', '/v1', '/v2'], ['/model/info']),
    '/model_group/info',
    '/search/tools',
    '/v1/search/tools',
  ],
} as const satisfies Record<string, readonly string[]>;
