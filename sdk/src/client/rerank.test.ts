import { expect, test } from 'bun:test';
import { rerank } from '../index.ts';
import type { TransportRequest } from '../types/index.ts';

const answered = (body: object, status = 200) => {
  const seen: TransportRequest[] = [];
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    seen.push({ method: 'POST', url: String(url), headers: init?.headers as Record<string, string>, body: String(init?.body) });
    return Response.json(body, { status });
  };
  return { seen, options: { fetch: fetch as typeof globalThis.fetch, env: { CO_API_KEY: 'key' }, maxRetries: 0 } };
};
const best = { id: 'r1', results: [{ index: 1, relevance_score: 0.9 }], meta: { billed_units: { search_units: 1 } } };
const sent = ({ seen }: { seen: TransportRequest[] }) => JSON.parse(String(seen[0]!.body)) as unknown;

test('what Cohere takes goes on as it is, and its answer comes back so', async () => {
  const upstream = answered(best);
  const answer = await rerank({ model: 'rerank-v3.5', query: 'q', documents: ['a', 'b'], topN: 1, priority: 3, ...upstream.options });
  expect(answer).toEqual(best);
  expect(sent(upstream)).toEqual({ model: 'rerank-v3.5', query: 'q', documents: ['a', 'b'], top_n: 1, priority: 3 });
  expect(upstream.seen[0]).toMatchObject({ url: 'https://api.cohere.com/v2/rerank', headers: { authorization: 'Bearer key' } });
});

test('what only the first version took is done here', async () => {
  const upstream = answered(best);
  const documents = [{ text: 'a' }, { title: 'B', body: 'yes: no', size: 2 }];
  const answer = await rerank({ model: 'cohere/rerank-v3.5', query: 'q', documents, return_documents: true, ...upstream.options });
  expect(sent(upstream)).toEqual({ model: 'rerank-v3.5', query: 'q', documents: ['a', 'title: B\nbody: "yes: no"\nsize: 2'] });
  expect(answer.results).toEqual([{ index: 1, relevance_score: 0.9, document: documents[1]! }]);
  await rerank({ model: 'rerank-v3.5', query: 'q', documents: ['a', 'b'], max_chunks_per_doc: 2, ...upstream.options });
  expect(JSON.parse(String(upstream.seen[1]!.body))).toEqual({ model: 'rerank-v3.5', query: 'q', documents: ['a', 'b'] });
});

test('failures are told as they are', async () => {
  const missing = answered({ id: 'x', message: "model 'no' not found" }, 404);
  await expect(rerank({ model: 'cohere/no', query: 'q', documents: ['a'], ...missing.options })).rejects.toMatchObject({
    code: 'not_found',
    status: 404,
    message: "model 'no' not found",
    provider: 'cohere',
  });
  await expect(rerank({ model: 'openai/gpt-4o', query: 'q', documents: ['a'], apiKey: 'k' })).rejects.toThrow('does not offer reranking');
});

test('the mock ranks by the words of the query', async () => {
  const documents = ['Carson City is in Nevada.', 'Washington is the capital.', 'Nothing.'];
  const { results } = await rerank({ model: 'mock/rerank', query: 'the capital, Washington', documents, return_documents: true, topN: 2 });
  expect(results).toEqual([
    { index: 1, relevance_score: 1, document: { text: documents[1]! } },
    { index: 0, relevance_score: 0, document: { text: documents[0]! } },
  ]);
});
