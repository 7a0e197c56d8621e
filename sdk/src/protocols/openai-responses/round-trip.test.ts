import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createSseParser, formatSse } from '../../lib/sse.ts';
import type { ChatResult, FromResultContext, JsonObject, Part, Signature, StreamPart } from '../../types/index.ts';
import { createCollector, explode } from '../shared/collect.ts';
import { toWire } from './answer.ts';
import { fromWire as readRequest } from './request-from-wire.ts';
import { fromWire } from './response-from-wire.ts';
import { createDecoder } from './stream-decoder.ts';
import { createEncoder } from './stream-encoder.ts';

const words = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
const signature = (...origins: string[]): fc.Arbitrary<Signature> =>
  fc.record({ origin: fc.constantFrom(...origins), value: fc.base64String({ minLength: 4 }) });

/** Texts in pieces, as streams bring them. */
interface Piece {
  part: Part;
  deltas: string[];
  signature?: Signature;
}

const text = fc.record({ part: fc.constant<Part>({ type: 'text', text: '' }), deltas: fc.array(words, { minLength: 1, maxLength: 4 }) });
const refusal = fc.record({
  part: fc.constant<Part>({ type: 'refusal', text: '' }),
  deltas: fc.array(words, { minLength: 1, maxLength: 3 }),
});
const thinking = fc.record({
  part: fc.constant<Part>({ type: 'thinking', text: '' }),
  deltas: fc.array(words, { maxLength: 4 }),
  signature: signature('openai', 'anthropic', 'google'),
});
const call = (kind: 'function' | 'custom') =>
  fc.record({
    part: fc.record({
      type: fc.constant('tool-call' as const),
      kind: fc.constant(kind),
      id: fc.uuid(),
      name: fc.stringMatching(/^[a-z]{3,10}$/),
      arguments: fc.constant(''),
    }),
    deltas: fc.array(words, { minLength: 1, maxLength: 4 }),
  });
const pieces: fc.Arbitrary<Piece[]> = fc.array(fc.oneof(text, refusal, thinking, call('function'), call('custom')), {
  minLength: 1,
  maxLength: 6,
});

const deltaOf = (part: Part, at: { candidate: number; index: number }, delta: string): StreamPart =>
  part.type === 'thinking'
    ? { type: 'thinking-delta', ...at, text: delta }
    : part.type === 'tool-call'
      ? { type: 'arguments-delta', ...at, text: delta }
      : { type: 'text-delta', ...at, text: delta };

/** A well-formed stream in which parts that overlap are mixed as `choose` says. */
const streamOf = (list: Piece[], choose: (below: number) => number): StreamPart[] => {
  const queues = list.map(({ part, deltas, signature: sign }, index): StreamPart[] => {
    const at = { candidate: 0, index };
    return [
      { type: 'part-start', ...at, part },
      ...deltas.map((delta) => deltaOf(part, at, delta)),
      ...(sign ? [{ type: 'signature-delta' as const, ...at, signature: sign }] : []),
      { type: 'part-end', ...at },
    ];
  });
  const parts: StreamPart[] = [{ type: 'start', id: 'x', model: 'm' }];
  let begun = 0;
  while (queues.some((queue) => queue.length > 0)) {
    const open = queues.slice(0, begun).filter((queue) => queue.length > 0);
    const pick = choose(open.length + (begun < queues.length ? 1 : 0));
    const queue = open[pick] ?? queues[begun++]!;
    parts.push(queue.shift()!);
  }
  return [
    ...parts,
    { type: 'finish', candidate: 0, reason: 'stop' },
    { type: 'usage', usage: { inputTokens: 3, outputTokens: 4 } },
    { type: 'end' },
  ];
};

const context = (): FromResultContext => {
  let ids = 0;
  return { model: 'm', request: readRequest({ model: 'm', input: 'x' }), newId: (prefix) => `${prefix}${++ids}`, now: () => 0 };
};

const collect = (parts: StreamPart[]): ChatResult => {
  const collector = createCollector();
  for (const part of parts) collector.push(part);
  return collector.result();
};

const encode = (parts: StreamPart[]): string => {
  const encoder = createEncoder(context());
  return parts
    .flatMap((part) => encoder.push(part))
    .map(formatSse)
    .join('');
};

const decode = (stream: string, cuts: number[]): StreamPart[] => {
  const bytes = new TextEncoder().encode(stream);
  const parts: StreamPart[] = [];
  const decoder = createDecoder();
  const parser = createSseParser((event) => decoder.push(event, (part) => void parts.push(part)));
  const places = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b);
  let from = 0;
  for (const place of [...places, bytes.length]) {
    parser.push(bytes.subarray(from, place));
    from = place;
  }
  parser.close();
  decoder.close((part) => void parts.push(part));
  return parts;
};

/** What a client of this format can give back: what is opaque to it is sealed, ids of items are its own. */
const told = (content: Part[]): unknown[] =>
  content.map((part) => {
    if (part.type === 'thinking') return { type: part.type, text: part.text };
    if (part.type === 'tool-call') return { type: part.type, kind: part.kind, id: part.id, name: part.name, arguments: part.arguments };
    return { type: part.type, text: (part as { text?: string }).text };
  });

