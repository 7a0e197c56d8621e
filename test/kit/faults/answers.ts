import { eventStream, exceptionMessage } from '../event-stream.ts';
import type { Obj } from '../read/reading.ts';
import type { WireFormat } from '../wire-formats.ts';

/** What a provider of one format answers when nothing is wrong: the same few words in each, whole and streamed. */
export interface Answers {
  format: WireFormat;
  /** `litellm_params`, and more, of a deployment at this address. */
  entry(base: string): { params: Obj; mode?: string };
  whole: Buffer;
  streamType: string;
  /** As they lie on the wire. Up to and including `events[firstText]`, the client has seen `partial`. */
  events: readonly Buffer[];
  firstText: number;
  /** The vendor's own error, inside a stream. Its words: `the provider gave up`. */
  errorEvent: Buffer;
  /** The same as the body of a failed answer. */
  errorBody: Buffer;
}

/** What the client reads of a complete answer. */
export const fullText = 'partial and whole';
const [first, second] = ['partial', ' and whole'];
const words = 'the provider gave up';

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const sse = (value: unknown): Buffer => Buffer.from(`data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`);
const named = (value: { type: string; [member: string]: unknown }): Buffer =>
  Buffer.from(`event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`);
const line = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value)}\n`);

const envelope = { id: 'c1', created: 1, model: 'm' };
const delta = (value: object, finish: string | null = null): Buffer =>
  sse({ ...envelope, object: 'chat.completion.chunk', choices: [{ index: 0, delta: value, finish_reason: finish }] });
const openaiError = { error: { message: words, type: 'server_error', param: null, code: null } };

const openaiChat: Answers = {
  format: 'openai-chat',
  entry: (base) => ({ params: { model: 'custom_openai/m', api_base: `${base}/v1` } }),
  whole: json({
    ...envelope,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: fullText }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
  }),
  streamType: 'text/event-stream',
  events: [delta({ role: 'assistant', content: first }), delta({ content: second }), delta({}, 'stop'), sse('[DONE]')],
  firstText: 0,
  errorEvent: sse(openaiError),
  errorBody: json(openaiError),
};

const text = (value: string) => ({ type: 'output_text', text: value, annotations: [] });
const message = (status: string, content: object[]) => ({ id: 'msg_1', type: 'message', role: 'assistant', status, content });
const response = (status: string, output: object[]) => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  model: 'm',
  status,
  output,
  ...(status === 'completed' && { usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 } }),
});
const whole = message('completed', [text(fullText)]);
const at = { item_id: 'msg_1', output_index: 0, content_index: 0 };
const responseEvents = [
  { type: 'response.created', response: response('in_progress', []) },
  { type: 'response.output_item.added', output_index: 0, item: message('in_progress', []) },
  { type: 'response.content_part.added', ...at, part: text('') },
  { type: 'response.output_text.delta', ...at, delta: first },
  { type: 'response.output_text.delta', ...at, delta: second },
  { type: 'response.output_text.done', ...at, text: fullText },
  { type: 'response.content_part.done', ...at, part: text(fullText) },
  { type: 'response.output_item.done', output_index: 0, item: whole },
  { type: 'response.completed', response: response('completed', [whole]) },
];

const openaiResponses: Answers = {
  format: 'openai-responses',
  entry: (base) => ({ params: { model: 'openai/m', api_base: `${base}/v1` }, mode: 'responses' }),
  whole: json(response('completed', [whole])),
  streamType: 'text/event-stream',
  events: responseEvents.map((event, sequence_number) => named({ ...event, sequence_number })),
  firstText: 3,
  errorEvent: named({ type: 'error', code: 'server_error', message: words, param: null, sequence_number: 99 }),
  errorBody: json(openaiError),
};

const claude = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', stop_sequence: null };
const anthropicError = { type: 'error', error: { type: 'api_error', message: words } };

const anthropicMessages: Answers = {
  format: 'anthropic-messages',
  entry: (base) => ({ params: { model: 'anthropic/claude-sonnet-4-5', api_base: base } }),
  whole: json({
    ...claude,
    content: [{ type: 'text', text: fullText }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 3, output_tokens: 2 },
  }),
  streamType: 'text/event-stream',
  events: [
    {
      type: 'message_start',
      message: { ...claude, content: [], stop_reason: null, usage: { input_tokens: 3, output_tokens: 1 } },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: first } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: second } },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } },
    { type: 'message_stop' },
  ].map(named),
  firstText: 2,
  errorEvent: named(anthropicError),
  errorBody: json(anthropicError),
};

const candidate = (value: string, finish?: string) => ({
  candidates: [{ index: 0, content: { role: 'model', parts: [{ text: value }] }, ...(finish && { finishReason: finish }) }],
  modelVersion: 'm',
  responseId: 'r1',
  ...(finish && { usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 } }),
});
const geminiError = { error: { code: 500, message: words, status: 'INTERNAL' } };

const gemini: Answers = {
  format: 'gemini',
  entry: (base) => ({ params: { model: 'gemini/gemini-2.5-flash', api_base: `${base}/v1beta` } }),
  whole: json(candidate(fullText, 'STOP')),
  streamType: 'text/event-stream',
  events: [sse(candidate(first)), sse(candidate(second, 'STOP'))],
  firstText: 0,
  errorEvent: sse(geminiError),
  errorBody: json(geminiError),
};

const ollamaLine = (content: string, done = false) => ({
  model: 'm',
  created_at: '2026-01-01T00:00:00Z',
  message: { role: 'assistant', content },
  done,
  ...(done && { done_reason: 'stop', prompt_eval_count: 3, eval_count: 2 }),
});

const ollamaChat: Answers = {
  format: 'ollama-chat',
  entry: (base) => ({ params: { model: 'ollama/m', api_base: base } }),
  whole: json(ollamaLine(fullText, true)),
  streamType: 'application/x-ndjson',
  events: [line(ollamaLine(first)), line(ollamaLine(second)), line(ollamaLine('', true))],
  firstText: 0,
  errorEvent: line({ error: words }),
  errorBody: json({ error: words }),
};

const billed = { usage: { tokens: { input_tokens: 3, output_tokens: 2 } } };
const cohereError = { id: 'x', message: words };

const cohereChat: Answers = {
  format: 'cohere-chat',
  entry: (base) => ({ params: { model: 'cohere/command-a-03-2025', api_base: base } }),
  whole: json({
    id: 'c1',
    finish_reason: 'COMPLETE',
    message: { role: 'assistant', content: [{ type: 'text', text: fullText }] },
    ...billed,
  }),
  streamType: 'text/event-stream',
  events: [
    {
      type: 'message-start',
      id: 'c1',
      delta: { message: { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] } },
    },
    { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } },
    { type: 'content-delta', index: 0, delta: { message: { content: { text: first } } } },
    { type: 'content-delta', index: 0, delta: { message: { content: { text: second } } } },
    { type: 'content-end', index: 0 },
    { type: 'message-end', delta: { finish_reason: 'COMPLETE', ...billed } },
  ].map(named),
  firstText: 2,
  errorEvent: named({ type: 'message-end', delta: { error: words, finish_reason: 'ERROR' } }),
  errorBody: json(cohereError),
};

const event = (name: string, data: object): Buffer => Buffer.from(eventStream({ event: name, data }));
const counted = { usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 }, metrics: { latencyMs: 1 } };

const bedrockConverse: Answers = {
  format: 'bedrock-converse',
  entry: (base) => ({ params: { model: 'bedrock/converse/amazon.nova-lite-v1:0', api_base: base, aws_region_name: 'us-east-1' } }),
  whole: json({ output: { message: { role: 'assistant', content: [{ text: fullText }] } }, stopReason: 'end_turn', ...counted }),
  streamType: 'application/vnd.amazon.eventstream',
  events: [
    event('messageStart', { role: 'assistant' }),
    event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: first } }),
    event('contentBlockDelta', { contentBlockIndex: 0, delta: { text: second } }),
    event('contentBlockStop', { contentBlockIndex: 0 }),
    event('messageStop', { stopReason: 'end_turn' }),
    event('metadata', counted),
  ],
  firstText: 1,
  errorEvent: Buffer.from(exceptionMessage('modelStreamErrorException', { message: words })),
  errorBody: json({ message: words }),
};

/** Every format that providers speak. A new one is an entry here. */
export const providerAnswers: readonly Answers[] = [
  openaiChat,
  openaiResponses,
  anthropicMessages,
  gemini,
  ollamaChat,
  cohereChat,
  bedrockConverse,
];
