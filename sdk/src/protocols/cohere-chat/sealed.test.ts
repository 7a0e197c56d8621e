import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import type { ChatResult, FromResultContext, JsonObject, Part, StreamPart, ToWireContext } from '../../types/index.ts';
import { explode } from '../shared/collect.ts';
import { sealedMark } from '../shared/seal.ts';
import { cohereChat } from './index.ts';
import { foldEvents } from './whole.ts';

const { response, stream, request } = cohereChat;
const writing: FromResultContext = {
  model: 'm',
  request: { model: 'm', messages: [], stream: true, unknown: {} },
  newId: (prefix) => `${prefix}made`,
  now: () => 0,
};
const resultOf = (content: Part[]): ChatResult => ({ id: 'a', model: 'm', candidates: [{ index: 0, content, finishReason: 'stop' }] });
const whole = (content: Part[]) => response.toWire(resultOf(content), writing)['message'] as JsonObject;

/** A stream whose deltas were cut where `cuts` says, put together as programs do. */
const streamed = (content: Part[], cuts: readonly number[]): JsonObject => {
  const encoder = stream.encoder(writing);
  const events: JsonObject[] = [];
  const push = (part: StreamPart) => {
    for (const { data } of encoder.push(part)) if (data !== '[DONE]') events.push(JSON.parse(data) as JsonObject);
  };
  let at = 0;
  explode(resultOf(content), (part) => {
    if (part.type !== 'text-delta' && part.type !== 'thinking-delta') return push(part);
    const cut = (cuts[at++ % cuts.length] ?? 0) % (part.text.length + 1);
    push({ ...part, text: part.text.slice(0, cut) });
    push({ ...part, text: part.text.slice(cut) });
  });
  return foldEvents(events)['message'] as JsonObject;
};
const read = (message: JsonObject): Part[] => request.fromWire({ model: 'm', messages: [message] }).messages[0]!.content;

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 });
const signature = fc.record({ origin: fc.constantFrom('anthropic', 'google', 'openai'), value: fc.string({ minLength: 1, maxLength: 4 }) });
const piece: fc.Arbitrary<Part> = fc.oneof(
  text.map((each): Part => ({ type: 'text', text: each })),
  fc.tuple(text, signature).map(([each, value]): Part => ({ type: 'text', text: each, signature: value })),
  fc.tuple(text, signature).map(([each, value]): Part => ({ type: 'thinking', text: each, signature: value })),
  text.map((each): Part => ({ type: 'thinking', text: each })),
  signature.map((value): Part => ({ type: 'thinking', text: '', redacted: value })),
  signature.map((value): Part => ({ type: 'opaque', origin: 'google', value: { executableCode: value } })),
);

describe('FP-16: what other vendors want back survives clients that send the message back', () => {
  test('any order is kept, whole and however a stream was cut', () => {
    // Texts that follow one another are one block, up to a signature.
    const apart = (parts: Part[]) => parts.every((part, at) => part.type !== 'text' || parts[at + 1]?.type !== 'text' || part.signature);
    const cuts = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }).filter(apart), cuts, (parts, at) => {
        expect(read(whole(parts))).toEqual(parts);
        expect(streamed(parts, at)).toEqual(whole(parts));
      }),
    );
  });

  test('a plan stays a plan beside it, and so do calls with their signatures', () => {
    const content: Part[] = [
      {
        type: 'thinking',
        text: 'I will look.',
        signature: { origin: 'cohere', value: 'tool_plan' },
        extra: { 'cohere-chat': { tool_plan: true } },
      },
      { type: 'opaque', origin: 'anthropic', value: { type: 'server_tool_use', id: 'a' } },
      { type: 'tool-call', kind: 'function', id: 'c', name: 'f', arguments: '{}', signature: { origin: 'google', value: 'g' } },
    ];
    expect(whole(content)['tool_plan']).toBe('I will look.');
    expect(read(whole(content))).toEqual(content);
  });

  test('Cohere itself gets none of it, with a record', () => {
    const dropped = new Set<string>();
    const context: ToWireContext = {
      model: 'm',
      provider: 'cohere',
      from: 'cohere-chat',
      traits: {},
      quirks: {},
      dropParams: false,
      drop: (what) => void dropped.add(what),
      lacks: () => undefined,
    };
    const message = whole([
      { type: 'thinking', text: 'hm', signature: { origin: 'anthropic', value: 's' } },
      { type: 'opaque', origin: 'anthropic', value: { type: 'server_tool_use', id: 'a' } },
      { type: 'text', text: 'x', signature: { origin: 'google', value: 'g' } },
    ]);
    const made = request.toWire(request.fromWire({ model: 'm', messages: [message] }), context).body;
    expect(JSON.stringify(made)).not.toContain(sealedMark);
    expect(made['messages']).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm' },
          { type: 'text', text: 'x' },
        ],
      },
    ]);
    expect([...dropped]).toEqual(['anthropic:thinking signature', 'anthropic:server_tool_use', 'google:thought signature']);
  });
});
