import { afterEach, expect, test } from 'bun:test';
import { createRig, headOf, jsonAnswer, type RawUpstream } from './harness.ts';

const { upstreamOf, gatewayOf, stopAll } = createRig();
afterEach(stopAll);

const cohere = (base: string) =>
  `model_list: [{ model_name: ranker, litellm_params: { model: cohere/rerank-v3.5, api_base: "${base}", api_key: a-key-of-nobody } }]`;
const answer = {
  id: 'r1',
  results: [{ index: 1, relevance_score: 0.86303437 }],
  meta: { api_version: { version: '2' }, billed_units: { search_units: 1 } },
};
const bodyOf = ({ requests }: RawUpstream) => JSON.parse(requests[0]!.text.split('\r\n\r\n')[1]!) as Record<string, unknown>;

test.each(['/rerank', '/v1/rerank', '/v2/rerank'])('%s: what Cohere takes passes through both ways', async (path) => {
  const upstream = await upstreamOf((socket) => socket.write(jsonAnswer(answer)));
  const gateway = await gatewayOf(cohere(upstream.base));
  const response = await gateway.post(path, '{"model":"ranker", "query":"q","documents":["a","b"],"top_n":1,"priority":2,"timeout":5}');
  expect([response.status, await response.text()]).toEqual([200, JSON.stringify(answer)]);
  expect(headOf(upstream)).toStartWith('POST /v2/rerank ');
  expect(bodyOf(upstream)).toEqual({ model: 'rerank-v3.5', query: 'q', documents: ['a', 'b'], top_n: 1, priority: 2 });
  // One query: 2 dollars for a thousand.
  expect(response.headers.get('x-litellm-response-cost')).toBe('0.002');
  expect(gateway.calls()[0]).toMatchObject({ model: 'ranker', status: 200, cost_nano_usd: 2_000_000 });
});

test('objects are texts for Cohere, and come back to whoever asked for them', async () => {
  const upstream = await upstreamOf((socket) => socket.write(jsonAnswer(answer)));
  const gateway = await gatewayOf(cohere(upstream.base));
  const documents = ['a', { title: 'B', text: 'b' }];
  const response = await gateway.post('/v1/rerank', { model: 'ranker', query: 'q', documents, return_documents: true });
  expect(await response.json()).toEqual({ ...answer, results: [{ ...answer.results[0], document: documents[1] }] });
  expect(bodyOf(upstream)['documents']).toEqual(['a', 'title: B\ntext: b']);
});

test('failures are in Cohere’s words, with their status', async () => {
  const upstream = await upstreamOf((socket) => socket.write(jsonAnswer({ id: 'x', message: 'invalid api token' }, 401)));
  const gateway = await gatewayOf(cohere(upstream.base));
  const refused = await gateway.post('/v2/rerank', { model: 'ranker', query: 'q', documents: ['a'] });
  expect([refused.status, await refused.json()]).toEqual([401, { id: 'x', message: 'invalid api token' }]);
  const wrong = await gateway.post('/v2/rerank', { model: 'ranker', documents: ['a'], return_documents: true });
  expect([wrong.status, await wrong.json()]).toEqual([400, { message: "'query' must be a string, not missing." }]);
  const missing = await gateway.post('/v2/rerank', { model: 'nope', query: 'q', documents: ['a'] });
  expect(missing.status).toBe(404);
  expect(upstream.requests).toHaveLength(1);
});

test('the mock does it without a key', async () => {
  const gateway = await gatewayOf('model_list: [{ model_name: m, litellm_params: { model: mock/rerank } }]');
  const response = await gateway.post('/rerank', { model: 'm', query: 'red apple', documents: ['a pear', 'a red apple'] });
  expect(await response.json()).toMatchObject({
    results: [
      { index: 1, relevance_score: 1 },
      { index: 0, relevance_score: 0 },
    ],
  });
});
