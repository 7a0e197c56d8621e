import { describe, expect, test } from 'bun:test';
import { SluiceError, type FromResultContext, type JsonObject, type Part, type StreamPart, type WireEvent } from '../../types/index.ts';
import { unsealCallId, unsealThinking } from '../shared/seal.ts';
import { fromContext, request } from './fixtures/context.ts';
import { readAsClient } from './fixtures/naive-client.ts';
import { fromWire } from './request-from-wire.ts';
import { createEncoder } from './stream-encoder.ts';

const encode = (parts: StreamPart[], context: Partial<FromResultContext> = {}) => {
  const encoder = createEncoder(fromContext(context));
  return parts.flatMap((part): WireEvent[] => [...encoder.push(part)]);
};
const bodies = (events: WireEvent[]): JsonObject[] =>
  events.map(({ event, data }) => {
    const body = JSON.parse(data) as JsonObject;
    expect(body['type']).toBe(event!);
    return body;
  });

const at = (index: number) => ({ candidate: 0, index });
const begin = (index: number, part: Part): StreamPart => ({ type: 'part-start', ...at(index), part });
const end = (index: number, patch?: JsonObject): StreamPart => ({ type: 'part-end', ...at(index), ...(patch && { patch }) });
const text = (index: number, value: string): StreamPart => ({ type: 'text-delta', ...at(index), text: value });
const think = (index: number, value: string, newParagraph?: boolean): StreamPart => ({
  type: 'thinking-delta',
  ...at(index),
  text: value,
  ...(newParagraph && { newParagraph }),
});
const args = (index: number, value: string): StreamPart => ({ type: 'arguments-delta', ...at(index), text: value });
const call = (id: string, kind: 'function' | 'custom' = 'function'): Part => ({
  type: 'tool-call',
  kind,
  id,
  name: `f_${id}`,
  arguments: '',
});
const finish: StreamPart[] = [
  { type: 'finish', candidate: 0, reason: 'stop' },
  { type: 'usage', usage: { inputTokens: 4, outputTokens: 2 } },
  { type: 'end' },
];

/** The events between the start and the end of the message. */
const blocks = (parts: StreamPart[]) => bodies(encode([{ type: 'start', id: 'x' }, ...parts, ...finish])).slice(1, -2);

test('the whole order of events', () => {
  expect(
    bodies(
      encode([{ type: 'start', id: 'chatcmpl-1', model: 'gpt' }, begin(0, { type: 'text', text: '' }), text(0, 'Hi'), end(0), ...finish]),
    ),
  ).toEqual([
    {
      type: 'message_start',
      message: {
        id: 'msg_chatcmpl-1',
        type: 'message',
        role: 'assistant',
        model: 'asked-for',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 2, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { input_tokens: 4, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 2 },
    },
    { type: 'message_stop' },
  ]);
});

describe('usage at the start (FP-90)', () => {
  const first = (part: StreamPart, context: Partial<FromResultContext> = {}) =>
    (bodies(encode([part], context))[0]!['message'] as JsonObject)['usage'];
  test('as the provider counts it', () => {
    const raw = { input_tokens: 12, cache_read_input_tokens: 3, output_tokens: 1 };
    expect(first({ type: 'start', usage: { inputTokens: 12, outputTokens: 1, raw } })).toEqual(raw);
    expect(first({ type: 'start', usage: { inputTokens: 12, outputTokens: 1 } })).toMatchObject({ input_tokens: 12 });
  });
  test('nothing of the answer is counted yet: clients add what start and end say', () => {
    const usage = first({ type: 'start', usage: { inputTokens: 12, outputTokens: 6, reasoningTokens: 3 } });
    expect(usage).toMatchObject({ input_tokens: 12, output_tokens: 0 });
    expect(usage).not.toHaveProperty('output_tokens_details');
  });
  test('estimated where it says nothing, or nothing yet', () => {
    const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'x'.repeat(400) }] }];
    expect(first({ type: 'start' }, { request: request({ messages }) })).toMatchObject({ input_tokens: 100 });
    expect(first({ type: 'start', usage: { inputTokens: 0, outputTokens: 0 } }, { request: request({ messages }) })).toMatchObject({
      input_tokens: 100,
    });
  });
});

