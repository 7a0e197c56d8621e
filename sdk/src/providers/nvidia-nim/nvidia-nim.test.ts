import { expect, test } from 'bun:test';
import { rerank } from '../../index.ts';

const ranked = async (model: string, baseUrl?: string) => {
  let seen: { url: string; body: { model: string }; key: string | null } | undefined;
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    seen = {
      url: String(url),
      body: JSON.parse(String(init?.body)) as { model: string },
      key: new Headers(init?.headers).get('authorization'),
    };
    return Response.json({
      rankings: [
        { index: 1, logit: 2 },
        { index: 0, logit: -1 },
      ],
    });
  };
  const answer = await rerank({
    model: `nvidia_nim/${model}`,
    query: 'q',
    documents: ['a', 'b'],
    topN: 1,
    apiKey: 'k',
    fetch: fetch as typeof globalThis.fetch,
    ...(baseUrl !== undefined && { baseUrl }),
  });
  expect(answer.results).toEqual([{ index: 1, relevance_score: 2 }]);
  return [seen!.url, seen!.body.model, seen!.key];
};

const cloud = 'https://ai.api.nvidia.com/v1/retrieval/nvidia/llama-3_2-nv-rerankqa-1b-v2/reranking';
const model = 'nvidia/llama-3.2-nv-rerankqa-1b-v2';

test.each([
  ['nvidia/llama-3_2-nv-rerankqa-1b-v2', undefined, cloud],
  [model, undefined, cloud],
  [`ranking/${model}`, 'https://integrate.api.nvidia.com/v1', cloud],
  [model, 'https://ai.api.nvidia.com/v1/retrieval/nvidia/reranking', 'https://ai.api.nvidia.com/v1/retrieval/nvidia/reranking'],
  [model, 'http://nim.test:8000', 'http://nim.test:8000/v1/ranking'],
  [model, 'http://nim.test:8000/v1/ranking', 'http://nim.test:8000/v1/ranking'],
])('%s at %p', async (name, baseUrl, url) => {
  expect(await ranked(name, baseUrl)).toEqual([url, model, 'Bearer k']);
});
