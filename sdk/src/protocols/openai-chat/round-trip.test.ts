import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { explode } from '../shared/collect.ts';
import type { ChatResult, JsonObject, Part, StreamPart } from '../../types/index.ts';
import { answerContext, bytesOf, collected, decodeBytes, rewritten, streamed } from './fixtures/context.ts';
import { openaiChat } from './index.ts';

/** Words with characters of all lengths in UTF-8, so that cuts fall inside them. */
const text = fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', 'é', '€', '😀', ' '), minLength: 1, maxLength: 12 });
const json = fc
  .dictionary(fc.string({ maxLength: 4 }), fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)))
  .map((value) => JSON.stringify(value));
const signature = fc.record({ origin: fc.constantFrom('anthropic', 'google', 'openai'), value: text });
/** No call of OpenAI's is signed. */
const callSignature = fc.record({ origin: fc.constantFrom('google', 'anthropic'), value: text });
const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_-]{0,20}$/);

const thinking: fc.Arbitrary<Part> = fc.record(
  { type: fc.constant('thinking' as const), text, signature },
  { requiredKeys: ['type', 'text'] },
);
const said: fc.Arbitrary<Part> = fc.record({ type: fc.constant('text' as const), text });
const call: fc.Arbitrary<Part> = fc.record(
  {
    type: fc.constant('tool-call' as const),
    kind: fc.constant('function' as const),
    id: fc.constant(''),
    name,
    arguments: json,
    signature: callSignature,
  },
  { requiredKeys: ['type', 'kind', 'id', 'name', 'arguments'] },
);

/** An answer in the order that this format can say: thoughts, a text, calls. */
const candidate = fc
  .tuple(fc.array(thinking, { maxLength: 3 }), fc.array(said, { maxLength: 1 }), fc.array(call, { maxLength: 4 }))
  .map(
    ([thoughts, texts, calls]) => [...merged(thoughts), ...texts, ...calls.map((part, at) => ({ ...part, id: `call_${at}` }))] as Part[],
  );

/** Thoughts with nothing opaque among them are one text in this format. */
const merged = (thoughts: readonly Part[]): Part[] => {
  if (thoughts.some((part) => part.type === 'thinking' && part.signature)) return [...thoughts];
  const whole = thoughts.map((part) => (part.type === 'thinking' ? part.text : '')).join('');
  return whole === '' ? [] : [{ type: 'thinking', text: whole }];
};

const answer: fc.Arbitrary<ChatResult> = fc.array(candidate, { minLength: 1, maxLength: 3 }).map((list) => ({
  id: 'chatcmpl-1',
  model: 'm',
  createdAt: 7,
  usage: { inputTokens: 1, outputTokens: 2 },
  candidates: list.map((content, index) => ({
    index,
    content,
    finishReason: content.some(({ type }) => type === 'tool-call') ? ('tool-calls' as const) : ('stop' as const),
  })),
}));

const plain = ({ usage, ...result }: ChatResult): ChatResult => ({
  ...result,
  ...(usage && { usage: { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens } }),
  candidates: result.candidates.map(({ rawFinishReason: _raw, ...each }) => each),
});

