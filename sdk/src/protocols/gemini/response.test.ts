import { describe, expect, test } from 'bun:test';
import type { Candidate, ChatResult, FinishReason, Part } from '../../types/index.ts';
import { explodeToChunks, thrown, writing } from './fixtures/context.ts';
import { sealOpaque } from '../shared/seal.ts';
import { fromWire, toWire, usage } from './response.ts';

const answer = (parts: object[], more: object = {}, top: object = {}) => ({
  candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0, ...more }],
  modelVersion: 'models/gemini-x',
  responseId: 'r-1',
  ...top,
});
const contentOf = (parts: object[], more: object = {}, hints = {}) => fromWire(answer(parts, more), hints).candidates[0]!.content;

describe('reading', () => {
  test('the whole', () => {
    const usageMetadata = { promptTokenCount: 3, serviceTier: 'standard' };
    expect(
      fromWire(answer([{ text: 'Hi' }], { avgLogprobs: -1, safetyRatings: [] }, { createTime: '2026-08-19T14:36:04.56Z', usageMetadata })),
    ).toEqual({
      id: 'r-1',
      model: 'gemini-x',
      createdAt: 1787150164,
      serviceTier: 'default',
      usage: { inputTokens: 3, outputTokens: 0, serviceTier: 'standard', raw: usageMetadata },
      candidates: [{ index: 0, content: [{ type: 'text', text: 'Hi' }], finishReason: 'stop', rawFinishReason: 'STOP' }],
      extra: { gemini: { candidates: { 0: { avgLogprobs: -1, safetyRatings: [] } } } },
    });
  });

  test('thoughts, signatures, calls, media and code', () => {
    expect(
      contentOf([
        { text: 'T', thought: true },
        { text: 'a', thoughtSignature: 's1' },
        { text: 'b' },
        { functionCall: { name: 'f', args: { x: 1 } }, thoughtSignature: 's2' },
        { functionCall: { name: 'g', id: 'own' } },
        { inlineData: { mimeType: 'image/png', data: 'AA' }, thoughtSignature: 's3' },
        { executableCode: { code: 'c' } },
      ]),
    ).toEqual([
      { type: 'thinking', text: 'T' },
      { type: 'text', text: 'a', signature: { origin: 'google', value: 's1' } },
      { type: 'text', text: 'b' },
      {
        type: 'tool-call',
        kind: 'function',
        id: 'gcall_r-1_0',
        name: 'f',
        arguments: '{"x":1}',
        signature: { origin: 'google', value: 's2' },
      },
      { type: 'tool-call', kind: 'function', id: 'own', name: 'g', arguments: '' },
      { type: 'image', source: { kind: 'base64', data: 'AA', mediaType: 'image/png' }, signature: { origin: 'google', value: 's3' } },
      { type: 'opaque', origin: 'google', value: { executableCode: { code: 'c' } } },
    ] as Part[]);
  });

  test('calls that share an id are told apart, whole and in pieces', () => {
    const call = (name: string, more: object = {}) => ({ functionCall: { name, id: 'x', ...more } });
    const ids = (...parts: object[]) => contentOf(parts).map((part) => part.type === 'tool-call' && [part.id, part.name]);
    const named = [
      ['x', 'f'],
      ['x_2', 'g'],
    ];
    expect(ids(call('f'), call('g'))).toEqual(named);
    const piece = { partialArgs: [{ jsonPath: '$.a', numberValue: 1 }], willContinue: false };
    expect(ids(call('f', piece), call('g', piece))).toEqual(named);
  });

  test('names that were changed for Google are changed back, and custom tools get their text', () => {
    expect(
      contentOf(
        [{ functionCall: { name: 'alias', args: { input: 'diff' } } }],
        {},
        { toolNames: { alias: 'the/real' }, customTools: ['the/real'] },
      ),
    ).toMatchObject([{ kind: 'custom', name: 'the/real', arguments: 'diff' }]);
  });

  test.each<[unknown, boolean, FinishReason]>([
    ['STOP', false, 'stop'],
    ['STOP', true, 'tool-calls'],
    ['MAX_TOKENS', true, 'length'],
    ['SAFETY', false, 'content-filter'],
    ['RECITATION', false, 'content-filter'],
    ['MODEL_ARMOR', false, 'content-filter'],
    ['MALFORMED_FUNCTION_CALL', false, 'malformed-tool-call'],
    ['UNEXPECTED_TOOL_CALL', true, 'malformed-tool-call'],
    ['SOMETHING_NEW', false, 'other'],
    [1, false, 'stop'],
    [2, false, 'length'],
  ])('finish reason %p (calls: %p)', (finishReason, calls, expected) => {
    const parts = calls ? [{ functionCall: { name: 'f', args: {} } }] : [{ text: 'x' }];
    expect(fromWire(answer(parts, { finishReason })).candidates[0]!.finishReason).toBe(expected);
  });

  test('a blocked prompt is an answer that was filtered, not an error', () => {
    const body = {
      promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
      usageMetadata: { promptTokenCount: 4 },
      modelVersion: 'm',
      responseId: 'r',
    };
    const result = fromWire(body);
    expect(result.candidates).toEqual([{ index: 0, content: [], finishReason: 'content-filter', rawFinishReason: 'PROHIBITED_CONTENT' }]);
    expect(toWire(result, writing)).toEqual(body);
  });

  test('odd answers', () => {
    expect(fromWire({ candidates: [{}], modelVersion: 'm' }).candidates).toEqual([{ index: 0, content: [], finishReason: 'other' }]);
    expect(fromWire({ candidates: [{ content: {}, finishReason: 'STOP' }] })).toMatchObject({ id: '', model: '' });
    expect(thrown(() => fromWire({ hello: 1 })).code).toBe('invalid_response');
    expect(thrown(() => fromWire({ error: { code: 503, message: 'm', status: 'UNAVAILABLE' } }))).toMatchObject({
      code: 'unavailable',
      status: 503,
    });
  });

  test('log probabilities in the shape of OpenAI', () => {
    const token = (text: string, logProbability: number) => ({ token: text, logProbability, tokenId: 7 });
    const body = answer([{ text: 'ab' }], {
      logprobsResult: {
        chosenCandidates: [token('a', -1), token('b', -2)],
        topCandidates: [{ candidates: [token('a', -1), token('c', -3)] }, { candidates: [token('b', -2)] }],
      },
    });
    const result = fromWire(body);
    expect(result.candidates[0]!.logprobs).toEqual({
      content: [
        {
          token: 'a',
          logprob: -1,
          bytes: null,
          top_logprobs: [
            { token: 'a', logprob: -1, bytes: null },
            { token: 'c', logprob: -3, bytes: null },
          ],
        },
        { token: 'b', logprob: -2, bytes: null, top_logprobs: [{ token: 'b', logprob: -2, bytes: null }] },
      ],
      refusal: null,
    });
    expect(toWire(result, writing)['candidates']).toMatchObject([
      { logprobsResult: body.candidates[0]!['logprobsResult' as never] as object },
    ]);
    // From another vendor, without Google's own object beside it.
    const { extra: _extra, ...foreign } = result;
    expect(toWire(foreign, writing)['candidates']).toMatchObject([
      {
        logprobsResult: {
          chosenCandidates: [
            { token: 'a', logProbability: -1 },
            { token: 'b', logProbability: -2 },
          ],
        },
      },
    ]);
  });
});

