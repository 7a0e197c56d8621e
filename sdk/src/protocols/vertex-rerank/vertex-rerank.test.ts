import { expect, test } from 'bun:test';
import { SluiceError, type RerankRequest, type ToWireContext } from '../../types/index.ts';
import { vertexRerank } from './index.ts';

const context: ToWireContext = {
  model: 'semantic-ranker-default@latest',
  provider: 'vertex_ai',
  from: 'cohere-rerank',
  traits: {},
  quirks: {},
  dropParams: false,
  drop: () => {},
  lacks: (parameter) => {
    throw new SluiceError('unsupported_parameter', parameter, { param: parameter });
  },
};
const request: RerankRequest = { model: 'm', query: 'q', documents: ['a', { title: 'B', text: 'b' }], unknown: {} };

test('records have numbers, and titles where the documents do', () => {
  expect(vertexRerank.request.toWire({ ...request, topN: 1, unknown: { userLabels: { a: 'b' } } }, context)).toEqual({
    model: 'semantic-ranker-default@latest',
    query: 'q',
    records: [
      { id: '0', content: 'a' },
      { id: '1', content: expect.stringContaining('b'), title: 'B' },
    ],
    topN: 1,
    ignoreRecordDetailsInResponse: true,
    userLabels: { a: 'b' },
  });
  expect(vertexRerank.request.toWire({ ...request, maxTokensPerDocument: 9 }, context)).toEqual(
    vertexRerank.request.toWire(request, context),
  );
});

test('scores come back by number, best first', () => {
  expect(
    vertexRerank.response.fromWire({ records: [{ id: '0', score: 0.1 }, { id: '1', score: 0.9 }, { id: '2' }, { id: 'x', score: 1 }] }),
  ).toEqual({
    results: [
      { index: 1, relevanceScore: 0.9 },
      { index: 0, relevanceScore: 0.1 },
      { index: 2, relevanceScore: 0 },
    ],
  });
  expect(() => vertexRerank.response.fromWire({})).toThrow(SluiceError);
});
