import { describe, expect, test } from 'bun:test';
import type { JsonObject, StreamPart } from '../../types/index.ts';
import { createCollector } from '../shared/collect.ts';
import { createDecoder } from './stream-decoder.ts';

const decode = (events: (JsonObject | string)[], close = true): StreamPart[] => {
  const parts: StreamPart[] = [];
  const decoder = createDecoder();
  for (const event of events)
    decoder.push({ data: typeof event === 'string' ? event : JSON.stringify(event) }, (part) => void parts.push(part));
  if (close) decoder.close((part) => void parts.push(part));
  return parts;
};

const collect = (events: JsonObject[]) => {
  const collector = createCollector();
  for (const part of decode(events)) collector.push(part);
  return collector.result();
};

const created = { type: 'response.created', response: { id: 'resp_1', model: 'gpt-5.4', created_at: 5, output: [] } };
const completed = (more: JsonObject = {}) => ({
  type: 'response.completed',
  response: { id: 'resp_1', status: 'completed', output: [], ...more },
});
const at = (output_index: number, item_id: string) => ({ output_index, item_id });

describe('a stream is read', () => {
  test('OpenAI: reasoning summary, text, a call', () => {
    const parts = decode([
      created,
      { type: 'response.in_progress', response: created.response },
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { id: 'rs_1', type: 'reasoning', summary: [], encrypted_content: 'early' },
      },
      { type: 'response.reasoning_summary_part.added', ...at(0, 'rs_1'), summary_index: 0, part: { type: 'summary_text', text: '' } },
      { type: 'response.reasoning_summary_text.delta', ...at(0, 'rs_1'), summary_index: 0, delta: 'a' },
      { type: 'response.reasoning_summary_text.done', ...at(0, 'rs_1'), summary_index: 0, text: 'a' },
      { type: 'response.reasoning_summary_text.delta', ...at(0, 'rs_1'), summary_index: 1, delta: 'b' },
      {
        type: 'response.output_item.done',
        output_index: 0,
        item: { id: 'rs_1', type: 'reasoning', summary: [{ text: 'a' }, { text: 'b' }], encrypted_content: 'gAAA' },
      },
      { type: 'response.output_item.added', output_index: 1, item: { id: 'msg_1', type: 'message', phase: 'final_answer', content: [] } },
      { type: 'response.content_part.added', ...at(1, 'msg_1'), content_index: 0, part: { type: 'output_text', text: '' } },
      { type: 'response.output_text.delta', ...at(1, 'msg_1'), content_index: 0, delta: 'h', logprobs: [{ token: 'h', logprob: -1 }] },
      { type: 'response.output_text.delta', ...at(1, 'msg_1'), content_index: 0, delta: 'i', logprobs: [] },
      {
        type: 'response.output_text.annotation.added',
        ...at(1, 'msg_1'),
        content_index: 0,
        annotation_index: 0,
        annotation: { type: 'url_citation', url: 'u', title: 't', start_index: 0, end_index: 1 },
      },
      { type: 'response.output_text.done', ...at(1, 'msg_1'), content_index: 0, text: 'hi' },
      {
        type: 'response.output_item.done',
        output_index: 1,
        item: {
          id: 'msg_1',
          type: 'message',
          content: [{ type: 'output_text', text: 'hi', annotations: [{ type: 'url_citation', url: 'u' }] }],
        },
      },
      {
        type: 'response.output_item.added',
        output_index: 2,
        item: { id: 'fc_1', type: 'function_call', call_id: 'c', name: 'f', arguments: '' },
      },
      { type: 'response.function_call_arguments.delta', ...at(2, 'fc_1'), delta: '{"x"' },
      { type: 'response.function_call_arguments.delta', ...at(2, 'fc_1'), delta: ':1}' },
      { type: 'response.function_call_arguments.done', ...at(2, 'fc_1'), arguments: '{"x":1}' },
      {
        type: 'response.output_item.done',
        output_index: 2,
        item: { id: 'fc_1', type: 'function_call', call_id: 'c', name: 'f', arguments: '{"x":1}' },
      },
      completed({ usage: { input_tokens: 3, output_tokens: 4, total_tokens: 7 } }),
      { type: 'response.output_text.delta', ...at(1, 'msg_1'), delta: 'after the end' },
    ]);
    const native = { 'openai-responses': { item: { type: 'message', id: 'msg_1', phase: 'final_answer' } } };
    expect(parts).toMatchObject([
      { type: 'start', id: 'resp_1', model: 'gpt-5.4', createdAt: 5 },
      { type: 'part-start', index: 0, part: { type: 'thinking', text: '', id: 'rs_1' } },
      { type: 'thinking-delta', index: 0, text: 'a' },
      { type: 'thinking-delta', index: 0, text: '', newParagraph: true },
      { type: 'thinking-delta', index: 0, text: 'b' },
      { type: 'signature-delta', index: 0, signature: { origin: 'openai', value: 'gAAA' } },
      { type: 'part-end', index: 0 },
      { type: 'part-start', index: 1, part: { type: 'text', text: '', extra: native } },
      { type: 'text-delta', index: 1, text: 'h', logprobs: { content: [{ token: 'h' }] } },
      { type: 'text-delta', index: 1, text: 'i' },
      { type: 'citation-delta', index: 1, citation: { kind: 'url', url: 'u' } },
      { type: 'part-end', index: 1 },
      { type: 'part-start', index: 2, part: { type: 'tool-call', kind: 'function', id: 'c', name: 'f', arguments: '', itemId: 'fc_1' } },
      { type: 'arguments-delta', index: 2, text: '{"x"' },
      { type: 'arguments-delta', index: 2, text: ':1}' },
      { type: 'part-end', index: 2 },
      { type: 'usage', usage: { inputTokens: 3, outputTokens: 4 } },
      { type: 'finish', candidate: 0, reason: 'tool-calls' },
      { type: 'end' },
    ]);
    expect(parts).toHaveLength(19);
  });

  test('Bedrock: raw thoughts, and content indexes that are not places', () => {
    const { candidates } = collect([
      created,
      { type: 'response.output_item.added', output_index: 0, item: { id: 'msg_a', type: 'reasoning', summary: [] } },
      { type: 'response.reasoning_part.added', ...at(0, 'msg_a'), content_index: 0, part: { type: 'reasoning_text', text: '' } },
      { type: 'response.reasoning_text.delta', ...at(0, 'msg_a'), content_index: 0, delta: 'hm' },
      { type: 'response.reasoning_text.done', ...at(0, 'msg_a'), content_index: 0, text: 'hm' },
      {
        type: 'response.output_item.done',
        output_index: 0,
        item: { id: 'msg_a', type: 'reasoning', content: [{ type: 'reasoning_text', text: 'hm' }] },
      },
      { type: 'response.output_item.added', output_index: 1, item: { id: 'msg_b', type: 'message', content: [] } },
      { type: 'response.output_text.delta', ...at(1, 'msg_b'), content_index: 1, delta: 'hi' },
      {
        type: 'response.output_item.done',
        output_index: 1,
        item: { id: 'msg_b', type: 'message', content: [{ type: 'output_text', text: 'hi' }] },
      },
      completed(),
    ]);
    expect(candidates[0]!.content).toMatchObject([
      { type: 'thinking', text: 'hm' },
      { type: 'text', text: 'hi' },
    ]);
    expect(candidates[0]!.content).toHaveLength(2);
  });

  test('vendors that leave events out: what is missing comes from the done item or the last event', () => {
    const call = { id: 'fc_1', type: 'function_call', call_id: 'c', name: 'f', arguments: '{"a":1}' };
    const message = {
      id: 'msg_1',
      type: 'message',
      content: [
        { type: 'output_text', text: 'whole' },
        { type: 'refusal', refusal: 'no' },
      ],
    };
    for (const events of [
      [
        { type: 'response.output_item.done', output_index: 0, item: call },
        { type: 'response.output_item.done', output_index: 1, item: message },
        completed(),
      ],
      [completed({ output: [call, message] })],
      [{ type: 'response.output_item.added', output_index: 0, item: { ...call, arguments: '' } }, completed({ output: [call, message] })],
      [
        { type: 'response.output_item.added', item: call },
        { type: 'response.output_item.done', item: call },
        completed({ output: [call, message] }),
      ],
    ]) {
      const { candidates } = collect([created, ...events]);
      expect(candidates[0]).toMatchObject({
        finishReason: 'tool-calls',
        content: [
          { type: 'tool-call', id: 'c', arguments: '{"a":1}' },
          { type: 'text', text: 'whole' },
          { type: 'refusal', text: 'no' },
        ],
      });
      expect(candidates[0]!.content).toHaveLength(3);
    }
  });

  test('no event before the parts, no place in them', () => {
    const { candidates } = collect([
      { type: 'response.output_text.delta', delta: 'a' },
      { type: 'response.output_text.delta', delta: 'b' },
      completed(),
    ]);
    expect(candidates[0]!.content).toMatchObject([{ type: 'text', text: 'ab' }]);
  });

  test('a custom call and blocks of this family', () => {
    const { candidates } = collect([
      created,
      { type: 'response.output_item.added', output_index: 0, item: { id: 'ws_1', type: 'web_search_call', status: 'in_progress' } },
      { type: 'response.web_search_call.searching', ...at(0, 'ws_1') },
      {
        type: 'response.output_item.done',
        output_index: 0,
        item: { id: 'ws_1', type: 'web_search_call', status: 'completed', action: { query: 'q' } },
      },
      {
        type: 'response.output_item.added',
        output_index: 1,
        item: { id: 'ctc_1', type: 'custom_tool_call', call_id: 'c', name: 'patch', input: '' },
      },
      { type: 'response.custom_tool_call_input.delta', ...at(1, 'ctc_1'), delta: '*** ' },
      { type: 'response.custom_tool_call_input.done', ...at(1, 'ctc_1'), input: '*** x' },
      completed(),
    ]);
    expect(candidates[0]!.content).toMatchObject([
      { type: 'opaque', origin: 'openai', value: { status: 'completed', action: { query: 'q' } } },
      { type: 'tool-call', kind: 'custom', arguments: '*** x' },
    ]);
  });

  test('a stream cut short by the limit', () => {
    const parts = decode([
      created,
      { type: 'response.incomplete', response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } } },
    ]);
    expect(parts.slice(1)).toMatchObject([{ type: 'finish', reason: 'length', rawReason: 'max_output_tokens' }, { type: 'end' }]);
  });

  test.each([
    [{ type: 'error', code: 'rate_limit_exceeded', message: 'Slow.', param: null, sequence_number: 2 }, 'rate_limited', 'Slow.'],
    [{ type: 'error', error: { type: 'insufficient_quota', code: 'insufficient_quota', message: 'Pay.' } }, 'rate_limited', 'Pay.'],
    [
      { type: 'error', error: { type: 'invalid_request_error', code: 'context_length_exceeded', message: 'Long.' } },
      'context_window_exceeded',
      'Long.',
    ],
    [{ type: 'response.failed', response: { status: 'failed', error: { code: 'server_error', message: 'Oops.' } } }, 'internal', 'Oops.'],
    [{ type: 'error', message: 'Who knows.' }, 'internal', 'Who knows.'],
  ] as const)('FP-30: an error inside the stream ends it: %j', (event, code, message) => {
    const parts = decode([created, event, completed()]);
    expect(parts.slice(1)).toMatchObject([{ type: 'error', error: { code, message } }]);
    expect(parts).toHaveLength(2);
  });

  test('a stream without its end is interrupted; bytes that are no JSON are told', () => {
    expect(decode([created]).at(-1)).toMatchObject({ type: 'error', error: { code: 'stream_interrupted' } });
    expect(decode([created, '[DONE]']).at(-1)).toMatchObject({ type: 'error', error: { code: 'stream_interrupted' } });
    expect(decode([created, '{"type":'], false).at(-1)).toMatchObject({ type: 'error', error: { code: 'invalid_response' } });
    expect(decode([created, completed(), '[DONE]']).at(-1)).toEqual({ type: 'end' });
  });
});
