import { describe, expect, test } from 'bun:test';
import { SluiceError, type EmbeddingRequest, type ToWireContext } from '../../types/index.ts';
import { geminiEmbeddings } from './index.ts';

const { request, response } = geminiEmbeddings;
const dropped: string[] = [];
const context: ToWireContext = {
  model: 'gemini-embedding-001',
  provider: 'gemini',
  from: 'openai-embeddings',
  traits: {},
  quirks: {},
  dropParams: false,
  drop: (what) => void dropped.push(what),
  lacks(parameter) {
    throw new SluiceError('unsupported_parameter', parameter, { param: parameter });
  },
};
const embed = (members: Partial<EmbeddingRequest> = {}): EmbeddingRequest => ({ model: 'm', input: ['a'], unknown: {}, ...members });

describe('request', () => {
  test('one for each text', () => {
    expect(
      request.toWire(embed({ input: ['a', 'b'], dimensions: 256, unknown: { task_type: 'RETRIEVAL_QUERY' }, user: 'u' }), context),
    ).toEqual({
      requests: ['a', 'b'].map((text) => ({
        model: 'models/gemini-embedding-001',
        content: { parts: [{ text }] },
        outputDimensionality: 256,
        taskType: 'RETRIEVAL_QUERY',
      })),
    });
    expect(dropped).toEqual(['user']);
    expect(() => request.toWire(embed({ input: [[1, 2]] }), context)).toThrow("'input[0]' is a list of token ids");
  });

  test('both calls are read, and written back', () => {
    const one = { content: { parts: [{ text: 'a' }] }, taskType: 'CLUSTERING', output_dimensionality: 8 };
    const read = request.fromWire(one, { model: 'models/x' });
    expect(read).toEqual({
      model: 'x',
      input: ['a'],
      dimensions: 8,
      unknown: {},
      extra: { 'gemini-embeddings': { taskType: 'CLUSTERING' } },
    });
    expect(request.toWire(read, { ...context, model: 'x' })).toEqual({
      requests: [{ model: 'models/x', content: { parts: [{ text: 'a' }] }, outputDimensionality: 8, taskType: 'CLUSTERING' }],
    });
    expect(
      request.fromWire({
        requests: [
          { model: 'models/y', content: 'a' },
          { model: 'models/y', content: { parts: [{ text: 'b' }, { text: 'c' }] } },
        ],
      }),
    ).toMatchObject({ model: 'y', input: ['a', 'b\nc'] });
  });

  test('what cannot be read is named', () => {
    const param = (body: object) => {
      try {
        request.fromWire(body as never, { model: 'm' });
      } catch (error) {
        return SluiceError.is(error) ? error.param : undefined;
      }
      return undefined;
    };
    expect(param({ requests: [{ content: { parts: [{ inlineData: {} }] } }] })).toBe('requests[0].content.parts[0]');
    expect(param({ requests: [{ content: 'a', outputDimensionality: 1 }, { content: 'b' }] })).toBe('requests[1].outputDimensionality');
    expect(param({ requests: 1 })).toBe('requests');
    expect(param({})).toBe('content');
  });
});

describe('answer', () => {
  test('of both calls', () => {
    const usageMetadata = { promptTokenCount: 8 };
    expect(response.fromWire({ embeddings: [{ values: [0.5, 1] }, { values: [2] }], usageMetadata })).toEqual({
      model: '',
      embeddings: [[0.5, 1], [2]],
      usage: { inputTokens: 8, outputTokens: 0, raw: usageMetadata },
    });
    expect(response.fromWire({ embedding: { values: [1] } })).toEqual({ model: '', embeddings: [[1]] });
    expect(() => response.fromWire({})).toThrow('without embeddings');
  });

  test('written for both, always as numbers', () => {
    const to = { model: 'm', encodingFormat: 'float' as const };
    expect(response.toWire({ model: 'm', embeddings: ['AACAPw=='], usage: { inputTokens: 3, outputTokens: 0 } }, to)).toEqual({
      embedding: { values: [1] },
      embeddings: [{ values: [1] }],
      usageMetadata: { promptTokenCount: 3 },
    });
    expect(response.toWire({ model: 'm', embeddings: [[1], [2]] }, to)).toEqual({ embeddings: [{ values: [1] }, { values: [2] }] });
  });
});
