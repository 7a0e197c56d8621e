import { eventStream } from './event-stream.ts';
import type { Exchange } from './replay-upstream.ts';
import type { Spec } from './specs.ts';

/* The least that each API answers, for calls of which only the request is looked at. */

const encoder = new TextEncoder();
const json = (body: object): Exchange => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: encoder.encode(JSON.stringify(body)),
});
const sse = (events: (string | { type?: string; [member: string]: unknown })[]): Exchange => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  body: encoder.encode(
    events
      .map((event) =>
        typeof event === 'string'
          ? `data: ${event}\n\n`
          : `${event.type ? `event: ${event.type}\n` : ''}data: ${JSON.stringify(event)}\n\n`,
      )
      .join(''),
  ),
});

interface Canned {
  whole: Exchange;
  stream: Exchange;
}

const envelope = { id: 'chatcmpl-1', created: 1, model: 'm' };
const openaiChat: Canned = {
  whole: json({
    ...envelope,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hi.' }, finish_reason: 'stop' }],
  }),
  stream: sse([
    {
      ...envelope,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta: { role: 'assistant', content: 'Hi.' }, finish_reason: null }],
    },
    { ...envelope, object: 'chat.completion.chunk', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    '[DONE]',
  ]),
};

const message = {
  id: 'item_1',
  type: 'message',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text: 'Hi.', annotations: [] }],
};
const response = { id: 'resp_1', object: 'response', created_at: 1, model: 'm', status: 'completed', output: [message] };
const candidate = { content: { role: 'model', parts: [{ text: 'Hi.' }] }, finishReason: 'STOP', index: 0 };
const ollama = {
  model: 'm',
  created_at: '2025-01-01T00:00:00Z',
  message: { role: 'assistant', content: 'Hi.' },
  done: true,
  done_reason: 'stop',
};

const answers: Readonly<Record<Spec, Canned>> = {
  openai: openaiChat,
  mistral: openaiChat,
  openrouter: openaiChat,
  'openai-responses': {
    whole: json(response),
    stream: sse([
      { type: 'response.created', sequence_number: 0, response: { ...response, status: 'in_progress', output: [] } },
      { type: 'response.output_item.added', sequence_number: 1, output_index: 0, item: { ...message, status: 'in_progress', content: [] } },
      { type: 'response.output_text.delta', sequence_number: 2, output_index: 0, content_index: 0, item_id: 'item_1', delta: 'Hi.' },
      { type: 'response.output_item.done', sequence_number: 3, output_index: 0, item: message },
      { type: 'response.completed', sequence_number: 4, response },
    ]),
  },
  anthropic: {
    whole: json({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [{ type: 'text', text: 'Hi.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    }),
    stream: sse([
      {
        type: 'message_start',
        message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], usage: { input_tokens: 1, output_tokens: 1 } },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi.' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 1 } },
      { type: 'message_stop' },
    ]),
  },
  bedrock: {
    whole: json({
      output: { message: { role: 'assistant', content: [{ text: 'Hi.' }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
      metrics: { latencyMs: 1 },
    }),
    stream: {
      status: 200,
      headers: { 'content-type': 'application/vnd.amazon.eventstream' },
      body: eventStream(
        { event: 'messageStart', data: { role: 'assistant' } },
        { event: 'contentBlockDelta', data: { contentBlockIndex: 0, delta: { text: 'Hi.' } } },
        { event: 'contentBlockStop', data: { contentBlockIndex: 0 } },
        { event: 'messageStop', data: { stopReason: 'end_turn' } },
        { event: 'metadata', data: { usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 }, metrics: { latencyMs: 1 } } },
      ),
    },
  },
  cohere: {
    whole: json({ id: 'c1', finish_reason: 'COMPLETE', message: { role: 'assistant', content: [{ type: 'text', text: 'Hi.' }] } }),
    stream: sse([
      { type: 'message-start', id: 'c1', delta: { message: { role: 'assistant', content: [] } } },
      { type: 'content-start', index: 0, delta: { message: { content: { type: 'text', text: '' } } } },
      { type: 'content-delta', index: 0, delta: { message: { content: { text: 'Hi.' } } } },
      { type: 'content-end', index: 0 },
      { type: 'message-end', delta: { finish_reason: 'COMPLETE' } },
    ]),
  },
  gemini: { whole: json({ candidates: [candidate], modelVersion: 'm' }), stream: sse([{ candidates: [candidate], modelVersion: 'm' }]) },
  ollama: {
    whole: json(ollama),
    stream: { status: 200, headers: { 'content-type': 'application/x-ndjson' }, body: encoder.encode(`${JSON.stringify(ollama)}\n`) },
  },
};

export const cannedAnswer = (spec: Spec, stream: boolean): Exchange => answers[spec][stream ? 'stream' : 'whole'];