describe('blocks come one after another', () => {
  test('parallel calls that stream side by side (FP-19)', () => {
    const events = blocks([
      begin(0, call('a')),
      begin(1, call('b')),
      args(0, '{"x"'),
      args(1, '{"y"'),
      args(0, ':1}'),
      args(1, ':2}'),
      begin(2, { type: 'text', text: '' }),
      text(2, 'done'),
      end(2),
      end(1),
      end(0),
    ]);
    expect(events.map(({ type, index }) => `${String(type)} ${String(index)}`)).toEqual([
      'content_block_start 0',
      'content_block_delta 0',
      'content_block_delta 0',
      'content_block_stop 0',
      'content_block_start 1',
      'content_block_delta 1',
      'content_block_delta 1',
      'content_block_stop 1',
      'content_block_start 2',
      'content_block_delta 2',
      'content_block_stop 2',
    ]);
    expect(
      events.filter(({ type }) => type === 'content_block_start').map(({ content_block }) => (content_block as JsonObject)['id'] ?? 'text'),
    ).toEqual(['a', 'b', 'text']);
  });

  test('numbers have no gaps where a part has nothing to show, and a second candidate is not mixed in', () => {
    const events = blocks([
      begin(0, { type: 'text', text: '' }),
      end(0),
      begin(1, { type: 'text', text: '' }),
      end(1),
      { type: 'part-start', candidate: 1, index: 0, part: { type: 'text', text: '' } },
      { type: 'text-delta', candidate: 1, index: 0, text: 'other' },
      begin(2, { type: 'text', text: '' }),
      text(2, 'a'),
      end(2),
    ]);
    expect(events.map(({ index }) => index)).toEqual([0, 0, 0]);
    expect(JSON.stringify(events)).not.toContain('other');
  });

  test('parts left open are closed at the end', () => {
    const events = blocks([begin(0, call('a')), begin(1, call('b')), args(1, '{}')]);
    expect(events.map(({ type }) => type)).toEqual([
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
    ]);
  });
});

describe('calls', () => {
  const joined = (events: JsonObject[]) =>
    events
      .filter(({ type }) => type === 'content_block_delta')
      .map(({ delta }) => (delta as JsonObject)['partial_json'])
      .join('');

  test.each([
    [[], '{}'],
    [[''], '{}'],
    [[' ', '\n'], ' \n{}'],
    [['{"a":', '"b"}'], '{"a":"b"}'],
  ])('arguments %j join to valid JSON', (pieces, json) => {
    const text = joined(blocks([begin(0, call('a')), ...pieces.map((piece) => args(0, piece)), end(0)]));
    expect(text).toBe(json);
    JSON.parse(text);
  });

  test.each([[[]], [['a "b"\n']], [['\ud83d', '\ude00 x']], [['', 'x']]])('free text %j is the one input', (pieces) => {
    const text = joined(blocks([begin(0, call('a', 'custom')), ...pieces.map((piece) => args(0, piece)), end(0)]));
    expect(JSON.parse(text)).toEqual({ input: pieces.join('') });
  });

  test('the reason is tool_use, and Gemini’s signature rides in the id (FP-17)', () => {
    const signature = { origin: 'google', value: 's' };
    const events = bodies(encode([begin(0, { ...call('a'), signature } as Part), end(0), ...finish]));
    expect(unsealCallId((events[1]!['content_block'] as JsonObject)['id'] as string)).toEqual({ id: 'a', signature });
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'tool_use' } });
  });
});

describe('thinking', () => {
  const begun: Part = { type: 'thinking', text: '' };

  test('Claude’s signature passes piece by piece', () => {
    const sign = (value: string): StreamPart => ({ type: 'signature-delta', ...at(0), signature: { origin: 'anthropic', value } });
    expect(blocks([begin(0, begun), think(0, 'Hm'), sign('a'), sign('b'), end(0)])).toEqual([
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'a' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'b' } },
      { type: 'content_block_stop', index: 0 },
    ]);
  });

  test('others’ is sealed when all of it is known, and opens to what it was (FP-16)', () => {
    const events = blocks([
      begin(0, begun),
      think(0, 'a', true),
      think(0, 'b', true),
      think(0, 'c'),
      { type: 'signature-delta', ...at(0), signature: { origin: 'openai', value: 'en' } },
      { type: 'signature-delta', ...at(0), signature: { origin: 'openai', value: 'c' } },
      end(0, { id: 'rs_1' }),
    ]);
    const deltas = events.map(({ delta }) => delta as JsonObject | undefined);
    const thoughts = deltas.map((delta) => delta?.['thinking'] ?? '').join('');
    const sealed = deltas.find((delta) => delta?.['type'] === 'signature_delta')!['signature'] as string;
    expect(thoughts).toBe('a\n\nbc');
    expect(unsealThinking(sealed, thoughts)).toEqual({
      type: 'thinking',
      text: 'a\n\nbc',
      summary: ['a', 'bc'],
      id: 'rs_1',
      signature: { origin: 'openai', value: 'enc' },
    });
  });

  test('without anything opaque, without anything at all, and redacted', () => {
    expect(blocks([begin(0, begun), think(0, 'x'), end(0)]).map(({ type }) => type)).toEqual([
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
    ]);
    expect(blocks([begin(0, begun), end(0)])).toEqual([]);
    expect(blocks([begin(0, { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'R' } }), end(0)])[0]).toMatchObject({
      content_block: { type: 'redacted_thinking', data: 'R' },
    });
  });
});

