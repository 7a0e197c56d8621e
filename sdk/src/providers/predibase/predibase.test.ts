import { expect, test } from 'bun:test';
import { completion } from '../../index.ts';

const called = async (model: string, given: { baseUrl?: string; env?: Record<string, string> }) => {
  let seen: [string, unknown] | undefined;
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    seen = [String(url), (JSON.parse(String(init?.body)) as { model: unknown }).model];
    return Response.json({
      id: 'x',
      object: 'chat.completion',
      model: '',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
    });
  };
  await completion({
    model: `predibase/${model}`,
    messages: [{ role: 'user', content: 'x' }],
    apiKey: 'k',
    fetch: fetch as typeof globalThis.fetch,
    env: {},
    ...given,
  });
  return seen!;
};
const place = (rest: string): string => `https://serving.app.predibase.com/t1/deployments/v2/llms/${rest}/v1/chat/completions`;
const env = { PREDIBASE_TENANT_ID: 't1' };

test('the deployment is in the path, the adapter in the body', async () => {
  expect(await called('qwen3-8b', { env })).toEqual([place('qwen3-8b'), '']);
  expect(await called('qwen3-8b:adapter-repo/1', { env })).toEqual([place('qwen3-8b'), 'adapter-repo/1']);
});

test('addresses as people paste them', async () => {
  expect((await called('m', { baseUrl: 'https://serving.vpc.test', env }))[0]).toBe(
    'https://serving.vpc.test/t1/deployments/v2/llms/m/v1/chat/completions',
  );
  expect((await called('m', { baseUrl: place('other') }))[0]).toBe(place('m'));
  await expect(called('m', {})).rejects.toMatchObject({ code: 'invalid_request', param: 'tenant_id' });
});
