import { expect, test } from 'bun:test';
import type { ToWireContext } from '../../types/index.ts';
import { documentText } from './document-text.ts';
import { cohereRerank } from './index.ts';

const { request, response } = cohereRerank;
const context = (dropped: string[] = []): ToWireContext => ({
  model: 'rerank',
  provider: 'cohere',
  from: 'cohere-rerank',
  traits: {},
  quirks: {},
  dropParams: false,
  drop: (what) => void dropped.push(what),
  lacks: (parameter) => {
    throw new Error(parameter);
  },
});

test('both versions of a request are read, the second is written', () => {
  const documents = ['a', { text: 'b' }, { title: 'T', text: 'c', hidden: 1 }];
  const body = {
    model: 'm',
    query: 'q',
    documents,
    top_n: 2,
    rank_fields: ['text', 'title'],
    return_documents: true,
    max_tokens_per_doc: 9,
  };
  const read = request.fromWire({ ...body, priority: 1, new_thing: 2 });
  expect(read).toEqual({
    model: 'm',
    query: 'q',
    documents,
    topN: 2,
    returnDocuments: true,
    rankFields: ['text', 'title'],
    maxTokensPerDocument: 9,
    unknown: { new_thing: 2 },
    extra: { 'cohere-rerank': { priority: 1 } },
  });
  expect(request.toWire(read, context())).toEqual({
    model: 'rerank',
    query: 'q',
    documents: ['a', 'b', 'text: c\ntitle: T'],
    top_n: 2,
    max_tokens_per_doc: 9,
    priority: 1,
    new_thing: 2,
  });
  const dropped: string[] = [];
  request.toWire(request.fromWire({ model: 'm', query: 'q', documents: [], max_chunks_per_doc: 3 }), context(dropped));
  expect(dropped).toEqual(['max_chunks_per_doc']);
});

test.each<[object, boolean]>([
  [{ documents: ['a'], top_n: 1 }, false],
  [{ documents: ['a'], return_documents: null }, false],
  [{ documents: ['a'], return_documents: false }, true],
  [{ documents: ['a'], rank_fields: [] }, true],
  [{ documents: [{ text: 'a' }] }, true],
])('%j must be rewritten: %p', (body, rewritten) => {
  expect(cohereRerank.mustRewrite!({ ...body })).toBe(rewritten);
});

test.each<[object, string]>([
  [{ documents: ['a'] }, 'query'],
  [{ query: 'q' }, 'documents'],
  [{ query: 'q', documents: [1] }, 'documents[0]'],
])('%j is refused by name', (body, param) => {
  expect(() => request.fromWire({ model: 'm', ...body })).toThrow(expect.objectContaining({ param, code: 'invalid_request' }));
});

test('a document with fields is YAML that reads as it was', () => {
  const document = { Title: "It's: here", Body: 'Two\nlines', yes: 'no', n: 1.5, list: ['a'], none: null, plain: 'Washington, D.C.' };
  const text = documentText(document);
  expect(text.split('\n')).toHaveLength(7);
  expect(Bun.YAML.parse(text)).toEqual(document);
  expect(documentText({ text: 'only' })).toBe('only');
  expect(documentText({ a: '1', b: 'x' }, ['b'])).toBe('x');
  expect(documentText({ a: 'x' }, ['missing'])).toBe('a: x');
});

test('answers, there and back', () => {
  const body = {
    id: 'r',
    results: [
      { index: 1, relevance_score: 0.9 },
      { document: { text: 'a' }, index: 0, relevance_score: 0.1 },
    ],
    meta: { api_version: { version: '2' }, billed_units: { search_units: 1 } },
  };
  const result = response.fromWire(body);
  expect(result).toEqual({
    id: 'r',
    results: [
      { index: 1, relevanceScore: 0.9 },
      { index: 0, relevanceScore: 0.1, document: { text: 'a' } },
    ],
    usage: { searchUnits: 1 },
  });
  expect(response.toWire(result, { model: 'm', newId: () => 'made' })).toEqual(body);
  expect(response.toWire({ results: [], usage: { inputTokens: 5 } }, { model: 'm', newId: () => 'made' })).toEqual({
    id: 'made',
    results: [],
    meta: { api_version: { version: '2' }, billed_units: { input_tokens: 5 }, tokens: { input_tokens: 5, output_tokens: 0 } },
  });
  // Some servers give the document as a bare text.
  expect(response.fromWire({ results: [{ index: 0, relevance_score: 1, document: 'a' }] }).results[0]!.document).toEqual({ text: 'a' });
  expect(() => response.fromWire({ message: 'x' })).toThrow('without results');
});
