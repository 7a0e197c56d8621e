import { describe, expect, test } from 'bun:test';
import type { Env } from '../../lib/env.ts';
import type { Endpoint } from '../../types/index.ts';
import { credentialHeaders, credentialsRefused } from '../credentials.ts';
import { createProviders } from '../registry.ts';
import { targetOf, type TargetOptions } from '../target.ts';
import { upstreamUrl } from '../url.ts';
import { createWatsonx } from './index.ts';

const base = 'https://us-south.ml.cloud.ibm.com';
const request = { method: 'POST', url: base, body: '{}' };

const made = (answer?: () => Response) => {
  const clock = { now: 1_000_000 };
  const asked: { url: string; body: string }[] = [];
  const provider = createWatsonx({
    now: () => clock.now,
    fetch: async (url, { body }) => {
      asked.push({ url, body: String(body) });
      return answer?.() ?? Response.json({ access_token: `iam-${asked.length}`, expires_in: 3600 });
    },
  });
  const target = (given: Partial<TargetOptions> = {}, env: Env = {}) =>
    targetOf({ model: 'watsonx/ibm/granite-4-h-small', ...given }, { providers: createProviders([provider]), env });
  const url = (given: Partial<TargetOptions>, endpoint: Endpoint = 'chat', stream = false, env: Env = {}) =>
    upstreamUrl(target(given, env), provider.speaks[endpoint]!, stream);
  return { provider, target, url, asked, clock };
};

describe('addresses', () => {
  test.each([
    ['chat', false, '/ml/v1/text/chat?version=2024-03-13'],
    ['chat', true, '/ml/v1/text/chat_stream?version=2024-03-13'],
    ['completions', true, '/ml/v1/text/generation_stream?version=2024-03-13'],
    ['embeddings', false, '/ml/v1/text/embeddings?version=2024-03-13'],
    ['rerank', false, '/ml/v1/text/rerank?version=2024-03-13'],
  ] as const)('%s (streamed: %p)', (endpoint, stream, path) => {
    expect(made().url({ baseUrl: base }, endpoint, stream)).toBe(base + path);
  });

  test('of a deployment, which cannot leave its place', () => {
    const { url } = made();
    expect(url({ baseUrl: base, model: 'watsonx/deployment/d-1' }, 'chat', true)).toBe(
      `${base}/ml/v1/deployments/d-1/text/chat_stream?version=2024-03-13`,
    );
    expect(url({ baseUrl: base, model: 'watsonx/deployment/a/../b' })).toContain('/deployments/a%2F..%2Fb/text/chat?');
  });

  test('by region, by variable, of another version, pasted whole', () => {
    const { url } = made();
    expect(url({ options: { watsonx_region_name: 'eu-de' } })).toStartWith('https://eu-de.ml.cloud.ibm.com/ml/v1/');
    expect(url({}, 'chat', false, { WATSONX_URL: 'https://cpd.test/' })).toBe('https://cpd.test/ml/v1/text/chat?version=2024-03-13');
    expect(url({ baseUrl: base, apiVersion: '2025-01-01' })).toEndWith('?version=2025-01-01');
    expect(url({ baseUrl: `${base}/ml/v1/text/chat?version=2023-01-01` })).toBe(`${base}/ml/v1/text/chat?version=2024-03-13`);
    expect(() => url({})).toThrow('WATSONX_API_BASE');
    expect(() => url({ options: { watsonx_region_name: 'evil.test/x' } })).toThrow('api_base');
  });
});

describe('credentials', () => {
  test('a key is exchanged at IAM, once for all, and again before the end', async () => {
    const { target, asked, clock } = made();
    const one = target({ apiKey: 'K+EY' });
    const all = await Promise.all([credentialHeaders(one, request), credentialHeaders(one, request)]);
    expect(all).toEqual([{ authorization: 'Bearer iam-1' }, { authorization: 'Bearer iam-1' }]);
    expect(asked).toEqual([
      {
        url: 'https://iam.cloud.ibm.com/identity/token',
        body: 'grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey=K%2BEY',
      },
    ]);
    clock.now += 3_400_000;
    expect(await credentialHeaders(one, request)).toEqual({ authorization: 'Bearer iam-2' });
  });

  test('two keys have two tokens; one that is refused is exchanged anew', async () => {
    const { target, clock } = made();
    const [a, b] = [target({ apiKey: 'a' }), target({ apiKey: 'b' })];
    expect(await credentialHeaders(a, request)).toEqual({ authorization: 'Bearer iam-1' });
    expect(await credentialHeaders(b, request)).toEqual({ authorization: 'Bearer iam-2' });
    expect(await credentialHeaders(a, request)).toEqual({ authorization: 'Bearer iam-1' });
    clock.now += 60_000;
    expect(credentialsRefused(a, { authorization: 'Bearer iam-1' })).toBe(true);
    expect(await credentialHeaders(a, request)).toEqual({ authorization: 'Bearer iam-3' });
  });

  test('a token and a Zen key go as they are', async () => {
    const { target, asked } = made();
    const env = { WATSONX_APIKEY: 'other' };
    expect(await credentialHeaders(target({ options: { token: 't' } }, env), request)).toEqual({ authorization: 'Bearer t' });
    expect(await credentialHeaders(target({ options: { zen_api_key: 'z' } }, env), request)).toEqual({ authorization: 'ZenApiKey z' });
    expect(await credentialHeaders(target({}, { WATSONX_ZENAPIKEY: 'y' }), request)).toEqual({ authorization: 'ZenApiKey y' });
    expect(asked).toHaveLength(0);
    expect(() => credentialHeaders(target(), request)).toThrow('WATSONX_APIKEY');
  });

  test('IAM of another cloud', async () => {
    const { target, asked } = made();
    await credentialHeaders(target({ apiKey: 'k' }, { WATSONX_IAM_URL: 'https://iam.test.cloud.ibm.com/identity/token' }), request);
    expect(asked[0]!.url).toBe('https://iam.test.cloud.ibm.com/identity/token');
  });

  test.each([
    [400, { errorCode: 'BXNIM0415E', errorMessage: 'Provided API key CANARY could not be found.' }, 'authentication'],
    [500, 'gibberish', 'unavailable'],
  ] as const)('a refusal with %p says why, without the key', async (status, body, code) => {
    const { target } = made(() => Response.json(body, { status }));
    const error = await Promise.resolve(credentialHeaders(target({ apiKey: 'CANARY' }), request)).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain('CANARY');
  });
});

describe('whose quota it is', () => {
  const members = (model: string, options: Record<string, unknown>, body = {}) =>
    createWatsonx().speaks.chat!.dialect!({ model, stream: true, headers: {}, body, options }).members;

  test('a project, else a space; not beside one that the request names, nor of a deployment', () => {
    expect(members('m', { project_id: 'p', space_id: 's' })).toEqual({ stream: undefined, project_id: 'p' });
    expect(members('m', { space_id: 's' })).toEqual({ stream: undefined, space_id: 's' });
    expect(members('m', { project_id: 'p' }, { space_id: 'own' })).toEqual({ stream: undefined });
    expect(members('deployment/x', {})).toEqual({ stream: undefined });
    expect(() => members('m', {})).toThrow('WATSONX_PROJECT_ID');
  });
});
