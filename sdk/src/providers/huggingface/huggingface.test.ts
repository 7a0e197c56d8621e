import { expect, test } from 'bun:test';
import { completion, embedding, rerank } from '../../index.ts';
import type { Speaks } from '../../types/index.ts';
import { chooseSpeaks } from '../choose.ts';
import { providers } from '../index.ts';
import { targetOf } from '../target.ts';
import { upstreamUrl } from '../url.ts';

const target = (model: string, baseUrl?: string) =>
  targetOf({ model: `huggingface/${model}`, ...(baseUrl !== undefined && { baseUrl }) }, { providers, env: {} });
const own = 'https://x1.us-east-1.aws.endpoints.huggingface.cloud';

test.each([
  ['together/deepseek-ai/DeepSeek-R1', undefined, 'deepseek-ai/DeepSeek-R1:together'],
  ['deepseek-ai/DeepSeek-R1', undefined, 'deepseek-ai/DeepSeek-R1'],
  ['deepseek-ai/DeepSeek-R1:fastest', undefined, 'deepseek-ai/DeepSeek-R1:fastest'],
  ['a/b/c', own, 'a/b/c'],
])('%s at %p is called %s', (model, baseUrl, called) => {
  expect(target(model, baseUrl).model).toBe(called);
});

test.each<['chat' | 'completions' | 'embeddings' | 'rerank', string, string | undefined, string]>([
  ['chat', 'o/m', undefined, 'https://router.huggingface.co/v1/chat/completions'],
  ['chat', 'o/m', 'https://router.huggingface.co/v1/', 'https://router.huggingface.co/v1/chat/completions'],
  ['chat', 'o/m', 'https://router.huggingface.co/together/v1', 'https://router.huggingface.co/together/v1/chat/completions'],
  ['chat', 'o/m', 'https://router.huggingface.co/novita/v3/openai', 'https://router.huggingface.co/novita/v3/openai/chat/completions'],
  ['chat', 'tgi', own, `${own}/v1/chat/completions`],
  ['chat', 'tgi', `${own}/v1/chat/completions`, `${own}/v1/chat/completions`],
  ['completions', 'text-generation/o/m', undefined, 'https://router.huggingface.co/hf-inference/models/o/m'],
  ['completions', 'text-generation/o/m', `${own}/generate`, `${own}/`],
  ['embeddings', 'o/m', undefined, 'https://router.huggingface.co/hf-inference/models/o/m/pipeline/feature-extraction'],
  ['embeddings', 'o/m', own, `${own}/v1/embeddings`],
  ['embeddings', 'o/m', `${own}/embed`, `${own}/embed`],
  ['rerank', 'o/m', `${own}/v1`, `${own}/rerank`],
])('%s of %s at %p', (endpoint, model, baseUrl, url) => {
  const made = target(model, baseUrl);
  expect(upstreamUrl(made, made.provider.speaks[endpoint] as Speaks, false)).toBe(url);
});

test('a conversation goes by chat, a raw prompt by the task, where it is asked for', () => {
  const chosen = (model: string) => chooseSpeaks(target(model).provider, 'm', 'openai-completions', target(model).prefer).speaks.protocol;
  expect([chosen('o/m'), chosen('text-generation/o/m')]).toEqual(['openai-chat', 'tgi-generate']);
  expect(() => upstreamUrl(target('o/m'), target('o/m').provider.speaks.rerank!, false)).toThrow(/api_base/);
});

const answering = (answer: unknown, headers?: HeadersInit) => {
  const seen: { url: string; body: unknown }[] = [];
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    const body = JSON.parse(String(init?.body)) as Record<string, unknown>;
    seen.push({ url: String(url), body });
    return Response.json(typeof answer === 'function' ? answer(body) : answer, { ...(headers && { headers }) });
  };
  return { seen, options: { fetch: fetch as typeof globalThis.fetch, apiKey: 'k', maxRetries: 0 } };
};

test('vectors come as a bare list, and many texts go in several calls', async () => {
  const upstream = answering(({ inputs }: { inputs: string[] }) => inputs.map((text) => [text.length]), { 'x-compute-tokens': '4' });
  const input = Array.from({ length: 33 }, (_, at) => `text ${at}`);
  const answer = await embedding({ model: 'huggingface/o/m', input, ...upstream.options });
  expect(upstream.seen.map(({ body }) => (body as { inputs: string[] }).inputs.length)).toEqual([32, 1]);
  expect(answer.data.map((each) => each.embedding)).toEqual(input.map((text) => [text.length]));
  expect(answer.usage).toEqual({ prompt_tokens: 8, total_tokens: 8 });
});

test('so do ranks, of which the client gets as many as it asked for', async () => {
  const upstream = answering([
    { index: 0, score: 0.1 },
    { index: 1, score: 0.9 },
  ]);
  const answer = await rerank({
    model: 'huggingface/o/m',
    query: 'q',
    documents: ['a', 'b'],
    topN: 1,
    return_documents: true,
    baseUrl: own,
    ...upstream.options,
  });
  expect(upstream.seen).toEqual([{ url: `${own}/rerank`, body: { query: 'q', texts: ['a', 'b'], return_text: false } }]);
  expect(answer.results).toEqual([{ index: 1, relevance_score: 0.9, document: { text: 'b' } }]);
});

test('and texts of the task', async () => {
  const upstream = answering([{ generated_text: 'Hi', details: { finish_reason: 'length', generated_tokens: 2 } }]);
  const answer = await completion({
    model: 'huggingface/text-generation/o/m',
    messages: [{ role: 'user', content: 'Say' }],
    max_tokens: 2,
    baseUrl: own,
    ...upstream.options,
  });
  expect(answer.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: 'Hi' } });
  expect(upstream.seen[0]).toMatchObject({ url: `${own}/`, body: { inputs: 'Say', parameters: { max_new_tokens: 2 } } });
});
