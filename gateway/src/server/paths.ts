import { openaiPrefixes } from '../access/keys/call-route-groups.ts';
import type { matchResource } from './resources/resource-routes.ts';
import type { RouteName } from './routes.ts';

/** What a route needs to know of a request's path. */
export interface RouteMatch {
  route: RouteName;
  /** From the path, decoded. */
  model?: string;
  /** Of something that a provider keeps (a video, a file), from the path, decoded. */
  id?: string;
  /** What is asked of things that a provider keeps. */
  resource?: ReturnType<typeof matchResource>;
}

const under = (prefixes: readonly string[], paths: Readonly<Record<string, RouteName>>): [string, RouteName][] =>
  prefixes.flatMap((prefix) => Object.entries(paths).map(([path, route]): [string, RouteName] => [prefix + path, route]));

/**
 * Fixed paths. Vendors' own paths are served as they are and under the prefixes that LiteLLM's users have
 * (reference: LiteLLM v1.104); which model answers is said by its name on each of them.
 */
export const fixedPaths: ReadonlyMap<string, RouteName> = new Map<string, RouteName>([
  ...under(openaiPrefixes, {
    '/chat/completions': 'chat',
    '/completions': 'completions',
    '/embeddings': 'embeddings',
    '/responses': 'responses',
    '/responses/input_tokens': 'responses_count_tokens',
    '/models': 'models',
    '/images/generations': 'images_generations',
    '/images/edits': 'images_edits',
    '/images/variations': 'images_variations',
    '/audio/transcriptions': 'audio_transcriptions',
    '/audio/translations': 'audio_translations',
    '/audio/speech': 'audio_speech',
    '/moderations': 'moderations',
    '/videos': 'videos',
    '/ocr': 'ocr',
    '/search': 'search',
    '/search/tools': 'search_tools',
  }),
  ...under(['', '/anthropic'], {
    '/v1/messages': 'messages',
    '/v1/messages/count_tokens': 'count_tokens',
    '/v1/models': 'models',
    '/api/event_logging/batch': 'event_logging',
  }),
  ...under(['', '/gemini', '/vertex_ai'], {
    '/v1beta/models': 'gemini_models',
    '/v1alpha/models': 'gemini_models',
  }),
  ...under(['', '/ollama'], {
    '/api/chat': 'ollama_chat',
    '/api/generate': 'ollama_generate',
    '/api/embed': 'ollama_embed',
    '/api/embeddings': 'ollama_embeddings',
    '/api/tags': 'ollama_tags',
    '/api/ps': 'ollama_ps',
    '/api/show': 'ollama_show',
    '/api/version': 'ollama_version',
  }),
  ...under(['', '/cohere', '/cohere/v1', '/cohere/v2', '/v1', '/v2'], { '/rerank': 'rerank' }),
  ...under(['', '/cohere'], { '/v2/chat': 'cohere_chat', '/v2/embed': 'cohere_embed' }),
  ['/cohere/v1/models', 'models'],
  ['/cursor/chat/completions', 'cursor_chat'],
  // LiteLLM's page on priorities calls this one (docs/scheduler, read 2026-11-22).
  ['/queue/chat/completions', 'chat'],
  ...under(['', '/bedrock'], { '/foundation-models': 'bedrock_models' }),
  ...under(['', '/v1'], { '/model/info': 'model_info' }),
  ['/model_group/info', 'model_group_info'],
  ['/utils/token_counter', 'token_counter'],
  ['/utils/transform_request', 'transform_request'],
  ['/utils/supported_openai_params', 'supported_openai_params'],
  ['/health', 'health'],
  ['/health/latest', 'health_latest'],
  ['/health/history', 'health_history'],
  ['/health/shared-status', 'health_shared_status'],
  ['/health/backlog', 'health_backlog'],
  ['/health/test_connection', 'health_test_connection'],
  ['/health/liveliness', 'liveness'],
  ['/health/liveness', 'liveness'],
  ['/livez', 'liveness'],
  ['/health/readiness', 'readiness'],
  ['/readyz', 'readiness'],
  ['/metrics', 'metrics'],
  ['/public/providers', 'providers'],
  ['/public/providers/fields', 'provider_fields'],
  ['/public/endpoints', 'endpoints'],
  ['/', 'root'],
]);

interface Pattern {
  pattern: RegExp;
  /** Undefined: it is another route's after all. */
  match(groups: readonly string[]): RouteMatch | undefined;
}