describe('usage', () => {
  test('counts that overlap become disjoint, and add up again', () => {
    const raw = {
      promptTokenCount: 100,
      cachedContentTokenCount: 40,
      cacheTokensDetails: [
        { modality: 'TEXT', tokenCount: 30 },
        { modality: 'IMAGE', tokenCount: 10 },
      ],
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 50 },
        { modality: 'IMAGE', tokenCount: 30 },
        { modality: 'AUDIO', tokenCount: 20 },
      ],
      candidatesTokenCount: 25,
      candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 20 }],
      thoughtsTokenCount: 7,
      toolUsePromptTokenCount: 9,
      totalTokenCount: 141,
    };
    const expected = {
      inputTokens: 20,
      cacheReadTokens: 40,
      inputAudioTokens: 20,
      inputImageTokens: 20,
      toolPromptTokens: 9,
      outputTokens: 5,
      outputImageTokens: 20,
      reasoningTokens: 7,
      raw,
    };
    expect(usage({ usageMetadata: raw })).toEqual(expected);
    const { raw: _raw, ...foreign } = expected;
    expect(toWire({ id: '', model: '', candidates: [], usage: foreign }, writing)['usageMetadata']).toMatchObject({
      promptTokenCount: 100,
      cachedContentTokenCount: 40,
      candidatesTokenCount: 25,
      thoughtsTokenCount: 7,
      toolUsePromptTokenCount: 9,
      totalTokenCount: 141,
    });
  });

  test('candidates that include the thoughts, which the total tells', () => {
    expect(
      usage({ usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 30, thoughtsTokenCount: 20, totalTokenCount: 40 } }),
    ).toMatchObject({ outputTokens: 10, reasoningTokens: 20 });
    expect(
      usage({ usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 30, thoughtsTokenCount: 20, totalTokenCount: 60 } }),
    ).toMatchObject({ outputTokens: 30, reasoningTokens: 20 });
  });

  test('searches are counted beside the tokens', () => {
    expect(
      usage(answer([], { groundingMetadata: { webSearchQueries: ['a', 'b'] } }, { usageMetadata: { promptTokenCount: 1 } })),
    ).toMatchObject({ webSearchRequests: 2 });
    expect(usage({})).toBeUndefined();
  });
});

