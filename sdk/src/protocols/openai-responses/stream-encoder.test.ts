import { describe, expect, test } from 'bun:test';
import { SluiceError, type FromResultContext, type JsonObject, type StreamPart } from '../../types/index.ts';
import { fromWire as readRequest } from './request-from-wire.ts';
import { createEncoder } from './stream-encoder.ts';

const context = (body: JsonObject = {}): FromResultContext => {
  let ids = 0;
  return {
    model: 'my-model',
    request: readRequest({ model: 'my-model', input: 'hi', stream: true, ...body }),
    newId: (prefix) => `${prefix}${++ids}`,
    now: () => 1_760_000_000_000,
  };
};

const encode = (parts: StreamPart[], body?: JsonObject): JsonObject[] => {
  const encoder = createEncoder(context(body));
  return parts.flatMap((part) =>
    encoder.push(part).map(({ event, data }) => {
      const value = JSON.parse(data) as JsonObject;
      expect(value['type']).toBe(event!);
      return value;
    }),
  );
};

/** One line an event: its type, and what is new in it. */
const brief = (events: JsonObject[]): string[] =>
  events.map((event) => {
    const place = [event['output_index'], event['content_index'] ?? event['summary_index']].filter((each) => each !== undefined).join('.');
    const news =
      event['delta'] ??
      event['text'] ??
      event['refusal'] ??
      event['arguments'] ??
      event['input'] ??
      (event['item'] as JsonObject)?.['status'] ??
      '';
    return [String(event['type']).replace('response.', ''), place, String(news)].filter(Boolean).join(' ');
  });

const p = (index: number) => ({ candidate: 0, index });
const start: StreamPart = { type: 'start', id: 'x', model: 'claude' };
const end: StreamPart[] = [
  { type: 'finish', candidate: 0, reason: 'stop' },
  { type: 'usage', usage: { inputTokens: 1, outputTokens: 2 } },
  { type: 'end' },
];
const text = (index: number, ...deltas: string[]): StreamPart[] => [
  { type: 'part-start', ...p(index), part: { type: 'text', text: '' } },
  ...deltas.map((delta): StreamPart => ({ type: 'text-delta', ...p(index), text: delta })),
  { type: 'part-end', ...p(index) },
];
const call = (index: number, id: string): StreamPart => ({
  type: 'part-start',
  ...p(index),
  part: { type: 'tool-call', kind: 'function', id, name: 'f', arguments: '' },
});

