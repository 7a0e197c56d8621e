import { describe, expect, test } from 'bun:test';
import type { DecodeHints, JsonObject, StreamPart } from '../../types/index.ts';
import { createCollector } from '../shared/collect.ts';
import { createDecoder } from './stream-decoder.ts';

const decode = (events: (JsonObject | string)[], hints?: DecodeHints, close = true): StreamPart[] => {
  const parts: StreamPart[] = [];
  const decoder = createDecoder(hints);
  const emit = (part: StreamPart) => void parts.push(part);
  for (const event of events) decoder.push({ data: typeof event === 'string' ? event : JSON.stringify(event) }, emit);
  if (close) decoder.close(emit);
  return parts;
};

const start = (members: JsonObject = {}): JsonObject => ({
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [],
    stop_reason: null,
    usage: { input_tokens: 9, output_tokens: 1 },
    ...members,
  },
});
const begin = (index: number, content_block: JsonObject): JsonObject => ({ type: 'content_block_start', index, content_block });
const delta = (index: number, value: JsonObject): JsonObject => ({ type: 'content_block_delta', index, delta: value });
const end = (index: number): JsonObject => ({ type: 'content_block_stop', index });
const finish = (stop_reason = 'end_turn', members: JsonObject = {}): JsonObject[] => [
  { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 7 }, ...members },
  { type: 'message_stop' },
];
const json = (index: number, partial_json: string) => delta(index, { type: 'input_json_delta', partial_json });

const collect = (parts: StreamPart[]) => {
  const collector = createCollector();
  for (const part of parts) collector.push(part);
  return collector.result();
};
const contentOf = (events: (JsonObject | string)[], hints?: DecodeHints) =>
  collect(decode([start(), ...events, ...finish('tool_use')], hints)).candidates[0]!;

test('events become parts, in order', () => {
  expect(
    decode([
      start({ usage: { input_tokens: 9, output_tokens: 1, service_tier: 'standard' } }),
      { type: 'ping' },
      begin(0, { type: 'text', text: '' }),
      delta(0, { type: 'text_delta', text: 'Hi' }),
      end(0),
      ...finish(),
    ]),
  ).toEqual([
    {
      type: 'start',
      id: 'msg_1',
      model: 'claude',
      serviceTier: 'default',
      usage: {
        inputTokens: 9,
        outputTokens: 1,
        serviceTier: 'standard',
        raw: { input_tokens: 9, output_tokens: 1, service_tier: 'standard' },
      },
    },
    { type: 'part-start', candidate: 0, index: 0, part: { type: 'text', text: '' } },
    { type: 'text-delta', candidate: 0, index: 0, text: 'Hi' },
    { type: 'part-end', candidate: 0, index: 0 },
    {
      type: 'usage',
      usage: {
        inputTokens: 9,
        outputTokens: 7,
        serviceTier: 'standard',
        raw: { input_tokens: 9, output_tokens: 7, service_tier: 'standard' },
      },
    },
    { type: 'finish', candidate: 0, reason: 'stop', rawReason: 'end_turn' },
    { type: 'end' },
  ]);
});