describe('answers', () => {
  test('FP-16, FP-17, FP-19: whole, written and read again', () => {
    fc.assert(
      fc.property(answer, (result) => {
        const wire = JSON.parse(JSON.stringify(openaiChat.response.toWire(result, answerContext()))) as JsonObject;
        expect(plain(openaiChat.response.fromWire(wire))).toEqual(result);
      }),
    );
  });

  test('FP-19: as a stream in any pieces, cut inside characters too', () => {
    fc.assert(
      fc.property(answer, fc.array(fc.nat(60), { maxLength: 60 }), (result, cuts) => {
        const bytes = bytesOf(streamed(result, { includeUsage: true }));
        expect(plain(decodeBytes(bytes, cuts))).toEqual(result);
      }),
    );
  });

  test('FP-19: in single bytes', () => {
    fc.assert(
      fc.property(answer, (result) => {
        const bytes = bytesOf(streamed(result, { includeUsage: true }));
        expect(
          plain(
            decodeBytes(
              bytes,
              Array.from(bytes, () => 1),
            ),
          ),
        ).toEqual(result);
      }),
      { numRuns: 20 },
    );
  });

  test('the invariants of stream parts hold, whatever fragments come', () => {
    const fragment = fc.record(
      {
        index: fc.nat(2),
        id: fc.constantFrom('a', 'b', '', null),
        type: fc.constantFrom('function', 'custom'),
        function: fc.record(
          { name: fc.constantFrom('f', 'g', '', null), arguments: fc.constantFrom('{', '}', '{}', '', null, "{'a'", '"x":1') },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    );
    const delta = fc.record(
      {
        role: fc.constant('assistant'),
        content: fc.oneof(fc.constantFrom('', 'a', null), fc.constant([{ type: 'text', text: 'b' }])),
        reasoning: fc.constantFrom('', 'h', null),
        reasoning_details: fc.constantFrom([], [{ type: 'reasoning.text', text: 'h' }], [{ type: 'reasoning.encrypted', data: 'x' }]),
        thinking_blocks: fc.constantFrom(
          [],
          [{ type: 'thinking', thinking: 'h' }],
          [{ type: 'thinking', thinking: '', signature: 's' }],
          [{ type: 'redacted_thinking', data: 'r' }],
        ),
        refusal: fc.constantFrom('', 'no', null),
        tool_calls: fc.array(fragment, { maxLength: 2 }),
        audio: fc.constantFrom({ id: 'x' }, { data: 'AA' }, { id: '', data: '' }),
        annotations: fc.constantFrom([], [{ type: 'url_citation', url_citation: { url: 'https://a.test' } }]),
      },
      { requiredKeys: [] },
    );
    const chunk = fc.record({
      id: fc.constantFrom('x', ''),
      choices: fc.array(fc.record({ index: fc.nat(1), delta, finish_reason: fc.constantFrom(null, 'stop', '') }), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 12 }), fc.boolean(), (chunks, done) => {
        const parts: StreamPart[] = [];
        const emit = (part: StreamPart) => void parts.push(part);
        const decoder = openaiChat.stream.decoder();
        for (const each of chunks) decoder.push({ data: JSON.stringify(each) }, emit);
        if (done) decoder.push({ data: '[DONE]' }, emit);
        decoder.close(emit);
        holds(parts);
        if (parts.at(-1)?.type === 'end') expect(() => collected(parts)).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });
});

/** The invariants that `types/stream.ts` names. */
const holds = (parts: readonly StreamPart[]): void => {
  const openParts = new Set<string>();
  const next = new Map<number, number>();
  const finished = new Set<number>();
  parts.forEach((part, at) => {
    const key = 'index' in part ? `${part.candidate}.${part.index}` : '';
    expect(part.type === 'start').toBe(at === 0 && part.type !== 'error');
    expect(part.type === 'end' || part.type === 'error').toBe(at === parts.length - 1);
    if ('candidate' in part) expect(finished.has(part.candidate)).toBe(false);
    if (part.type === 'part-start') {
      expect(part.index).toBe(next.get(part.candidate) ?? 0);
      next.set(part.candidate, part.index + 1);
      openParts.add(key);
      if (part.part.type === 'text' || part.part.type === 'refusal') expect(part.part.text).toBe('');
      if (part.part.type === 'tool-call') expect([part.part.arguments, part.part.id !== '']).toEqual(['', true]);
    } else if (part.type === 'part-end') {
      expect(openParts.delete(key)).toBe(true);
    } else if (part.type.endsWith('-delta')) {
      expect(openParts.has(key)).toBe(true);
    } else if (part.type === 'finish') {
      expect([...openParts].some((each) => each.startsWith(`${part.candidate}.`))).toBe(false);
      finished.add(part.candidate);
    }
  });
};

describe('requests', () => {
  test('FP-18: tools and calls keep their number, ids, arguments and order', () => {
    const turn = fc.array(fc.record({ name, args: json, result: text }), { minLength: 1, maxLength: 4 });
    const body = fc.tuple(fc.array(name, { maxLength: 5 }), fc.array(turn, { maxLength: 3 })).map(([tools, turns]): JsonObject => ({
      tools: tools.map((each) => ({ type: 'function', function: { name: each, parameters: { type: 'object' } } })),
      messages: turns.flatMap((calls, t) => [
        { role: 'user', content: `turn ${t}` },
        {
          role: 'assistant',
          content: null,
          tool_calls: calls.map((each, at) => ({
            id: `call_${t}_${at}`,
            type: 'function',
            function: { name: each.name, arguments: each.args },
          })),
        },
        ...calls.map((each, at) => ({ role: 'tool', tool_call_id: `call_${t}_${at}`, content: each.result })),
      ]),
    }));
    fc.assert(fc.property(body, (value) => expect(rewritten(value)).toEqual({ model: 'm', ...value })));
  });

  test('an answer goes back in the next request as it was', () => {
    fc.assert(
      fc.property(answer, (result) => {
        const first = result.candidates[0]!.content;
        const wire = openaiChat.response.toWire(result, answerContext());
        const { message } = (wire['choices'] as { message: JsonObject }[])[0]!;
        const { messages } = openaiChat.request.fromWire({ model: 'm', messages: [message] });
        expect(messages[0]!.content.map(({ extra: _extra, ...part }) => part)).toEqual(first);
      }),
    );
  });
});

test('a whole answer exploded is what its stream is', () => {
  fc.assert(
    fc.property(answer, (result) => {
      const parts: StreamPart[] = [];
      explode(result, (part) => void parts.push(part));
      expect(collected(parts)).toEqual(result);
    }),
  );
});