describe('sources', () => {
  const text = 'Grüße 👋 aus Köln.';
  const bytes = (value: string) => new TextEncoder().encode(value).length;
  const groundingMetadata = {
    groundingChunks: [{ web: { uri: 'https://a', title: 'A' } }, { retrievedContext: { uri: 'u', title: 'B', text: 'passage' } }],
    groundingSupports: [
      { segment: { startIndex: bytes('Grüße 👋 '), endIndex: bytes(text), text: 'aus Köln.' }, groundingChunkIndices: [0, 1] },
      { segment: { endIndex: bytes('Grüße'), text: 'Grüße' }, groundingChunkIndices: [0] },
    ],
    webSearchQueries: ['q'],
  };

  test('byte offsets become UTF-16 offsets', () => {
    expect(contentOf([{ text }], { groundingMetadata })).toEqual([
      {
        type: 'text',
        text,
        citations: [
          { kind: 'url', url: 'https://a', title: 'A', startIndex: 9, endIndex: 18 },
          { kind: 'document', url: 'u', title: 'B', citedText: 'passage', startIndex: 9, endIndex: 18 },
          { kind: 'url', url: 'https://a', title: 'A', startIndex: 0, endIndex: 5 },
        ],
      },
    ]);
  });

  test("and back: Google's own as it was, others' made anew", () => {
    const result = fromWire(answer([{ text }], { groundingMetadata }));
    expect(toWire(result, writing)['candidates']).toMatchObject([{ groundingMetadata }]);
    const { extra: _extra, ...foreign } = result;
    const [candidate] = toWire(foreign, writing)['candidates'] as [{ groundingMetadata: typeof groundingMetadata }];
    expect(candidate.groundingMetadata.groundingChunks).toEqual(groundingMetadata.groundingChunks);
    expect(candidate.groundingMetadata.groundingSupports.map(({ segment }) => segment)).toEqual([
      groundingMetadata.groundingSupports[0]!.segment,
      groundingMetadata.groundingSupports[0]!.segment,
      groundingMetadata.groundingSupports[1]!.segment,
    ] as never);
  });

  test('parts are counted in their own place; sources without supports stand for the whole', () => {
    const parts = [{ text: 'one ', thoughtSignature: 's' }, { text: 'two' }];
    const supports = {
      groundingChunks: [{ web: { uri: 'u' } }],
      groundingSupports: [{ segment: { partIndex: 1, endIndex: 3 }, groundingChunkIndices: [0, 9] }],
    };
    expect(contentOf(parts, { groundingMetadata: supports })[1]).toMatchObject({ citations: [{ url: 'u', startIndex: 4, endIndex: 7 }] });
    expect(contentOf([{ text: 'x' }], { groundingMetadata: { groundingChunks: [{ web: { uri: 'u' } }] } })).toEqual([
      { type: 'text', text: 'x', citations: [{ kind: 'url', url: 'u' }] },
    ]);
    expect(
      contentOf([{ text: 'x' }], { citationMetadata: { citationSources: [{ uri: 'u', endIndex: 1, license: 'MIT' }] } }),
    ).toMatchObject([{ citations: [{ kind: 'url', url: 'u', startIndex: 0, endIndex: 1 }] }]);
  });
});