describe('blocks', () => {
  test('thinking with its signature in pieces, empty and signed, redacted (FP-16)', () => {
    expect(
      contentOf([
        begin(0, { type: 'thinking', thinking: '', signature: '' }),
        delta(0, { type: 'thinking_delta', thinking: 'Hm' }),
        delta(0, { type: 'signature_delta', signature: 'a' }),
        delta(0, { type: 'signature_delta', signature: 'b' }),
        end(0),
        begin(1, { type: 'thinking', thinking: '' }),
        delta(1, { type: 'signature_delta', signature: 's' }),
        end(1),
        begin(2, { type: 'redacted_thinking', data: 'R' }),
        end(2),
      ]).content,
    ).toEqual([
      { type: 'thinking', text: 'Hm', signature: { origin: 'anthropic', value: 'ab' } },
      { type: 'thinking', text: '', signature: { origin: 'anthropic', value: 's' } },
      { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'R' } },
    ]);
  });

  test('arguments as they come, and `{}` for none (FP-19)', () => {
    expect(
      contentOf([
        begin(0, { type: 'tool_use', id: 'a', name: 'f', input: {} }),
        json(0, ''),
        json(0, '{"a'),
        json(0, '":1}'),
        end(0),
        begin(1, { type: 'tool_use', id: 'b', name: 'g', input: {} }),
        json(1, ''),
        end(1),
      ]).content,
    ).toEqual([
      { type: 'tool-call', kind: 'function', id: 'a', name: 'f', arguments: '{"a":1}' },
      { type: 'tool-call', kind: 'function', id: 'b', name: 'g', arguments: '{}' },
    ]);
  });

  test('forced JSON is text as it streams; a value in it and free text once they are whole', () => {
    const events = [begin(0, { type: 'tool_use', id: 'a', name: 'json_tool_call', input: {} }), json(0, '{"a":'), json(0, '1}'), end(0)];
    const parts = decode([start(), ...events, ...finish('tool_use')], { jsonToolName: 'json_tool_call' });
    expect(parts.filter(({ type }) => type === 'text-delta')).toHaveLength(2);
    expect(collect(parts).candidates[0]).toMatchObject({ content: [{ type: 'text', text: '{"a":1}' }], finishReason: 'stop' });

    const value = [
      begin(0, { type: 'tool_use', id: 'a', name: 'json_tool_call_value', input: {} }),
      json(0, '{"value":['),
      json(0, '1]}'),
      end(0),
    ];
    expect(contentOf(value, { jsonToolName: 'json_tool_call_value' }).content).toEqual([{ type: 'text', text: '[1]' }]);

    const custom = [begin(0, { type: 'tool_use', id: 'a', name: 'p_1', input: {} }), json(0, '{"input":"l'), json(0, 's\\n"}'), end(0)];
    expect(contentOf(custom, { toolNames: { p_1: 'p.long' }, customTools: ['p.long'] }).content).toEqual([
      { type: 'tool-call', kind: 'custom', id: 'a', name: 'p.long', arguments: 'ls\n' },
    ]);
  });

  test('blocks of Anthropic’s own tools come whole, their input put together', () => {
    const result = {
      type: 'web_search_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: [{ type: 'web_search_result', url: 'https://a' }],
    };
    expect(
      contentOf([
        begin(0, { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }),
        json(0, '{"query":'),
        json(0, '"q"}'),
        end(0),
        begin(1, result),
        end(1),
        begin(2, { type: 'compaction', content: null }),
        delta(2, { type: 'compaction_delta', content: 'So ' }),
        delta(2, { type: 'compaction_delta', content: 'far', encrypted_content: null }),
        end(2),
        // Seen without the first brace.
        begin(3, { type: 'server_tool_use', id: 'srvtoolu_2', name: 'bash_code_execution', input: {} }),
        json(3, '"command":"ls"}'),
        end(3),
        begin(4, { type: 'fallback', from: { model: 'a' }, to: { model: 'b' } }),
        end(4),
      ]).content.map((part) => (part as { value?: JsonObject }).value),
    ).toEqual([
      { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'q' } },
      result,
      { type: 'compaction', content: 'So far' },
      { type: 'server_tool_use', id: 'srvtoolu_2', name: 'bash_code_execution', input: { command: 'ls' } },
      { type: 'fallback', from: { model: 'a' }, to: { model: 'b' } },
    ]);
  });

  test('citations come with the range that they are about', () => {
    const citation = { type: 'char_location', cited_text: 'c', document_index: 0, document_title: 'D' };
    expect(
      contentOf([
        begin(0, { type: 'text', text: '' }),
        delta(0, { type: 'text_delta', text: 'abc' }),
        end(0),
        begin(1, { type: 'text', text: '', citations: [] }),
        delta(1, { type: 'citations_delta', citation }),
        delta(1, { type: 'text_delta', text: 'de' }),
        end(1),
      ]).content[1],
    ).toMatchObject({
      text: 'de',
      citations: [{ kind: 'document', startIndex: 3, endIndex: 5, raw: { origin: 'anthropic', value: citation } }],
    });
  });

  test('content that the start already has', () => {
    const block = { type: 'tool_use', id: 'a', name: 'f', input: { id: 1 } };
    const parts = decode([start({ content: [{ type: 'text', text: 'So' }, block], stop_reason: 'tool_use' }), { type: 'message_stop' }]);
    expect(collect(parts).candidates[0]).toMatchObject({
      content: [
        { type: 'text', text: 'So' },
        { type: 'tool-call', id: 'a', arguments: '{"id":1}' },
      ],
      finishReason: 'tool-calls',
    });
  });
});

test('facts known at the end', () => {
  const parts = decode([
    start({ container: null }),
    ...finish('refusal', {
      delta: { stop_reason: 'refusal', stop_details: { type: 'refusal', category: 'bio' } },
      context_management: { applied_edits: [] },
    }),
  ]);
  expect(collect(parts)).toMatchObject({
    candidates: [{ finishReason: 'refusal' }],
    extra: { 'anthropic-messages': { stop_details: { type: 'refusal', category: 'bio' }, context_management: { applied_edits: [] } } },
  });
});

describe('odd streams', () => {
  const last = (events: (JsonObject | string)[]) => decode(events).at(-1);

  test('an error event ends it, with its kind', () =>
    expect(last([start(), { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, ...finish()])).toMatchObject({
      type: 'error',
      error: { code: 'overloaded', message: 'Overloaded' },
    }));

  test('an error before anything still has a start', () =>
    expect(decode([{ type: 'error', error: { type: 'api_error', message: 'x' } }]).map(({ type }) => type)).toEqual(['start', 'error']));

  test('a connection that closes before the end mark is no clean end (FP-30)', () => {
    expect(last([start(), begin(0, { type: 'text', text: '' })])).toMatchObject({ type: 'error', error: { code: 'stream_interrupted' } });
    expect(last([start(), finish()[0]!])).toMatchObject({ type: 'error', error: { code: 'stream_interrupted' } });
    expect(last([])).toMatchObject({ type: 'error', error: { code: 'stream_interrupted' } });
  });

  test('an event that is not JSON', () =>
    expect(last([start(), '<html>'])).toMatchObject({ type: 'error', error: { code: 'invalid_response' } }));

  test('unknown events, unknown deltas, deltas of no block, a second start and what comes after the end are passed over', () => {
    const plain = decode([start(), begin(0, { type: 'text', text: '' }), delta(0, { type: 'text_delta', text: 'a' }), end(0), ...finish()]);
    const odd = decode([
      start(),
      { type: 'of_tomorrow' },
      begin(0, { type: 'text', text: '' }),
      delta(0, { type: 'of_tomorrow', text: 'x' }),
      delta(5, { type: 'text_delta', text: 'x' }),
      delta(0, { type: 'text_delta', text: 'a' }),
      start({ id: 'msg_2' }),
      end(0),
      end(0),
      ...finish(),
      '[DONE]',
      begin(1, { type: 'text', text: 'late' }),
    ]);
    expect(odd).toEqual(plain);
  });

  test('a block that is not closed is closed at the end, and one that begins without a start begins the answer', () => {
    const parts = decode([begin(0, { type: 'text', text: 'a' }), { type: 'message_stop' }]);
    expect(parts.map(({ type }) => type)).toEqual(['start', 'part-start', 'text-delta', 'part-end', 'finish', 'end']);
  });
});
