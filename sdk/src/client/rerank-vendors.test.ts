import { expect, test } from 'bun:test';
import { embedding, rerank } from '../index.ts';

/** Answers with the body, and keeps what was asked. */
const answering = (body: unknown) => {
  const seen: { url: string; body: unknown; key: string | null }[] = [];
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    seen.push({ url: String(url), body: JSON.parse(String(init?.body)), key: new Headers(init?.headers).get('authorization') });
    return Response.json(body);
  };
  return { seen, options: { fetch: fetch as typeof globalThis.fetch, apiKey: 'key-of-nobody', maxRetries: 0, env: {} } };
};

const plain = (model: string) => ({ model, query: 'q', documents: ['a', 'b: 2'], top_n: 1, return_documents: false });
const results = { results: [{ index: 1, relevance_score: 0.9 }], usage: { total_tokens: 7 } };
const data = { data: [{ index: 1, relevance_score: 0.9 }], usage: { total_tokens: 7 } };

test.each<[string, string | undefined, string, object, object]>([
  ['jina_ai/jina-reranker-v3', undefined, 'https://api.jina.ai/v1/rerank', plain('jina-reranker-v3'), results],
  ['infinity/rerank', 'http://h.test:7997', 'http://h.test:7997/rerank', plain('rerank'), results],
  ['together_ai/Salesforce/Llama-Rank-V1', undefined, 'https://api.together.xyz/v1/rerank', plain('Salesforce/Llama-Rank-V1'), results],
  [
    'fireworks_ai/accounts/fireworks/models/qwen3-reranker-8b',
    undefined,
    'https://api.fireworks.ai/inference/v1/rerank',
    plain('accounts/fireworks/models/qwen3-reranker-8b'),
    data,
  ],
  ['hosted_vllm/BAAI/bge-reranker-v2-m3', 'http://h.test:8000', 'http://h.test:8000/v1/rerank', plain('BAAI/bge-reranker-v2-m3'), results],
  ['llamafile/bge', undefined, 'http://127.0.0.1:8080/v1/rerank', plain('bge'), results],
  [
    'deepinfra/Qwen/Qwen3-Reranker-8B',
    undefined,
    'https://api.deepinfra.com/v1/inference/Qwen/Qwen3-Reranker-8B',
    { queries: ['q', 'q'], documents: ['a', 'b: 2'] },
    { scores: [0.1, 0.9], input_tokens: 7 },
  ],
])('%s', async (model, baseUrl, url, body, answer) => {
  const upstream = answering(answer);
  const told = await rerank({
    model,
    query: 'q',
    documents: ['a', { b: 2 }],
    topN: 1,
    return_documents: true,
    ...(baseUrl !== undefined && { baseUrl }),
    ...upstream.options,
  });
  expect(upstream.seen).toEqual([{ url, body, key: 'Bearer key-of-nobody' }]);
  expect(told.results).toEqual([{ index: 1, relevance_score: 0.9, document: { b: 2 } }]);
  expect(told.meta).toMatchObject({ tokens: { input_tokens: 7 } });
});

test('how much of a document Cohere is to read is left out for others: LangChain says it with every call', async () => {
  const upstream = answering(results);
  await rerank({ model: 'jina_ai/r', query: 'q', documents: ['a', 'b'], max_tokens_per_doc: 9, ...upstream.options });
  expect(upstream.seen).toHaveLength(1);
  expect(upstream.seen[0]!.body).not.toHaveProperty('max_tokens_per_doc');
});

test('Jina AI embeds images, and has its own word for how numbers come', async () => {
  const upstream = answering({ data: [{ index: 0, embedding: 'AACAPw==' }], model: 'j', usage: { total_tokens: 4, prompt_tokens: 4 } });
  const input = [{ image: 'https://a.test/b.png' }];
  const told = await embedding({
    model: 'jina_ai/jina-clip-v2',
    input,
    encoding_format: 'base64',
    dimensions: 64,
    user: 'u',
    ...upstream.options,
  });
  expect(upstream.seen[0]).toMatchObject({
    url: 'https://api.jina.ai/v1/embeddings',
    body: { model: 'jina-clip-v2', input: [{ image: 'https://a.test/b.png' }], embedding_type: 'base64', dimensions: 64 },
  });
  expect(upstream.seen[0]!.body).not.toHaveProperty('user');
  expect(told.data[0]!.embedding as unknown).toBe('AACAPw==');
});