const geminiCalls: Readonly<Record<string, RouteName>> = {
  generateContent: 'generate_content',
  streamGenerateContent: 'stream_generate_content',
  countTokens: 'gemini_count_tokens',
  embedContent: 'gemini_embed',
  batchEmbedContents: 'gemini_embed',
  predict: 'vertex_predict',
};

/** Claude on Vertex: Anthropic's format, the model in the path (https://docs.claude.com/en/api/claude-on-vertex-ai, read 2026-11-22). */
const claudeCalls: Readonly<Record<string, RouteName>> = { rawPredict: 'raw_predict', streamRawPredict: 'stream_raw_predict' };

const bedrockCalls: Readonly<Record<string, RouteName>> = {
  converse: 'converse',
  'converse-stream': 'converse_stream',
  invoke: 'invoke',
  'invoke-with-response-stream': 'invoke_stream',
  'count-tokens': 'bedrock_count_tokens',
};

/** What Azure serves under a deployment's name. */
const deploymentCalls: Readonly<Record<string, RouteName>> = {
  'chat/completions': 'chat',
  completions: 'completions',
  embeddings: 'embeddings',
  'images/generations': 'images_generations',
  'images/edits': 'images_edits',
  'audio/transcriptions': 'audio_transcriptions',
  'audio/translations': 'audio_translations',
  'audio/speech': 'audio_speech',
};

const call = (calls: Readonly<Record<string, RouteName>>, name: string, model: string): RouteMatch | undefined => {
  const route = calls[name];
  return route && { route, model };
};

/** Paths with a model's name in them, which may itself hold slashes (`openai/gpt-4o`). The first that knows the call has it. */
export const patterns: readonly Pattern[] = [
  { pattern: /^(?:\/bedrock)?\/model\/(.+)\/([a-z-]+)$/, match: ([model, name]) => call(bedrockCalls, name!, model!) },
  // Vertex, with a project and a place or, with a key of its express mode, without.
  {
    pattern: /^(?:\/vertex_ai)?\/v1(?:beta1)?\/(?:projects\/[^/]+\/locations\/[^/]+\/)?publishers\/([^/]+)\/models\/(.+):(\w+)$/,
    match([publisher, model, name]) {
      if (publisher !== 'anthropic') return call(geminiCalls, name!, model!);
      // Its model is in the body.
      return model === 'count-tokens' ? { route: 'count_tokens' } : call(claudeCalls, name!, model!);
    },
  },
  {
    pattern: /^(?:\/vertex_ai)?\/v1(?:beta1)?\/projects\/[^/]+\/locations\/[^/]+\/endpoints\/openapi\/chat\/completions$/,
    match: () => ({ route: 'chat' }),
  },
  {
    pattern: /^(?:\/gemini|\/vertex_ai)?(?:\/v1beta|\/v1alpha|\/v1)?\/models\/(.+):(\w+)$/,
    match: ([model, name]) => call(geminiCalls, name!, model!),
  },
  // Vercel's AI SDK puts a name with a slash in it into the path without `models/`.
  {
    pattern: /^(?:\/gemini)?\/(?:v1beta|v1alpha|v1)\/(?!projects\/|publishers\/)([^:/]+\/.+):(\w+)$/,
    match: ([model, name]) => call(geminiCalls, name!, model!),
  },
  {
    pattern: /^(?:(?:\/azure)?\/openai\/deployments|(?:\/v1)?\/engines)\/(.+?)\/((?:chat|images|audio)\/\w+|completions|embeddings)$/,
    match: ([model, name]) => call(deploymentCalls, name!, model!),
  },
  {
    pattern: /^(?:\/openai)?(?:\/v1)?\/videos\/([^/]+)(?:\/(content|remix))?$/,
    match: ([id, name]) => ({ route: name === undefined ? 'video' : name === 'content' ? 'video_content' : 'video_remix', id: id! }),
  },
  { pattern: /^(?:\/v1)?\/search\/([^/]+)$/, match: ([model]) => ({ route: 'search', model: model! }) },
  { pattern: /^(?:\/gemini)?\/(?:v1beta|v1alpha)\/models\/(.+)$/, match: ([model]) => ({ route: 'gemini_model', model: model! }) },
  {
    pattern: /^(?:\/openai|\/azure\/openai|\/anthropic|\/mistral|\/groq\/openai)?(?:\/v1)?\/models\/(.+)$/,
    match: ([model]) => ({ route: 'model', model: model! }),
  },
];
