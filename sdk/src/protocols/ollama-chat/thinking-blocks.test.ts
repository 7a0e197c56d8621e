import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { ChatResult, FromResultContext, JsonObject, Part, StreamPart, ToWireContext } from '../../types/index.ts';
import { explode } from '../shared/collect.ts';
import { sealedMark } from '../shared/seal.ts';
import { ollamaGenerate } from './generate.ts';
import { ollamaChat } from './index.ts';

const { response, stream, request } = ollamaChat;
const writing: FromResultContext = {
  model: 'm',
  request: { model: 'm', messages: [], stream: true, unknown: {} },
  newId: (prefix) => `${prefix}made`,
  now: () => 0,
};
const resultOf = (content: Part[]): ChatResult => ({ id: '', model: 'm', candidates: [{ index: 0, content, finishReason: 'stop' }] });
const whole = (content: Part[]) => response.toWire(resultOf(content), writing)['message'] as JsonObject;

/** Deltas of text and thoughts cut where `cuts` says, as a provider might have sent them. */
const cutDeltas = (parts: readonly StreamPart[], cuts: readonly number[]): StreamPart[] =>
  parts.flatMap((part, at) => {
    if (part.type !== 'text-delta' && part.type !== 'thinking-delta') return [part];
    const cut = (cuts[at % cuts.length] ?? 0) % (part.text.length + 1);
    const { newParagraph: _new, ...rest } = { newParagraph: undefined, ...part };
    return [{ ...part, text: part.text.slice(0, cut) }, { ...rest, text: part.text.slice(cut) } as StreamPart];
  });

/** As programs put a stream together: texts and calls by what they know, other members by the last that came. */
const streamed = (content: Part[], cuts: readonly number[] = [0]): JsonObject => {
  const parts: StreamPart[] = [];
  explode(resultOf(content), (part) => void parts.push(part));
  const encoder = stream.encoder(writing);
  const message: JsonObject = { role: 'assistant', content: '' };
  const calls: unknown[] = [];
  for (const part of cutDeltas(parts, cuts)) {
    for (const { data } of encoder.push(part)) {
      const { content: text, thinking, tool_calls, ...rest } = (JSON.parse(data) as { message: JsonObject }).message;
      message['content'] += String(text);
      if (thinking !== undefined) message['thinking'] = String(message['thinking'] ?? '') + String(thinking);
      if (Array.isArray(tool_calls)) calls.push(...(tool_calls as unknown[]));
      Object.assign(message, rest);
    }
  }
  return calls.length > 0 ? { ...message, tool_calls: calls } : message;
};

const read = (message: JsonObject): Part[] => request.fromWire({ model: 'm', messages: [message] }).messages[0]!.content;

const turn: Part[] = [
  { type: 'thinking', text: 'hm', signature: { origin: 'anthropic', value: 's1' } },
  { type: 'thinking', text: '', redacted: { origin: 'anthropic', value: 'r' } },
  { type: 'text', text: 'I look. ' },
  { type: 'opaque', origin: 'anthropic', value: { type: 'server_tool_use', id: 'a' } },
  { type: 'thinking', text: 'so', signature: { origin: 'anthropic', value: 's2' } },
  { type: 'text', text: 'Found.', signature: { origin: 'google', value: 'g1' } },
  { type: 'tool-call', kind: 'function', id: 'c', name: 'f', arguments: '{"a":1}', signature: { origin: 'google', value: 'g2' } },
];

