import { eventStream } from '../../test/kit/event-stream.ts';

/** What the mock upstream answers: made after the providers' API references, of the size of a short chat. */
const words = ' the gate is open and every token that passes is counted once'.split(/(?= )/);
const text = Array.from({ length: 40 }, (_, index) => words[index % words.length])
  .join('')
  .trim();

export const openaiJson = JSON.stringify({
  id: 'chatcmpl-bench00000000000000000001',
  object: 'chat.completion',
  created: 1_790_000_000,
  model: 'gpt-bench',
  choices: [
    { index: 0, message: { role: 'assistant', content: text, refusal: null, annotations: [] }, logprobs: null, finish_reason: 'stop' },
  ],
  usage: {
    prompt_tokens: 24,
    completion_tokens: 40,
    total_tokens: 64,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
  },
  service_tier: 'default',
  system_fingerprint: 'fp_bench',
});

/** A vector of 1,536 numbers. */
export const embeddingJson = JSON.stringify({
  object: 'list',
  data: [
    {
      object: 'embedding',
      index: 0,
      embedding: Buffer.from(new Float32Array(1536).map((_, at) => Math.sin(at)).buffer).toString('base64'),
    },
  ],
  model: 'embedding-bench',
  usage: { prompt_tokens: 12, total_tokens: 12 },
});

export const anthropicJson = JSON.stringify({
  id: 'msg_bench000000000000000001',
  type: 'message',
  role: 'assistant',
  model: 'claude-bench',
  content: [{ type: 'text', text }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 24, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 40, service_tier: 'standard' },
});

/** `count` events in all, framed: role, text, finish, end mark. */
export const openaiEvents = (count: number): string[] => {
  const head =
    '{"id":"chatcmpl-bench00000000000000000001","object":"chat.completion.chunk","created":1790000000,"model":"gpt-bench","service_tier":"default","system_fingerprint":"fp_bench","choices":[{"index":0,';
  const event = (rest: string): string => `data: ${head}${rest}\n\n`;
  return [
    event('"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}]}'),
    ...Array.from({ length: Math.max(0, count - 3) }, (_, index) =>
      event(`"delta":{"content":${JSON.stringify(words[index % words.length])}},"logprobs":null,"finish_reason":null}]}`),
    ),
    event('"delta":{},"logprobs":null,"finish_reason":"stop"}]}'),
    'data: [DONE]\n\n',
  ];
};

export const anthropicEvents = (count: number): string[] => {
  const event = (type: string, rest: string): string => `event: ${type}\ndata: {"type":"${type}"${rest}}\n\n`;
  return [
    event(
      'message_start',
      ',"message":{"id":"msg_bench000000000000000001","type":"message","role":"assistant","model":"claude-bench","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":24,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}}',
    ),
    event('content_block_start', ',"index":0,"content_block":{"type":"text","text":""}'),
    ...Array.from({ length: Math.max(0, count - 5) }, (_, index) =>
      event('content_block_delta', `,"index":0,"delta":{"type":"text_delta","text":${JSON.stringify(words[index % words.length])}}`),
    ),
    event('content_block_stop', ',"index":0'),
    event('message_delta', ',"delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":40}'),
    event('message_stop', ''),
  ];
};

export const geminiJson = JSON.stringify({
  candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP', index: 0 }],
  usageMetadata: { promptTokenCount: 24, candidatesTokenCount: 40, totalTokenCount: 64 },
  modelVersion: 'gemini-bench',
  responseId: 'bench0000000000000001',
});

export const geminiEvents = (count: number): string[] => {
  const event = (content: string, rest: string): string =>
    `data: {"candidates":[{"content":{"role":"model","parts":[{"text":${JSON.stringify(content)}}]},"index":0${rest}}],"usageMetadata":{"promptTokenCount":24,"candidatesTokenCount":40,"totalTokenCount":64},"modelVersion":"gemini-bench","responseId":"bench0000000000000001"}\r\n\r\n`;
  return [
    ...Array.from({ length: Math.max(0, count - 1) }, (_, index) => event(words[index % words.length] as string, '')),
    event('', ',"finishReason":"STOP"'),
  ];
};

export const converseJson = JSON.stringify({
  output: { message: { role: 'assistant', content: [{ text }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 24, outputTokens: 40, totalTokens: 64, cacheReadInputTokens: 0, cacheWriteInputTokens: 0 },
  metrics: { latencyMs: 1 },
});

export const converseEvents = (count: number): Uint8Array[] => {
  // Bedrock pads its events so that their length tells nothing of the text.
  const p = 'abcdefghijklmnopqrstuvwxyz';
  return [
    eventStream({ event: 'messageStart', data: { p, role: 'assistant' } }),
    ...Array.from({ length: Math.max(0, count - 4) }, (_, index) =>
      eventStream({ event: 'contentBlockDelta', data: { contentBlockIndex: 0, delta: { text: words[index % words.length] }, p } }),
    ),
    eventStream({ event: 'contentBlockStop', data: { contentBlockIndex: 0, p } }),
    eventStream({ event: 'messageStop', data: { p, stopReason: 'end_turn' } }),
    eventStream({
      event: 'metadata',
      data: { metrics: { latencyMs: 1 }, p, usage: { inputTokens: 24, outputTokens: 40, totalTokens: 64 } },
    }),
  ];
};
