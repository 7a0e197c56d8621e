import { expect, test } from 'bun:test';
import { SluiceError, type EmbeddingRequest, type ToWireContext } from '../../types/index.ts';
import { vertexBgeEmbeddings } from './bge.ts';

const dropped: string[] = [];
const context: ToWireContext = {
  model: '77',
  provider: 'vertex_ai',
  from: 'openai-embeddings',
  traits: {},
  quirks: {},
  dropParams: false,
  drop: (what) => void dropped.push(what),
  lacks: (parameter) => {
    throw new SluiceError('unsupported_parameter', parameter, { param: parameter });
  },
};
const request: EmbeddingRequest = { model: 'm', input: ['a', 'b'], unknown: {} };

test('a text is the prompt of an instance', () => {
  expect(vertexBgeEmbeddings.request.toWire({ ...request, user: 'u', unknown: { task_type: 'X' } }, context)).toEqual({
    instances: [
      { prompt: 'a', task_type: 'X' },
      { prompt: 'b', task_type: 'X' },
    ],
  });
  expect(dropped).toEqual(['user']);
  expect(() => vertexBgeEmbeddings.request.toWire({ ...request, dimensions: 8 }, context)).toThrow('dimensions');
});

test('a prediction is a vector', () => {
  expect(vertexBgeEmbeddings.response.fromWire({ predictions: [[1, 2], [3]] }).embeddings).toEqual([[1, 2], [3]]);
  expect(() => vertexBgeEmbeddings.response.fromWire({ predictions: [[]] })).toThrow(SluiceError);
});
