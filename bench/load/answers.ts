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
