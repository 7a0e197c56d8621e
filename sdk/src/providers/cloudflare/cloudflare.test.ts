import { expect, test } from 'bun:test';
import { completion } from '../../index.ts';
import { providers } from '../index.ts';
import { targetOf } from '../target.ts';
import { upstreamUrl } from '../url.ts';

const accounts = 'https://api.cloudflare.com/client/v4/accounts';
const url = (env: Record<string, string>, baseUrl?: string): string => {
  const target = targetOf(
    { model: 'cloudflare/@cf/meta/llama-3.1-8b-instruct', ...(baseUrl !== undefined && { baseUrl }) },
    { providers, env },
  );
  return upstreamUrl(target, target.provider.speaks.chat!, true);
};

test.each([
  [undefined, `${accounts}/a1/ai/v1/chat/completions`],
  [`${accounts}/b2/ai/run/`, `${accounts}/b2/ai/v1/chat/completions`],
  [`${accounts}/b2`, `${accounts}/b2/ai/v1/chat/completions`],
  [`${accounts}/b2/ai/v1`, `${accounts}/b2/ai/v1/chat/completions`],
  ['https://gateway.ai.cloudflare.com/v1/b2/gw/workers-ai/v1', 'https://gateway.ai.cloudflare.com/v1/b2/gw/workers-ai/v1/chat/completions'],
])('%p', (baseUrl, expected) => expect(url({ CLOUDFLARE_ACCOUNT_ID: 'a1' }, baseUrl)).toBe(expected));

test('whose account it is must be known', () => {
  expect(() => url({})).toThrow(/CLOUDFLARE_ACCOUNT_ID/);
  expect(url({ CLOUDFLARE_ACCOUNT_ID: '../x' })).toContain('/accounts/..%2Fx/ai');
});

test('failures are in an envelope of its own', async () => {
  const fetch = async () =>
    Response.json(
      { success: false, result: {}, messages: [], errors: [{ code: 5007, message: 'No such model @cf/no or task' }] },
      { status: 400 },
    );
  const failed = completion({
    model: 'cloudflare/@cf/no',
    messages: [{ role: 'user', content: 'x' }],
    apiKey: 'key-of-cloudflare',
    baseUrl: `${accounts}/a1`,
    maxRetries: 0,
    fetch: fetch as unknown as typeof globalThis.fetch,
  });
  await expect(failed).rejects.toMatchObject({ status: 400, message: 'No such model @cf/no or task', upstream: { code: '5007' } });
});
