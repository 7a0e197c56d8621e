import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createSseParser } from '../../lib/sse.ts';
import { createCollector } from '../shared/collect.ts';
import { collect, decode } from './fixtures/context.ts';
import { fromWire } from './response.ts';
import { decoder, tap } from './stream.ts';

const chunk = (parts: object[], more: object = {}, top: object = {}) => ({
  candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }],
  modelVersion: 'gemini-x',
  responseId: 'r',
  ...top,
});
const done = { finishReason: 'STOP' };

describe('decoder', () => {
  test('parts, then everything final at the end', () => {
    const usageMetadata = { promptTokenCount: 2, candidatesTokenCount: 3 };
    expect(
      decode([chunk([{ text: 'a' }], {}, { usageMetadata: { promptTokenCount: 2 } }), chunk([{ text: 'b' }], done, { usageMetadata })]),
    ).toEqual([
      { type: 'start', id: 'r', model: 'gemini-x', usage: { inputTokens: 2, outputTokens: 0, raw: { promptTokenCount: 2 } } },
      { type: 'part-start', candidate: 0, index: 0, part: { type: 'text', text: '' } },
      { type: 'text-delta', candidate: 0, index: 0, text: 'a' },
      { type: 'text-delta', candidate: 0, index: 0, text: 'b' },
      { type: 'part-end', candidate: 0, index: 0 },
      { type: 'finish', candidate: 0, reason: 'stop', rawReason: 'STOP' },
      { type: 'usage', usage: { inputTokens: 2, outputTokens: 3, raw: usageMetadata } },
      { type: 'end' },
    ]);
  });

  test('a signature on an empty text belongs to the text before it (FP-17)', () => {
    expect(collect(decode([chunk([{ text: 'a' }]), chunk([{ text: '', thoughtSignature: 's' }], done)])).candidates[0]!.content).toEqual([
      { type: 'text', text: 'a', signature: { origin: 'google', value: 's' } },
    ]);
  });

  test('an answer that says STOP and goes on has one finish, after all of it', () => {
    const parts = decode([
      chunk([{ executableCode: { code: '1' } }], done, { usageMetadata: { promptTokenCount: 1 } }),
      chunk([{ codeExecutionResult: { output: '1' } }]),
      chunk([{ text: 'one' }], { finishReason: 'MAX_TOKENS' }, { usageMetadata: { promptTokenCount: 5 } }),
    ]);
    expect(parts.filter(({ type }) => type === 'finish')).toEqual([
      { type: 'finish', candidate: 0, reason: 'length', rawReason: 'MAX_TOKENS' },
    ]);
    expect(collect(parts)).toMatchObject({
      usage: { inputTokens: 5 },
      candidates: [{ content: [{ type: 'opaque' }, { type: 'opaque' }, { type: 'text', text: 'one' }] }],
    });
  });

  test('several answers at once, each with its own parts', () => {
    const at = (index: number, text: string, more: object = {}) => ({ candidates: [{ content: { parts: [{ text }] }, index, ...more }] });
    const { candidates } = collect(decode([at(0, 'a'), at(1, 'x'), at(0, 'b', done), at(1, 'y', { finishReason: 'SAFETY' })]));
    expect(candidates.map(({ content, finishReason }) => [content, finishReason])).toEqual([
      [[{ type: 'text', text: 'ab' }], 'stop'],
      [[{ type: 'text', text: 'xy' }], 'content-filter'],
    ]);
  });

  test('sources that come in pieces', () => {
    const web = (uri: string) => ({ web: { uri } });
    const parts = decode([
      chunk([{ text: 'one' }], {
        groundingMetadata: { groundingChunks: [web('a')], groundingSupports: [{ segment: { endIndex: 3 }, groundingChunkIndices: [0] }] },
      }),
      chunk([{ text: ' two' }], {
        ...done,
        groundingMetadata: {
          groundingChunks: [web('b')],
          groundingSupports: [{ segment: { startIndex: 4, endIndex: 7 }, groundingChunkIndices: [1] }],
        },
      }),
    ]);
    expect(collect(parts).candidates[0]!.content).toEqual([
      {
        type: 'text',
        text: 'one two',
        citations: [
          { kind: 'url', url: 'a', startIndex: 0, endIndex: 3 },
          { kind: 'url', url: 'b', startIndex: 4, endIndex: 7 },
        ],
      },
    ]);
    expect(collect(parts).extra).toMatchObject({
      gemini: { candidates: { 0: { groundingMetadata: { groundingChunks: [web('a'), web('b')] } } } },
    });
  });

  test('audio in pieces is one part whose base64 can be read', () => {
    const pieces = ['a', 'bcd', 'ef', 'ghij'].map((text) => ({ inlineData: { mimeType: 'audio/L16;rate=24000', data: btoa(text) } }));
    const { candidates } = collect(decode([...pieces.map((part) => chunk([part])), chunk([{ text: 'said' }], done)]));
    expect(candidates[0]!.content).toEqual([
      { type: 'audio', format: 'pcm16', source: { kind: 'base64', data: btoa('abcdefghij'), mediaType: 'audio/L16;rate=24000' } },
      { type: 'text', text: 'said' },
    ]);
    expect(
      collect(decode([chunk([{ inlineData: { mimeType: 'audio/wav', data: 'not base64!=' } }], done)])).candidates[0]!.content,
    ).toMatchObject([{ source: { data: 'not base64!=' } }]);
  });

  test.each<[string, unknown[], string]>([
    ['a cut', [chunk([{ text: 'a' }])], 'stream_interrupted'],
    ['nothing at all', [], 'stream_interrupted'],
    ['an error of the provider', [chunk([{ text: 'a' }]), { error: { code: 503, message: 'm', status: 'UNAVAILABLE' } }], 'unavailable'],
    ['an error in a list', [[{ error: { code: 429, message: 'm', status: 'RESOURCE_EXHAUSTED' } }]], 'rate_limited'],
    ['no JSON', ['{"candidates":'], 'invalid_response'],
    ['no object', ['7'], 'invalid_response'],
  ])('%s ends in an error, once', (_what, events, code) => {
    const parts = decode(events);
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code } });
    expect(parts.filter(({ type }) => type === 'error' || type === 'end')).toHaveLength(1);
  });

  test('usage of a cut stream is told, and events of unknown kinds are passed over', () => {
    expect(decode([chunk([{ text: 'a' }], {}, { usageMetadata: { promptTokenCount: 2 } })]).map(({ type }) => type)).toEqual([
      'start',
      'part-start',
      'text-delta',
      'usage',
      'error',
    ]);
    expect(decode([{ newKind: 1 }, chunk([{ text: 'a' }], done)]).at(-1)).toEqual({ type: 'end' });
  });
});

