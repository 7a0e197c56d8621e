import { expect, test } from 'bun:test';
import { cohereRerank } from '../protocols/index.ts';
import { providers } from '../providers/index.ts';
import { targetOf } from '../providers/target.ts';
import { createFetchTransport } from '../transport/fetch-transport.ts';
import type { SluiceError } from '../types/index.ts';
import { rerank } from './rerank.ts';

const bedrock = 'https://bedrock-runtime.us-east-1.amazonaws.com/model';
const texts = { query: 'q', documents: ['a', 'b'], top_n: 1 };

test.each([
  ['bedrock/us-east-1/cohere.rerank-v3-5:0', undefined, `${bedrock}/cohere.rerank-v3-5%3A0/invoke`, { ...texts, api_version: 2 }],
  ['bedrock/us-east-1/amazon.rerank-v1:0', undefined, `${bedrock}/amazon.rerank-v1%3A0/invoke`, texts],
  [
    'azure_ai/cohere-rerank-v4.0-fast',
    'https://r.services.ai.azure.com',
    'https://r.services.ai.azure.com/providers/cohere/v2/rerank',
    { ...texts, model: 'cohere-rerank-v4.0-fast' },
  ],
  [
    'azure_ai/c',
    'https://r.services.ai.azure.com/providers/cohere',
    'https://r.services.ai.azure.com/providers/cohere/v2/rerank',
    { ...texts, model: 'c' },
  ],
  ['azure_ai/c', 'https://n.eastus2.models.ai.azure.com', 'https://n.eastus2.models.ai.azure.com/v2/rerank', { ...texts, model: 'c' }],
  [
    'azure_ai/c',
    'https://n.eastus2.models.ai.azure.com/v1/rerank',
    'https://n.eastus2.models.ai.azure.com/v1/rerank',
    { ...texts, model: 'c' },
  ],
])('%s at %p orders documents, translated and passed on', async (model, baseUrl, url, body) => {
  const target = targetOf({ model, apiKey: 'k', ...(baseUrl !== undefined && { baseUrl }) }, { providers, env: {} });
  const sent: unknown[] = [];
  const transport = createFetchTransport(async (to, init) => {
    sent.push([to, JSON.parse(String(init.body))]);
    return Response.json({ results: [{ index: 1, relevance_score: 0.9 }] });
  });
  for (const more of [{}, { return_documents: true }]) {
    const answer = await rerank({ format: cohereRerank, body: { model: 'mine', ...texts, ...more }, target }, { transport });
    expect(answer.json()['results']).toMatchObject([{ index: 1, relevance_score: 0.9 }]);
  }
  expect(sent).toEqual([
    [url, body],
    [url, body],
  ]);
});

test("failures of Bedrock's rerankers are in AWS's words", async () => {
  const target = targetOf({ model: 'bedrock/us-east-1/amazon.rerank-v1:0', apiKey: 'k' }, { providers, env: {} });
  const transport = createFetchTransport(async () =>
    Response.json({ message: 'slow' }, { status: 429, headers: { 'x-amzn-errortype': 'ThrottlingException' } }),
  );
  const failure = await rerank({ format: cohereRerank, body: { model: 'm', ...texts }, target }, { transport }).catch(
    (error: SluiceError) => error,
  );
  expect(failure).toMatchObject({ code: 'rate_limited', upstream: { type: 'ThrottlingException' } });
});

test("Google's ranking API, with the documents that are asked for put back in", async () => {
  const options = { vertex_project: 'p1', vertex_access_token: 't' };
  const target = targetOf({ model: 'vertex_ai/semantic-ranker-default@latest', options }, { providers, env: {} });
  const sent: unknown[] = [];
  const transport = createFetchTransport(async (to, init) => {
    sent.push([to, JSON.parse(String(init.body)), new Headers(init.headers).get('x-goog-user-project')]);
    return Response.json({ records: [{ id: '1', score: 0.9 }] });
  });
  const answer = await rerank({ format: cohereRerank, body: { model: 'mine', ...texts, return_documents: true }, target }, { transport });
  expect(answer.json()['results']).toEqual([{ index: 1, relevance_score: 0.9, document: { text: 'b' } }]);
  expect(sent).toEqual([
    [
      'https://discoveryengine.googleapis.com/v1/projects/p1/locations/global/rankingConfigs/default_ranking_config:rank',
      {
        model: 'semantic-ranker-default@latest',
        query: 'q',
        records: [
          { id: '0', content: 'a' },
          { id: '1', content: 'b' },
        ],
        topN: 1,
        ignoreRecordDetailsInResponse: true,
      },
      'p1',
    ],
  ]);
});
