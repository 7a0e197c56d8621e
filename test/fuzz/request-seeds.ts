import type { Obj } from '../kit/read/reading.ts';
import type { WireFormat } from '../kit/wire-formats.ts';

/* Requests with much in them, to be changed: what is not in them is not met. */

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const schema = {
  type: 'object',
  properties: {
    city: { type: 'string', enum: ['Paris', 'Oslo'] },
    days: { type: ['integer', 'null'], minimum: 1 },
    kind: { anyOf: [{ const: 'rain' }, { $ref: '#/$defs/kind' }] },
  },
  required: ['city'],
  additionalProperties: false,
  $defs: { kind: { type: 'string' } },
};

const chat: readonly Obj[] = [
  {
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }] },
      {
        role: 'user',
        name: 'ann',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${png}`, detail: 'low' } },
          { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        reasoning_content: 'Hm.',
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Paris"}' } },
          { id: 'call_2', type: 'function', function: { name: 'weather', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'Sun' },
      { role: 'tool', tool_call_id: 'call_2', content: [{ type: 'text', text: 'Rain' }] },
      { role: 'user', content: 'Thanks' },
    ],
    tools: [{ type: 'function', function: { name: 'weather', description: 'Tells it', parameters: schema, strict: true } }],
    tool_choice: { type: 'function', function: { name: 'weather' } },
    parallel_tool_calls: false,
  },
  {
    messages: [{ role: 'user', content: 'Hello' }],
    temperature: 0.5,
    top_p: 0.9,
    max_completion_tokens: 100,
    max_tokens: 50,
    stop: ['a', 'b'],
    n: 2,
    seed: 7,
    presence_penalty: 0.1,
    frequency_penalty: 0.1,
    logit_bias: { 50256: -100 },
    logprobs: true,
    top_logprobs: 2,
    user: 'u',
    metadata: { a: 'b' },
    store: false,
    reasoning_effort: 'low',
    service_tier: 'auto',
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } },
    stream_options: { include_usage: true },
    drop_params: true,
    num_retries: 0,
    tags: ['x'],
  },
  {
    messages: [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi', refusal: null },
      { role: 'user', content: 'More' },
    ],
    modalities: ['text', 'audio'],
    audio: { voice: 'alloy', format: 'wav' },
    prediction: { type: 'content', content: 'x' },
    web_search_options: { search_context_size: 'low' },
    functions: [{ name: 'f', parameters: schema }],
    function_call: { name: 'f' },
    drop_params: true,
  },
];

const completions: readonly Obj[] = [
  { prompt: 'Once', max_tokens: 10, suffix: 'end', echo: false, logprobs: 1, best_of: 1, n: 1, stop: '\n', drop_params: true },
  { prompt: ['a', 'b'], temperature: 0 },
  { prompt: [1, 2, 3] },
];

const responses: readonly Obj[] = [
  {
    instructions: 'Be brief.',
    input: [
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: 'What is this?' },
          { type: 'input_image', image_url: `data:image/png;base64,${png}`, detail: 'auto' },
          { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' },
        ],
      },
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: 'opaque' },
      { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{"city":"Paris"}', id: 'fc_1' },
      { type: 'function_call_output', call_id: 'call_1', output: 'Sun' },
      { type: 'custom_tool_call', call_id: 'call_2', name: 'patch', input: 'free' },
      { type: 'custom_tool_call_output', call_id: 'call_2', output: 'done' },
      { role: 'assistant', content: [{ type: 'output_text', text: 'Sunny.', annotations: [] }] },
      { role: 'user', content: 'Thanks' },
    ],
    tools: [
      { type: 'function', name: 'weather', description: 'Tells it', parameters: schema, strict: false },
      { type: 'custom', name: 'patch', format: { type: 'text' } },
      { type: 'web_search', search_context_size: 'low' },
      { type: 'namespace', name: 'mcp', tools: [{ type: 'function', name: 'x', parameters: schema }] },
    ],
    tool_choice: { type: 'function', name: 'weather' },
    include: ['reasoning.encrypted_content'],
  },
  {
    input: 'Hello',
    reasoning: { effort: 'low', summary: 'auto' },
    text: { format: { type: 'json_schema', name: 'answer', schema, strict: true }, verbosity: 'low' },
    max_output_tokens: 100,
    temperature: 0.5,
    top_p: 0.9,
    truncation: 'auto',
    store: true,
    previous_response_id: 'resp_none',
    parallel_tool_calls: true,
    max_tool_calls: 3,
    metadata: { a: 'b' },
    background: false,
    prompt_cache_key: 'k',
    drop_params: true,
  },
];

const messages: readonly Obj[] = [
  {
    max_tokens: 100,
    system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral', ttl: '1h' } }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?', cache_control: { type: 'ephemeral' } },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
          { type: 'document', source: { type: 'url', url: 'https://files.test/a.pdf' }, title: 'A', citations: { enabled: true } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
          { type: 'redacted_thinking', data: 'b3BhcXVl' },
          { type: 'text', text: 'Let me see.' },
          { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Paris' } },
          { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } },
          { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'Sun' }], is_error: false }],
      },
    ],
    tools: [
      { name: 'weather', description: 'Tells it', input_schema: schema },
      { type: 'web_search_20250305', name: 'web_search', max_uses: 1 },
    ],
    tool_choice: { type: 'tool', name: 'weather', disable_parallel_tool_use: true },
    thinking: { type: 'enabled', budget_tokens: 1024 },
  },
  {
    max_tokens: 10,
    messages: [{ role: 'user', content: 'Hello' }],
    temperature: 0.5,
    top_p: 0.9,
    top_k: 5,
    stop_sequences: ['x'],
    metadata: { user_id: 'u' },
    service_tier: 'auto',
    thinking: { type: 'adaptive' },
    output_config: { effort: 'low', format: { type: 'json_schema', schema } },
    drop_params: true,
  },
];

const gemini: readonly Obj[] = [
  {
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    contents: [
      {
        role: 'user',
        parts: [
          { text: 'What is this?' },
          { inlineData: { mimeType: 'image/png', data: png } },
          { fileData: { mimeType: 'application/pdf', fileUri: 'https://files.test/a.pdf' } },
        ],
      },
      {
        role: 'model',
        parts: [
          { text: 'Hm.', thought: true, thoughtSignature: 'c2ln' },
          { functionCall: { name: 'weather', args: { city: 'Paris' }, id: 'c1' }, thoughtSignature: 'c2ln' },
          { executableCode: { language: 'PYTHON', code: 'print(1)' } },
          { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } },
        ],
      },
      { role: 'user', parts: [{ functionResponse: { name: 'weather', id: 'c1', response: { result: 'Sun' } } }] },
    ],
    tools: [
      { functionDeclarations: [{ name: 'weather', description: 'Tells it', parameters: { ...schema, type: 'OBJECT' } }] },
      { googleSearch: {} },
      { codeExecution: {} },
    ],
    toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['weather'] } },
    safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
  },
  {
    contents: [{ parts: [{ text: 'Hello' }] }],
    generation_config: { temperature: 0.5, max_output_tokens: 5 },
    generationConfig: {
      topP: 0.9,
      topK: 5,
      candidateCount: 1,
      stopSequences: ['x'],
      seed: 7,
      responseMimeType: 'application/json',
      responseSchema: { type: 'OBJECT', properties: { a: { type: 'STRING', nullable: true } }, propertyOrdering: ['a'] },
      responseModalities: ['TEXT'],
      thinkingConfig: { thinkingBudget: 100, includeThoughts: true },
      logprobs: 2,
      responseLogprobs: true,
    },
    cachedContent: 'cachedContents/1',
    labels: { a: 'b' },
  },
];

const converse: readonly Obj[] = [
  {
    system: [{ text: 'Be brief.' }, { cachePoint: { type: 'default' } }],
    messages: [
      {
        role: 'user',
        content: [
          { text: 'What is this?' },
          { image: { format: 'png', source: { bytes: png } } },
          { document: { format: 'pdf', name: 'a', source: { bytes: 'AAAA' }, citations: { enabled: true } } },
          { video: { format: 'mp4', source: { s3Location: { uri: 's3://a/b.mp4' } } } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2ln' } } },
          { reasoningContent: { redactedContent: 'b3BhcXVl' } },
          { toolUse: { toolUseId: 't1', name: 'weather', input: { city: 'Paris' } } },
        ],
      },
      { role: 'user', content: [{ toolResult: { toolUseId: 't1', status: 'success', content: [{ text: 'Sun' }, { json: { a: 1 } }] } }] },
    ],
    toolConfig: {
      tools: [
        { toolSpec: { name: 'weather', description: 'Tells it', inputSchema: { json: schema } } },
        { cachePoint: { type: 'default' } },
      ],
      toolChoice: { tool: { name: 'weather' } },
    },
  },
  {
    messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
    inferenceConfig: { maxTokens: 10, temperature: 0.5, topP: 0.9, stopSequences: ['x'] },
    additionalModelRequestFields: { top_k: 5, thinking: { type: 'enabled', budget_tokens: 1024 } },
    additionalModelResponseFieldPaths: ['/stop_sequence'],
    guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1', trace: 'enabled' },
    performanceConfig: { latency: 'optimized' },
    requestMetadata: { a: 'b' },
    promptVariables: { a: { text: 'b' } },
  },
];

const cohere: readonly Obj[] = [
  {
    messages: [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } },
        ],
      },
      {
        role: 'assistant',
        tool_plan: 'Hm.',
        tool_calls: [{ id: 't1', type: 'function', function: { name: 'weather', arguments: '{"city":"Paris"}' } }],
      },
      { role: 'tool', tool_call_id: 't1', content: [{ type: 'document', document: { data: { a: 'Sun' }, id: 'd1' } }] },
    ],
    tools: [{ type: 'function', function: { name: 'weather', description: 'Tells it', parameters: schema } }],
    tool_choice: 'REQUIRED',
    strict_tools: true,
  },
  {
    messages: [{ role: 'user', content: 'Hello' }],
    documents: ['a text', { id: 'd1', data: { title: 'A', text: 'b' } }],
    citation_options: { mode: 'FAST' },
    response_format: { type: 'json_object', json_schema: schema },
    safety_mode: 'CONTEXTUAL',
    max_tokens: 10,
    stop_sequences: ['x'],
    temperature: 0.5,
    seed: 7,
    frequency_penalty: 0.1,
    presence_penalty: 0.1,
    k: 5,
    p: 0.9,
    logprobs: true,
    thinking: { type: 'enabled', token_budget: 100 },
  },
];

const ollama: readonly Obj[] = [
  {
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'What is this?', images: [png] },
      { role: 'assistant', content: '', thinking: 'Hm.', tool_calls: [{ function: { name: 'weather', arguments: { city: 'Paris' } } }] },
      { role: 'tool', content: 'Sun', tool_name: 'weather' },
    ],
    tools: [{ type: 'function', function: { name: 'weather', description: 'Tells it', parameters: schema } }],
    format: schema,
    think: 'low',
    keep_alive: '5m',
    options: { temperature: 0.5, top_p: 0.9, top_k: 5, num_predict: 10, num_ctx: 2048, stop: ['x'], seed: 7, repeat_penalty: 1.1 },
  },
];

/** By the client's format. */
export const requestSeeds: Readonly<Record<WireFormat, readonly Obj[]>> = {
  'openai-chat': chat,
  'openai-completions': completions,
  'openai-responses': responses,
  'anthropic-messages': messages,
  gemini,
  'bedrock-converse': converse,
  'cohere-chat': cohere,
  'ollama-chat': ollama,
};