const part = fc.oneof(
  fc.record({ text: fc.string({ unit: 'binary', minLength: 1 }) }),
  fc.record({ text: fc.string({ unit: 'grapheme', minLength: 1 }), thought: fc.constant(true) }),
  fc.record({ text: fc.string({ unit: 'grapheme', minLength: 1 }), thoughtSignature: fc.base64String({ minLength: 4 }) }),
  fc.record({
    functionCall: fc.record({ name: fc.constantFrom('f', 'g'), args: fc.dictionary(fc.string(), fc.jsonValue()) }),
    thoughtSignature: fc.base64String({ minLength: 4 }),
  }),
  fc.record({ executableCode: fc.record({ code: fc.string() }) }),
);

describe('properties', () => {
  test('however the bytes are cut, the answer is the same, and its events keep their order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(part, { maxLength: 3 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (turns, cuts) => {
          const events = turns.map((parts, index) =>
            chunk(parts, index === turns.length - 1 ? done : {}, { usageMetadata: { promptTokenCount: index } }),
          );
          const bytes = new TextEncoder().encode(events.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`).join(''));
          const collector = createCollector();
          const reader = decoder();
          const open = new Set<number>();
          let next = 0;
          const emit: typeof collector.push = (each) => {
            if (each.type === 'part-start') {
              expect(each.index).toBe(next++);
              open.add(each.index);
            } else if (each.type === 'part-end') expect(open.delete(each.index)).toBe(true);
            else if (each.type === 'finish') expect(open.size).toBe(0);
            else if ('index' in each) expect(open.has(each.index)).toBe(true);
            collector.push(each);
          };
          const parser = createSseParser((event) => reader.push(event, emit));
          for (let at = 0, n = 0; at < bytes.length; n++) {
            const size = cuts[n % cuts.length]!;
            parser.push(bytes.subarray(at, at + size));
            at += size;
          }
          parser.close();
          reader.close(emit);
          const result = collector.result();
          // All chunks in one are the whole answer.
          const whole = fromWire(chunk(turns.flat(), done, { usageMetadata: { promptTokenCount: turns.length - 1 } }));
          expect(result).toEqual({ ...whole });
          const texts = turns.flat().flatMap((each) => ('text' in each && !('thought' in each) ? [each.text] : []));
          expect(result.candidates[0]!.content.flatMap((each) => (each.type === 'text' ? [each.text] : [])).join('')).toBe(texts.join(''));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('whatever JSON comes, nothing is thrown', () => {
    const odd = fc.oneof(
      fc.jsonValue(),
      fc.record({ candidates: fc.jsonValue(), usageMetadata: fc.jsonValue() }),
      fc.record({
        candidates: fc.array(
          fc.record({
            content: fc.record({
              parts: fc.array(
                fc.dictionary(fc.constantFrom('text', 'functionCall', 'inlineData', 'thoughtSignature', 'thought'), fc.jsonValue()),
              ),
            }),
            groundingMetadata: fc.jsonValue(),
            finishReason: fc.jsonValue(),
          }),
        ),
      }),
    );
    fc.assert(
      fc.property(fc.array(odd, { maxLength: 4 }), (events) => {
        const parts = decode(events);
        expect(parts.filter(({ type }) => type === 'error' || type === 'end')).toHaveLength(1);
      }),
      { numRuns: 150 },
    );
  });
});

describe('tap', () => {
  const look = (events: unknown[]) => {
    const seen = tap();
    for (const event of events) seen.push({ data: JSON.stringify(event) });
    return seen;
  };

  test('usage, model, output and end', () => {
    const seen = tap();
    expect(seen).toMatchObject({ ended: false, output: false, usage: undefined, model: undefined });
    seen.push({ data: JSON.stringify(chunk([{ text: 'a' }], {}, { usageMetadata: { promptTokenCount: 1 } })) });
    expect(seen).toMatchObject({ ended: false, output: true, usage: { inputTokens: 1 }, model: 'gemini-x' });
    seen.push({
      data: JSON.stringify(
        chunk([{ text: '' }], { ...done, groundingMetadata: { webSearchQueries: ['q'] } }, { usageMetadata: { promptTokenCount: 2 } }),
      ),
    });
    expect(seen).toMatchObject({ ended: true, usage: { inputTokens: 2, webSearchRequests: 1 } });
  });

  test('names of members within texts and arguments are not the members', () => {
    expect(
      look([
        chunk([{ text: '"finishReason":"STOP" {"error":1}' }]),
        chunk([{ functionCall: { name: 'f', args: { finishReason: 'STOP', error: { code: 500 } } } }]),
      ]),
    ).toMatchObject({ ended: false, error: undefined });
  });

  test('errors and blocked prompts', () => {
    expect(look([{ error: { code: 500, message: 'm', status: 'INTERNAL' } }])).toMatchObject({ ended: false, error: { code: 'internal' } });
    expect(look([{ promptFeedback: { blockReason: 'SAFETY' } }])).toMatchObject({ ended: true });
  });
});

test('calls of answers without an id have ids that no other answer has: an agent takes one that it has seen for answered', () => {
  const idOf = (): string => {
    let id = '';
    const reader = decoder();
    const data = JSON.stringify({
      candidates: [{ content: { parts: [{ functionCall: { name: 'f', args: {} } }] }, finishReason: 'STOP' }],
    });
    reader.push({ data }, (part) => {
      if (part.type === 'part-start' && part.part.type === 'tool-call') ({ id } = part.part);
    });
    return id;
  };
  expect(idOf()).toMatch(/^gcall_\w{24}_0$/);
  expect(idOf()).not.toBe(idOf());
});
