import { expect, test } from 'bun:test';
import { embedding, rerank } from '../../index.ts';

const answering = (body: unknown, status = 200) => {
  const seen: { url: string; body: unknown }[] = [];
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    seen.push({ url: String(url), body: JSON.parse(String(init?.body)) });
    return Response.json(body, { status });
  };
  return { seen, options: { fetch: fetch as typeof globalThis.fetch, apiKey: 'k', maxRetries: 0 } };
};
const vectors = {
  object: 'list',
  data: [{ object: 'embedding', embedding: [1, 2], index: 0 }],
  model: 'voyage-4',
  usage: { total_tokens: 5 },
};

test('texts, and the words of OpenAI’s clients', async () => {
  const upstream = answering(vectors);
  const answer = await embedding({ model: 'voyage/voyage-4', input: 'a', dimensions: 256, input_type: 'query', ...upstream.options });
  expect(upstream.seen).toEqual([
    {
      url: 'https://api.voyageai.com/v1/embeddings',
      body: { input_type: 'query', model: 'voyage-4', input: ['a'], output_dimension: 256 },
    },
  ]);
  expect(answer).toMatchObject({ data: [{ embedding: [1, 2] }], usage: { prompt_tokens: 5, total_tokens: 5 } });
});

test('images have a call of their own', async () => {
  const upstream = answering(vectors);
  const input = [{ image: 'https://a.test/b.png' }];
  await embedding({ model: 'voyage/voyage-multimodal-3.5', input, ...upstream.options });
  expect(upstream.seen).toEqual([
    {
      url: 'https://api.voyageai.com/v1/multimodalembeddings',
      body: { model: 'voyage-multimodal-3.5', inputs: [{ content: [{ type: 'image_url', image_url: 'https://a.test/b.png' }] }] },
    },
  ]);
});

test('ranks', async () => {
  const upstream = answering({
    object: 'list',
    data: [{ relevance_score: 0.7, index: 1 }],
    model: 'rerank-2.5',
    usage: { total_tokens: 43 },
  });
  const answer = await rerank({ model: 'voyage/rerank-2.5', query: 'q', documents: ['a', 'b'], topN: 1, ...upstream.options });
  expect(upstream.seen[0]!.body).toEqual({ model: 'rerank-2.5', query: 'q', documents: ['a', 'b'], top_k: 1, return_documents: false });
  expect(answer).toMatchObject({ results: [{ index: 1, relevance_score: 0.7 }], meta: { tokens: { input_tokens: 43 } } });
});

test('token ids of nobody are refused before any network', async () => {
  const upstream = answering(vectors);
  await expect(embedding({ model: 'voyage/voyage-4', input: [1, 999_999_999], ...upstream.options })).rejects.toMatchObject({
    code: 'unsupported_parameter',
    param: 'input',
  });
  expect(upstream.seen).toEqual([]);
});

test('a failure keeps its words', async () => {
  const upstream = answering({ detail: 'Model nonexistent is not supported.' }, 400);
  await expect(embedding({ model: 'voyage/nonexistent', input: 'a', ...upstream.options })).rejects.toMatchObject({
    message: 'Model nonexistent is not supported.',
    status: 400,
  });
});