describe('writing, from other vendors', () => {
  const result = (content: Part[], more: Partial<Candidate> = {}): ChatResult => ({
    id: 'id',
    model: 'claude',
    candidates: [{ index: 0, content, finishReason: 'stop', ...more }],
  });
  const candidateOf = (content: Part[], more: Partial<Candidate> = {}) =>
    (toWire(result(content, more), writing)['candidates'] as { content: { parts: object[] }; finishReason: string }[])[0]!;

  test('every kind of part', () => {
    const block = { type: 'opaque', origin: 'openai', value: { type: 'web_search_call' } } as const;
    expect(
      candidateOf([
        { type: 'thinking', text: 'T' },
        { type: 'text', text: 'x' },
        { type: 'refusal', text: 'no' },
        { type: 'tool-call', kind: 'function', id: 'call_1', name: 'f', arguments: '{"a":1}' },
        { type: 'tool-call', kind: 'custom', id: 'call_2', name: 'c', arguments: 'free' },
        { type: 'image', source: { kind: 'url', url: 'https://x/y.png' } },
        { type: 'audio', source: { kind: 'base64', data: 'AA', mediaType: 'audio/wav' }, transcript: 'said' },
        { type: 'opaque', origin: 'anthropic', value: {}, text: 'shown' },
        block,
      ]).content.parts,
    ).toEqual([
      { text: 'T', thought: true },
      { text: 'x' },
      { text: 'no' },
      { functionCall: { id: 'call_1', name: 'f', args: { a: 1 } } },
      { functionCall: { id: 'call_2', name: 'c', args: { input: 'free' } } },
      { fileData: { fileUri: 'https://x/y.png', mimeType: 'image/png' } },
      { inlineData: { mimeType: 'audio/wav', data: 'AA' } },
      { text: 'said' },
      { text: 'shown' },
      { text: ' ', thought: true, thoughtSignature: sealOpaque(block) },
    ]);
  });

  test.each<[FinishReason, string]>([
    ['stop', 'STOP'],
    ['stop-sequence', 'STOP'],
    ['tool-calls', 'STOP'],
    ['length', 'MAX_TOKENS'],
    ['context-window', 'MAX_TOKENS'],
    ['content-filter', 'SAFETY'],
    ['refusal', 'SAFETY'],
    ['malformed-tool-call', 'MALFORMED_FUNCTION_CALL'],
    ['pause', 'OTHER'],
  ])('finish reason %s', (finishReason, word) => {
    expect(candidateOf([], { finishReason, rawFinishReason: 'end_turn' }).finishReason).toBe(word);
  });

  test('a call whose arguments are no object ends the answer as malformed', () => {
    const broken: Part = { type: 'tool-call', kind: 'function', id: 'c', name: 'f', arguments: '{"a":' };
    expect(candidateOf([broken], { finishReason: 'tool-calls' })).toMatchObject({
      finishReason: 'MALFORMED_FUNCTION_CALL',
      content: { parts: [{ functionCall: { args: {} } }] },
    });
    expect(explodeToChunks(result([broken], { finishReason: 'tool-calls' })).at(-1)).toMatchObject({
      candidates: [{ finishReason: 'MALFORMED_FUNCTION_CALL' }],
    });
  });
});