describe('other parts', () => {
  test('Anthropic’s own blocks as it sends them', () => {
    const own = (value: JsonObject): Part => ({ type: 'opaque', origin: 'anthropic', value });
    const events = blocks([
      begin(0, own({ type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'q' } })),
      end(0),
      begin(1, own({ type: 'web_search_tool_result', tool_use_id: 's', content: [] })),
      end(1),
      begin(2, own({ type: 'compaction', content: 'So far' })),
      end(2),
    ]);
    expect(events.filter(({ type }) => type !== 'content_block_stop')).toEqual([
      { type: 'content_block_start', index: 0, content_block: { type: 'server_tool_use', id: 's', name: 'web_search', input: {} } },
      { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"query":"q"}' } },
      { type: 'content_block_start', index: 1, content_block: { type: 'web_search_tool_result', tool_use_id: 's', content: [] } },
      { type: 'content_block_start', index: 2, content_block: { type: 'compaction', content: null } },
      { type: 'content_block_delta', index: 2, delta: { type: 'compaction_delta', content: 'So far' } },
    ]);
  });

  test('citations, refusals, speech and images', () => {
    const events = blocks([
      begin(0, { type: 'refusal', text: '' }),
      text(0, 'no'),
      end(0),
      begin(1, { type: 'text', text: '' }),
      text(1, 't'),
      { type: 'citation-delta', ...at(1), citation: { kind: 'url', url: 'https://a' } },
      { type: 'citation-delta', ...at(1), citation: { kind: 'document' } },
      end(1),
      begin(2, { type: 'audio' }),
      { type: 'audio-delta', ...at(2), data: 'AA', transcript: 'said' },
      end(2),
      begin(3, { type: 'image', source: { kind: 'url', url: 'https://i' } }),
      end(3),
    ]);
    expect(events.filter(({ type }) => type === 'content_block_delta').map(({ delta }) => delta)).toEqual([
      { type: 'text_delta', text: 'no' },
      { type: 'text_delta', text: 't' },
      {
        type: 'citations_delta',
        citation: { type: 'web_search_result_location', url: 'https://a', title: null, cited_text: '', encrypted_index: '' },
      },
      { type: 'text_delta', text: 'said' },
      { type: 'text_delta', text: '![image](https://i)' },
    ]);
  });
});

test('a signature of a text rides behind it, also where there is no text (FP-17)', () => {
  const sign = (index: number, value: string): StreamPart => ({
    type: 'signature-delta',
    ...at(index),
    signature: { origin: 'google', value },
  });
  const begun: Part = { type: 'text', text: '' };
  const message = readAsClient(
    encode([
      { type: 'start' },
      begin(0, begun),
      text(0, 'a'),
      sign(0, 'S'),
      sign(0, '1'),
      end(0),
      begin(1, begun),
      sign(1, 'S2'),
      end(1),
      ...finish,
    ]),
  );
  const back = fromWire({ model: 'm', messages: [{ role: 'assistant', content: message['content'] }] }).messages[0]!.content;
  expect(back).toEqual([
    { type: 'text', text: 'a', signature: { origin: 'google', value: 'S1' } },
    { type: 'text', text: '', signature: { origin: 'google', value: 'S2' } },
  ]);
});

test('facts of the end', () => {
  const events = bodies(
    encode([
      { type: 'start' },
      {
        type: 'extra',
        protocol: 'anthropic-messages',
        value: { stop_details: { type: 'refusal' }, context_management: { applied_edits: [] } },
        serviceTier: 'default',
      },
      { type: 'extra', protocol: 'openai-chat', value: { secret: 1 } },
      { type: 'finish', candidate: 0, reason: 'stop-sequence', rawReason: 'stop_sequence', stopSequence: 'END' },
      { type: 'end' },
    ]),
  );
  expect(events.at(-2)).toMatchObject({
    delta: { stop_reason: 'stop_sequence', stop_sequence: 'END', stop_details: { type: 'refusal' } },
    context_management: { applied_edits: [] },
    usage: { service_tier: 'standard' },
  });
  expect(JSON.stringify(events)).not.toContain('secret');
});

test('an error ends the stream and is no clean end (FP-30)', () => {
  const events = encode([
    { type: 'start' },
    begin(0, call('a')),
    { type: 'error', error: new SluiceError('overloaded', 'Overloaded') },
    ...finish,
  ]);
  expect(events.map(({ event }) => event)).toEqual(['message_start', 'content_block_start', 'error']);
});
