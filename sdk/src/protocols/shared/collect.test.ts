import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { SluiceError, type ChatResult, type Citation, type Part, type StreamPart } from '../../types/index.ts';
import { createCollector, explode } from './collect.ts';

const collect = (...parts: StreamPart[]): ChatResult => {
  const collector = createCollector();
  for (const part of parts) collector.push(part);
  return collector.result();
};

const at = { candidate: 0, index: 0 };

describe('createCollector', () => {
  test('throws where the end was not seen, and the error that was', () => {
    expect(() => collect({ type: 'start', id: 'a' })).toThrow('ended before');
    const error = new SluiceError('overloaded', 'busy');
    expect(() => collect({ type: 'error', error })).toThrow(error);
  });

  test('facts that the start does not know are empty, not undefined', () => {
    expect(collect({ type: 'start', id: undefined, model: undefined }, { type: 'end' })).toEqual({ id: '', model: '', candidates: [] });
  });

  test('candidates may start in any order', () => {
    const result = collect(
      { type: 'part-start', candidate: 1, index: 0, part: { type: 'text', text: '' } },
      { type: 'finish', candidate: 1, reason: 'stop' },
      { type: 'end' },
    );
    expect(result.candidates.map(({ index }) => index)).toEqual([1]);
  });

  test('log probabilities of chunks are joined; a chunk that has none of a kind takes none away', () => {
    const result = collect(
      { type: 'part-start', ...at, part: { type: 'thinking', text: '' } },
      { type: 'thinking-delta', ...at, text: 'h', logprobs: { content: null, reasoning_content: [1] } },
      { type: 'text-delta', ...at, text: 'a', logprobs: { content: [2], reasoning_content: null } },
      { type: 'text-delta', ...at, text: 'b', logprobs: { content: [3], refusal: null } },
      { type: 'finish', candidate: 0, reason: 'stop', logprobs: { content: [4] } },
      { type: 'end' },
    );
    expect(result.candidates[0]!.logprobs).toEqual({ content: [2, 3, 4], reasoning_content: [1], refusal: null });
  });

  test('what was pushed is not changed', () => {
    const part: Part = Object.freeze({ type: 'text', text: '' });
    const list = Object.freeze([1]) as number[];
    collect(
      { type: 'part-start', ...at, part },
      { type: 'text-delta', ...at, text: 'a', logprobs: { content: list } },
      { type: 'text-delta', ...at, text: 'b', logprobs: { content: list } },
      { type: 'end' },
    );
    expect(part).toEqual({ type: 'text', text: '' });
  });

  test('audio grows, and its end says when it expires', () => {
    const result = collect(
      { type: 'part-start', ...at, part: { type: 'audio', id: 'audio_1' } },
      { type: 'audio-delta', ...at, transcript: 'he' },
      { type: 'audio-delta', ...at, transcript: 'y', data: 'AA' },
      { type: 'audio-delta', ...at, data: 'BB' },
      { type: 'part-end', ...at, patch: { expiresAt: 7 } },
      { type: 'end' },
    );
    expect(result.candidates[0]!.content).toEqual([
      { type: 'audio', id: 'audio_1', transcript: 'hey', source: { kind: 'base64', data: 'AABB', mediaType: 'audio/wav' }, expiresAt: 7 },
    ]);
  });
});

describe('explode and collect', () => {
  const text = fc.string();
  const signature = fc.record({ origin: fc.constant('google'), value: text });
  const part: fc.Arbitrary<Part> = fc.oneof(
    fc.record(
      { type: fc.constant('text' as const), text, signature, citations: fc.constant<Citation[]>([{ kind: 'url', url: 'https://a.test' }]) },
      { requiredKeys: ['type', 'text'] },
    ),
    fc.record({ type: fc.constant('refusal' as const), text }),
    fc.record({ type: fc.constant('thinking' as const), text, signature, redacted: signature }, { requiredKeys: ['type', 'text'] }),
    fc.record(
      {
        type: fc.constant('tool-call' as const),
        kind: fc.constantFrom('function' as const, 'custom' as const),
        id: text,
        name: text,
        arguments: text,
        signature,
      },
      { requiredKeys: ['type', 'kind', 'id', 'name', 'arguments'] },
    ),
    fc.constant<Part>({ type: 'image', source: { kind: 'url', url: 'https://a.test/b.png' } }),
    fc.constant<Part>({ type: 'opaque', origin: 'openai', value: { type: 'web_search_call' } }),
  );
  const result: fc.Arbitrary<ChatResult> = fc
    .record(
      {
        id: text,
        model: text,
        createdAt: fc.nat(),
        serviceTier: text,
        systemFingerprint: text,
        usage: fc.record({ inputTokens: fc.nat(), outputTokens: fc.nat() }),
        extra: fc.constant({ 'openai-chat': { provider: 'x' } }),
        candidates: fc.array(
          fc.record(
            {
              content: fc.array(part),
              finishReason: fc.constantFrom('stop' as const, 'tool-calls' as const),
              logprobs: fc.constant({ content: [1] }),
              rawFinishReason: text,
            },
            { requiredKeys: ['content', 'finishReason'] },
          ),
          { minLength: 1, maxLength: 3 },
        ),
      },
      { requiredKeys: ['id', 'model', 'candidates'] },
    )
    .map((value) => ({ ...value, candidates: value.candidates.map((each, index) => ({ index, ...each })) }));

  test("are each other's reverse", () => {
    fc.assert(
      fc.property(result, (value) => {
        const collector = createCollector();
        explode(value, collector.push);
        expect(collector.result()).toEqual(value);
      }),
    );
  });

  test('paragraphs of a summary stay apart', () => {
    const value: ChatResult = {
      id: 'a',
      model: 'm',
      candidates: [{ index: 0, finishReason: 'stop', content: [{ type: 'thinking', text: 'one\n\ntwo', summary: ['one', 'two'] }] }],
    };
    const collector = createCollector();
    explode(value, collector.push);
    expect(collector.result()).toEqual(value);
  });
});