describe('FP-16: what other vendors want back survives clients that send the message back', () => {
  test('whole and streamed, in its place', () => {
    expect(read(whole(turn))).toEqual(turn);
    expect(read(streamed(turn))).toEqual(turn);
  });

  test('a stream tells it once, in its last line', () => {
    const encoder = stream.encoder(writing);
    const lines: string[] = [];
    explode(resultOf(turn), (part) => void lines.push(...encoder.push(part).map(({ data }) => data)));
    const telling = lines.filter((line) => line.includes('thinking_blocks'));
    expect(telling).toEqual([lines.at(-1)!]);
    expect(JSON.parse(telling[0]!)).toMatchObject({ done: true, message: { role: 'assistant', content: '' } });
  });

  test('words alone need no blocks', () => {
    const plain: Part[] = [
      { type: 'thinking', text: 'hm' },
      { type: 'text', text: 'x' },
    ];
    expect(whole(plain)).toEqual({ role: 'assistant', content: 'x', thinking: 'hm' });
    expect(streamed(plain)).toEqual({ role: 'assistant', content: 'x', thinking: 'hm' });
  });

  test('any order is kept, however the stream was cut', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 });
    const signature = fc.record({
      origin: fc.constantFrom('anthropic', 'google', 'openai'),
      value: fc.string({ minLength: 1, maxLength: 4 }),
    });
    const piece: fc.Arbitrary<Part> = fc.oneof(
      text.map((each): Part => ({ type: 'text', text: each })),
      fc.tuple(text, signature).map(([each, value]): Part => ({ type: 'text', text: each, signature: value })),
      fc.tuple(text, signature).map(([each, value]): Part => ({ type: 'thinking', text: each, signature: value })),
      signature.map((value): Part => ({ type: 'thinking', text: '', redacted: value })),
      signature.map((value): Part => ({ type: 'opaque', origin: 'google', value: { executableCode: value } })),
    );
    // Texts without anything between them are one to this format.
    const apart = (parts: Part[]) => parts.every((part, at) => part.type !== 'text' || part.signature || parts[at + 1]?.type !== 'text');
    const cuts = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }).filter(apart), cuts, (parts, at) => {
        expect(read(whole(parts))).toEqual(parts);
        expect(read(streamed(parts, at))).toEqual(parts);
        expect(streamed(parts, at)).toEqual(whole(parts));
      }),
    );
  });

  test("where a client drops all that it does not know, as Ollama's for Python does, words and calls are left", () => {
    const { content, thinking } = whole(turn);
    const kept = { role: 'assistant', content, thinking, tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }] };
    expect(read(kept)).toEqual([
      { type: 'thinking', text: 'hmso' },
      { type: 'text', text: 'I look. Found.' },
      { type: 'tool-call', kind: 'function', id: 'call_0', name: 'f', arguments: '{"a":1}' },
    ]);
  });

  test('a prompt has no turn to send back: /api/generate has none of it', () => {
    const body = ollamaGenerate.response.toWire(resultOf(turn), writing);
    expect(JSON.stringify(body)).not.toContain('thinking_blocks');
    expect(body).toMatchObject({ response: 'I look. Found.', thinking: 'hmso' });
  });
});

describe('Ollama itself gets none of it', () => {
  const body = { model: 'm', messages: [{ role: 'user', content: 'q' }, whole(turn)] };

  test('a request with it is not passed on as it is', () => {
    expect(request.mustRewrite?.(body, {})).toBe(true);
    expect(request.mustRewrite?.({ model: 'm', messages: [{ role: 'assistant', content: 'x', thinking: 'hm' }] }, {})).toBe(false);
    expect(request.mustRewrite?.({ model: 'm' }, {})).toBe(false);
  });

  test('and what is left out has a record', () => {
    const dropped = new Set<string>();
    const context: ToWireContext = {
      model: 'm',
      provider: 'ollama',
      from: 'ollama-chat',
      traits: {},
      quirks: {},
      dropParams: false,
      drop: (what) => void dropped.add(what),
      lacks: () => undefined,
    };
    const made = JSON.stringify(request.toWire(request.fromWire(body), context).body);
    expect(made).not.toContain(sealedMark);
    expect(made).not.toContain('thinking_blocks');
    expect([...dropped]).toEqual(['anthropic:signature', 'anthropic:redacted_thinking', 'anthropic:server_tool_use', 'google:signature']);
  });
});
