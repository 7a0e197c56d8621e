import { describe, expect, test } from 'bun:test';
import type { EmbeddingRequest, ToWireContext } from '../../types/index.ts';
import { vertexEmbeddings } from './index.ts';

const dropped: string[] = [];
const context = (model: string): ToWireContext => ({
  model,
  provider: 'vertex_ai',
  from: 'openai-embeddings',
  traits: {},
  quirks: {},
  dropParams: false,
  drop: (what) => void dropped.push(what),
  lacks: () => {},
});
const write = (model: string, request: Partial<EmbeddingRequest>) =>
  vertexEmbeddings.request.toWire({ model, input: ['a'], unknown: {}, ...request }, context(model));

describe('embeddings on Vertex AI', () => {
  test('texts are instances; what belongs to each and to all is told apart, however it is spelled', () => {
    expect(
      write('text-embedding-005', {
        input: ['a', 'b'],
        dimensions: 256,
        unknown: { input_type: 'RETRIEVAL_DOCUMENT', title: 't', auto_truncate: false, labels: { team: 'x' } },
      }),
    ).toEqual({
      instances: [
        { content: 'a', task_type: 'RETRIEVAL_DOCUMENT', title: 't' },
        { content: 'b', task_type: 'RETRIEVAL_DOCUMENT', title: 't' },
      ],
      parameters: { outputDimensionality: 256, autoTruncate: false },
      labels: { team: 'x' },
    });
    expect(write('text-embedding-005', {})).toEqual({ instances: [{ content: 'a' }] });
  });

  test("a Gemini client's own members come along", () => {
    expect(write('gemini-embedding-001', { extra: { 'gemini-embeddings': { taskType: 'CLUSTERING' } } })).toEqual({
      instances: [{ content: 'a', task_type: 'CLUSTERING' }],
    });
  });

  test('models since Gemini Embedding 2 have a call of their own', () => {
    expect(write('gemini-embedding-2', { dimensions: 8, unknown: { task_type: 'CLUSTERING', autoTruncate: true } })).toEqual({
      content: { parts: [{ text: 'a' }] },
      embedContentConfig: { taskType: 'CLUSTERING', autoTruncate: true, outputDimensionality: 8 },
    });
    expect(write('gemini-embedding-2', {})).toEqual({ content: { parts: [{ text: 'a' }] } });
  });

  test('the multimodal model takes pictures and films in the place of texts', () => {
    const input = ['a', 'data:image/png;base64,AAAA', 'gs://b/film.mp4', 'gs://b/picture.jpg'];
    expect(write('multimodalembedding@001', { input, dimensions: 128 })).toEqual({
      instances: [
        { text: 'a' },
        { image: { bytesBase64Encoded: 'AAAA', mimeType: 'image/png' } },
        { video: { gcsUri: 'gs://b/film.mp4' } },
        { image: { gcsUri: 'gs://b/picture.jpg' } },
      ],
      parameters: { dimension: 128 },
    });
  });

  test('how many a request takes', () => {
    expect(
      ['text-embedding-005', 'gemini-embedding-001', 'gemini-embedding-2', 'multimodalembedding'].map((each) =>
        vertexEmbeddings.maxInputs!(each),
      ),
    ).toEqual([250, 1, 1, 1]);
  });

  test('token ids are refused, an end user is dropped with a record', () => {
    expect(() => write('text-embedding-005', { input: [[1, 2]] })).toThrow("'input[0]' is a list of token ids");
    dropped.length = 0;
    write('text-embedding-005', { user: 'u' });
    expect(dropped).toEqual(['user']);
  });

  test('answers of each kind', () => {
    const read = vertexEmbeddings.response.fromWire;
    const prediction = (values: number[], count: number) => ({
      embeddings: { values, statistics: { token_count: count, truncated: false } },
    });
    expect(read({ predictions: [prediction([1, 2], 3), prediction([3, 4], 5)], metadata: { billableCharacterCount: 9 } })).toEqual({
      model: '',
      embeddings: [
        [1, 2],
        [3, 4],
      ],
      usage: { inputTokens: 8, outputTokens: 0, raw: { billableCharacterCount: 9 } },
    });
    expect(read({ embedding: { values: [1] }, usageMetadata: { promptTokenCount: 2 } })).toEqual({
      model: '',
      embeddings: [[1]],
      usage: { inputTokens: 2, outputTokens: 0, raw: { promptTokenCount: 2 } },
    });
    expect(
      read({
        predictions: [{ textEmbedding: [1] }, { imageEmbedding: [2] }, { videoEmbeddings: [{ embedding: [3], startOffsetSec: 0 }] }],
      }),
    ).toEqual({ model: '', embeddings: [[1], [2], [3]] });
    expect(() => read({ choices: [] })).toThrow('without embeddings');
  });

  test('a request there and back', () => {
    const body = { instances: [{ content: 'a', task_type: 'CLUSTERING' }], parameters: { outputDimensionality: 4, autoTruncate: true } };
    const request = vertexEmbeddings.request.fromWire(body, { model: 'text-embedding-005' });
    expect(request).toMatchObject({ model: 'text-embedding-005', input: ['a'], dimensions: 4 });
    expect(vertexEmbeddings.request.toWire(request, context(request.model))).toEqual(body);
    const answer = { model: '', embeddings: [[1, 2]], usage: { inputTokens: 2, outputTokens: 0 } };
    const again = vertexEmbeddings.response.fromWire(vertexEmbeddings.response.toWire(answer, { model: 'm', encodingFormat: 'float' }));
    expect(again).toMatchObject({ embeddings: [[1, 2]], usage: { inputTokens: 2 } });
  });
});
