import { expect, test } from 'bun:test';
import {
  SluiceError,
  type JsonObject,
  type Quirks,
  type RerankRequest,
  type ToWireContext,
  type UpstreamRerankProtocol,
} from '../../types/index.ts';
import { deepinfraRerank } from '../deepinfra-rerank/index.ts';
import { nvidiaRerank } from '../nvidia-rerank/index.ts';
import { teiRerank } from '../tei-rerank/index.ts';
import { jinaRerank } from './index.ts';

const context = (quirks: Quirks = {}): ToWireContext => ({
  model: 'up',
  provider: 'vendor',
  from: 'cohere-rerank',
  traits: {},
  quirks,
  dropParams: false,
  drop: () => {},
  lacks: (parameter) => {
    throw new SluiceError('unsupported_parameter', parameter, { param: parameter });
  },
});
const request: RerankRequest = {
  model: 'm',
  query: 'q',
  documents: ['a', { title: 'B', text: 'b' }],
  topN: 1,
  returnDocuments: true,
  rankFields: ['text'],
  unknown: { truncation: true },
};

test.each<[string, UpstreamRerankProtocol, JsonObject, Quirks?]>([
  ['Jina AI', jinaRerank, { truncation: true, model: 'up', query: 'q', documents: ['a', 'b'], top_n: 1, return_documents: false }],
  [
    'Voyage AI',
    jinaRerank,
    { truncation: true, model: 'up', query: 'q', documents: ['a', 'b'], top_k: 1, return_documents: false },
    { rename: { top_n: 'top_k' } },
  ],
  ['NVIDIA', nvidiaRerank, { truncation: true, model: 'up', query: { text: 'q' }, passages: [{ text: 'a' }, { text: 'b' }] }],
  ['Text Embeddings Inference', teiRerank, { truncation: true, query: 'q', texts: ['a', 'b'], return_text: false }],
  ['DeepInfra', deepinfraRerank, { truncation: true, queries: ['q', 'q'], documents: ['a', 'b'] }],
])('a request of Cohere’s, for %s', (...[, protocol, wire, quirks]) => {
  expect(protocol.request.toWire(request, context(quirks))).toEqual(wire);
  for (const [member, param] of [
    ['maxChunksPerDocument', 'max_chunks_per_doc'],
    ['maxTokensPerDocument', 'max_tokens_per_doc'],
  ] as const) {
    const dropped: string[] = [];
    const noting = { ...context(quirks), drop: (what: string) => void dropped.push(what) };
    expect(protocol.request.toWire({ ...request, [member]: 9 }, noting)).toEqual(wire);
    expect(dropped).toEqual([param]);
  }
});

test('NVIDIA ranks images too', () => {
  const documents = [{ image: 'data:image/png;base64,AA==' }, { text: 'a', image: 'data:image/png;base64,AA==' }];
  expect(nvidiaRerank.request.toWire({ ...request, documents }, context())['passages']).toEqual(documents);
});

const ranked = [
  { index: 1, relevanceScore: 0.9 },
  { index: 0, relevanceScore: -2 },
];
test.each<[string, UpstreamRerankProtocol, JsonObject, JsonObject]>([
  [
    'Voyage AI',
    jinaRerank,
    {
      object: 'list',
      data: [
        { relevance_score: 0.9, index: 1 },
        { relevance_score: -2, index: 0 },
      ],
      model: 'r',
      usage: { total_tokens: 43 },
    },
    { model: 'r', results: ranked, usage: { inputTokens: 43 } },
  ],
  [
    'llama.cpp, in the order of the documents',
    jinaRerank,
    {
      results: [
        { index: 0, relevance_score: -2 },
        { index: 1, relevance_score: 0.9 },
      ],
      usage: { prompt_tokens: 55, total_tokens: 55 },
    },
    { results: ranked, usage: { inputTokens: 55 } },
  ],
  [
    'Together AI, with documents',
    jinaRerank,
    {
      id: 'x',
      results: [
        { index: 1, relevance_score: 0.9, document: { text: 'b' } },
        { index: 0, relevance_score: -2, document: 'a' },
      ],
    },
    {
      id: 'x',
      results: [
        { ...ranked[0], document: { text: 'b' } },
        { ...ranked[1], document: { text: 'a' } },
      ],
    },
  ],
  [
    'NVIDIA',
    nvidiaRerank,
    {
      rankings: [
        { index: 1, logit: 0.9 },
        { index: 0, logit: -2 },
      ],
      usage: { total_tokens: 3 },
    },
    { results: ranked, usage: { inputTokens: 3 } },
  ],
  [
    'Text Embeddings Inference',
    teiRerank,
    {
      list: [
        { index: 1, score: 0.9 },
        { index: 0, score: -2 },
      ],
    },
    { results: ranked },
  ],
  [
    'DeepInfra',
    deepinfraRerank,
    { scores: [-2, 0.9], input_tokens: 42, request_id: null },
    { results: ranked, usage: { inputTokens: 42 } },
  ],
])('an answer of %s', (_name, protocol, body, result) => {
  expect(protocol.response.fromWire(body)).toEqual(result as never);
});

test.each([jinaRerank, nvidiaRerank, teiRerank, deepinfraRerank].map((protocol) => [protocol.id, protocol] as const))(
  '%s: what is no answer',
  (_id, protocol) => {
    expect(() => protocol.response.fromWire({ message: 'x' })).toThrow(expect.objectContaining({ code: 'invalid_response' }));
  },
);

test('an error that came with a 200', () => {
  expect(() => jinaRerank.response.fromWire({ error: { message: 'No model.', code: 404 } })).toThrow('No model.');
});