describe('a stream is written', () => {
  test('thoughts, text and a refusal: every event, in order, numbered', () => {
    const events = encode([
      start,
      { type: 'part-start', ...p(0), part: { type: 'thinking', text: '' } },
      { type: 'thinking-delta', ...p(0), text: 'a' },
      { type: 'thinking-delta', ...p(0), text: 'b', newParagraph: true },
      { type: 'signature-delta', ...p(0), signature: { origin: 'anthropic', value: 'S' } },
      { type: 'part-end', ...p(0) },
      ...text(1, 'h', 'i'),
      { type: 'part-start', ...p(2), part: { type: 'refusal', text: '' } },
      { type: 'text-delta', ...p(2), text: 'no' },
      { type: 'part-end', ...p(2) },
      ...end,
    ]);
    expect(brief(events)).toEqual([
      'created',
      'in_progress',
      'output_item.added 0',
      'reasoning_summary_part.added 0.0',
      'reasoning_summary_text.delta 0.0 a',
      'reasoning_summary_text.done 0.0 a',
      'reasoning_summary_part.done 0.0',
      'reasoning_summary_part.added 0.1',
      'reasoning_summary_text.delta 0.1 b',
      'reasoning_summary_text.done 0.1 b',
      'reasoning_summary_part.done 0.1',
      'output_item.done 0',
      'output_item.added 1 in_progress',
      'content_part.added 1.0',
      'output_text.delta 1.0 h',
      'output_text.delta 1.0 i',
      'output_text.done 1.0 hi',
      'content_part.done 1.0',
      'content_part.added 1.1',
      'refusal.delta 1.1 no',
      'refusal.done 1.1 no',
      'content_part.done 1.1',
      'output_item.done 1 completed',
      'completed',
    ]);
    expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_, at) => at));
    const response = events.at(-1)!['response'] as JsonObject;
    expect(response).toMatchObject({ id: 'resp_1', status: 'completed', usage: { total_tokens: 3 }, model: 'my-model' });
    expect(events.filter((event) => event['type'] === 'response.output_item.done').map((event) => event['item'])).toEqual(
      response['output'] as JsonObject[],
    );
    expect(events[0]!['response']).toMatchObject({ id: 'resp_1', status: 'in_progress', output: [] });
  });

  test('calls that are open side by side are written one after the other', () => {
    const events = encode([
      start,
      call(0, 'c1'),
      call(1, 'c2'),
      { type: 'arguments-delta', ...p(1), text: '{"b"' },
      { type: 'arguments-delta', ...p(0), text: '{"a":1}' },
      { type: 'arguments-delta', ...p(1), text: ':2}' },
      { type: 'part-end', ...p(1) },
      { type: 'part-start', ...p(2), part: { type: 'tool-call', kind: 'custom', id: 'c3', name: 'patch', arguments: '' } },
      { type: 'part-end', ...p(0) },
      { type: 'arguments-delta', ...p(2), text: '*** x' },
      { type: 'part-end', ...p(2) },
      ...end,
    ]);
    expect(brief(events).slice(2)).toEqual([
      'output_item.added 0 in_progress',
      'function_call_arguments.delta 0 {"a":1}',
      'function_call_arguments.done 0 {"a":1}',
      'output_item.done 0 completed',
      'output_item.added 1 in_progress',
      'function_call_arguments.delta 1 {"b"',
      'function_call_arguments.delta 1 :2}',
      'function_call_arguments.done 1 {"b":2}',
      'output_item.done 1 completed',
      'output_item.added 2 in_progress',
      'custom_tool_call_input.delta 2 *** x',
      'custom_tool_call_input.done 2 *** x',
      'output_item.done 2 completed',
      'completed',
    ]);
  });

  test('neighbouring texts are contents of one message; items of the provider stay apart', () => {
    const native = (id: string): JsonObject => ({ item: { type: 'message', id, phase: 'commentary' } });
    expect(
      brief(encode([start, ...text(0, 'a'), ...text(1, 'b'), ...end])).filter((line) => line.startsWith('output_item.done')),
    ).toHaveLength(1);
    const own = (index: number, id: string): StreamPart[] => [
      { type: 'part-start', ...p(index), part: { type: 'text', text: '', extra: { 'openai-responses': native(id) } } },
      { type: 'part-end', ...p(index) },
    ];
    const events = encode([start, ...own(0, 'msg_a'), ...own(1, 'msg_b'), ...end]);
    expect((events.at(-1)!['response'] as JsonObject)['output']).toMatchObject([
      { id: 'msg_a', phase: 'commentary' },
      { id: 'msg_b', phase: 'commentary' },
    ]);
  });

  test('annotations are told as they come', () => {
    const events = encode([
      start,
      { type: 'part-start', ...p(0), part: { type: 'text', text: '' } },
      { type: 'text-delta', ...p(0), text: 'abc' },
      { type: 'citation-delta', ...p(0), citation: { kind: 'url', url: 'u', title: 't' } },
      { type: 'citation-delta', ...p(0), citation: { kind: 'document', title: 'd' } },
      { type: 'part-end', ...p(0) },
      ...end,
    ]);
    const annotation = { type: 'url_citation', url: 'u', title: 't', start_index: 0, end_index: 3 };
    expect(events.filter((event) => event['type'] === 'response.output_text.annotation.added')).toMatchObject([
      { annotation_index: 0, annotation },
    ]);
  });

  test('FP-17: a signature that comes after its call, or on a text, gets an item of its own', () => {
    const events = encode([
      start,
      call(0, 'c1'),
      { type: 'signature-delta', ...p(0), signature: { origin: 'google', value: 'L' } },
      { type: 'part-end', ...p(0) },
      { type: 'part-start', ...p(1), part: { type: 'text', text: '' } },
      { type: 'text-delta', ...p(1), text: 'x' },
      { type: 'signature-delta', ...p(1), signature: { origin: 'google', value: 'T' } },
      { type: 'part-end', ...p(1) },
      ...end,
    ]);
    const output = (events.at(-1)!['response'] as JsonObject)['output'] as JsonObject[];
    expect(output.map(({ type }) => type)).toEqual(['function_call', 'reasoning', 'message', 'reasoning']);
    expect(readRequest({ model: 'm', input: output }).messages[0]!.content).toMatchObject([
      { type: 'tool-call', id: 'c1', signature: { origin: 'google', value: 'L' } },
      { type: 'text', text: 'x', signature: { origin: 'google', value: 'T' } },
    ]);
  });

  test('the limit: the last event says so, and the message', () => {
    const events = encode([start, ...text(0, 'a'), { type: 'finish', candidate: 0, reason: 'length' }, { type: 'end' }]);
    expect(events.at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output: [{ status: 'incomplete' }] },
    });
  });

  test('FP-30: an error is an `error` event and a failed response, and nothing after it', () => {
    const error = new SluiceError('context_window_exceeded', 'Too long.');
    const events = encode([start, ...text(0, 'a'), { type: 'error', error }, ...end]);
    expect(events.slice(-2)).toMatchObject([
      {
        type: 'error',
        code: 'context_length_exceeded',
        message: 'Too long.',
        param: null,
        error: { message: 'Too long.' },
        sequence_number: 7,
      },
      {
        type: 'response.failed',
        response: { id: 'resp_1', status: 'failed', error: { code: 'context_length_exceeded', message: 'Too long.' } },
      },
    ]);
  });

  test('a second candidate has no place here', () => {
    const parts = text(0, 'b').map((part) => ({ ...part, candidate: 1 }) as StreamPart);
    expect(brief(encode([start, ...parts, { type: 'finish', candidate: 1, reason: 'length' }, ...end]))).toEqual([
      'created',
      'in_progress',
      'completed',
    ]);
  });

  test("the request's parameters are in the first events and the last", () => {
    const events = encode([start, ...end], { instructions: 'Be kind.', temperature: 0 });
    for (const event of events)
      expect(event['response']).toMatchObject({ instructions: 'Be kind.', temperature: 0, tools: [], tool_choice: 'auto' });
  });
});