describe('round trips', () => {
  test('FP-19: parts -> events -> bytes, cut anywhere -> events -> parts', () => {
    fc.assert(
      fc.property(pieces, fc.infiniteStream(fc.nat()), fc.array(fc.nat(), { maxLength: 30 }), (list, choices, cuts) => {
        const parts = streamOf(list, (below) => (choices.next().value as number) % below);
        const before = collect(parts);
        const after = collect(decode(encode(parts), cuts));
        expect(told(after.candidates[0]!.content)).toEqual(told(before.candidates[0]!.content));
        expect(after.usage).toMatchObject({ inputTokens: 3, outputTokens: 4 });
      }),
      { numRuns: 150 },
    );
  });

  test('an event is numbered, and each item is added, filled and done before the next', () => {
    fc.assert(
      fc.property(pieces, fc.infiniteStream(fc.nat()), (list, choices) => {
        const stream = encode(streamOf(list, (below) => (choices.next().value as number) % below));
        const events = [...stream.matchAll(/^data: (.*)$/gm)].map((match) => JSON.parse(match[1]!) as JsonObject);
        let open: string | undefined;
        let next = 0;
        events.forEach((event, at) => {
          expect(event['sequence_number']).toBe(at);
          if (event['type'] === 'response.output_item.added') {
            expect([open, event['output_index']]).toEqual([undefined, next++]);
            open = String((event['item'] as JsonObject)['id']);
          } else if (event['item_id'] !== undefined) {
            expect(String(event['item_id'])).toBe(String(open));
          } else if (event['type'] === 'response.output_item.done') {
            expect(String((event['item'] as JsonObject)['id'])).toBe(String(open));
            open = undefined;
          }
        });
        const output = (events.at(-1)!['response'] as JsonObject)['output'] as JsonObject[];
        expect(output).toEqual(
          events.filter((event) => event['type'] === 'response.output_item.done').map((event) => event['item'] as JsonObject),
        );
        expect(new Set(output.map(({ id }) => id)).size).toBe(output.length);
      }),
      { numRuns: 100 },
    );
  });

  test('a whole answer says what its stream says', () => {
    fc.assert(
      fc.property(pieces, (list) => {
        const result = collect(streamOf(list, (below) => below - 1));
        const parts: StreamPart[] = [];
        explode(result, (part) => parts.push(part));
        const whole = JSON.parse(JSON.stringify(toWire(result, context()))) as JsonObject;
        const last = JSON.parse(encode(parts).trimEnd().split('\n').at(-1)!.slice(6)) as { response: JsonObject };
        const ids = (value: unknown) => JSON.stringify(value).replaceAll(/"(?:id|encrypted_content)":"[^"]*"/g, '""');
        expect(ids(whole)).toEqual(ids(last.response));
        expect(told(fromWire(whole).candidates[0]!.content)).toEqual(told(result.candidates[0]!.content));
      }),
      { numRuns: 100 },
    );
  });

  test('FP-16: an answer that a client sends back keeps every signature, in its place', () => {
    const signs = (content: Part[]) => content.map((part) => ('signature' in part ? part.signature : undefined));
    fc.assert(
      fc.property(pieces, (list) => {
        const result = collect(streamOf(list, (below) => below - 1));
        const { output } = toWire(result, context());
        const { messages } = readRequest({ model: 'm', input: output });
        expect(messages).toHaveLength(1);
        expect(told(messages[0]!.content)).toEqual(told(result.candidates[0]!.content));
        expect(signs(messages[0]!.content)).toEqual(signs(result.candidates[0]!.content));
      }),
      { numRuns: 150 },
    );
  });

  test('any JSON in a body is read or refused, never a crash', () => {
    const member = fc.constantFrom('input', 'tools', 'tool_choice', 'text', 'reasoning', 'instructions', 'include', 'metadata', 'model');
    fc.assert(
      fc.property(fc.dictionary(member, fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<unknown>), (body) => {
        try {
          readRequest(body as JsonObject);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid_request' });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('any JSON as an event or an answer is read or told as an error, never a crash', () => {
    const types = fc.constantFrom(
      'created',
      'output_item.added',
      'output_item.done',
      'output_text.delta',
      'content_part.added',
      'reasoning_summary_text.delta',
      'function_call_arguments.delta',
      'refusal.delta',
      'output_text.annotation.added',
      'failed',
      'completed',
    );
    const members = fc.dictionary(
      fc.constantFrom('item', 'output_index', 'item_id', 'delta', 'part', 'response', 'content_index', 'annotation', 'error'),
      fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(types, members), { maxLength: 8 }), (events) => {
        const decoder = createDecoder();
        const parts: StreamPart[] = [];
        for (const [type, more] of events)
          decoder.push({ data: JSON.stringify({ ...more, type: `response.${type}` }) }, (part) => void parts.push(part));
        decoder.close((part) => void parts.push(part));
        expect(['end', 'error']).toContain(parts.at(-1)!.type);
        const starts = parts.filter(({ type }) => type === 'part-start').length;
        if (parts.at(-1)!.type === 'end') expect(parts.filter(({ type }) => type === 'part-end')).toHaveLength(starts);
        if (parts.length > 1) expect(parts.findIndex(({ type }) => type === 'start')).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
