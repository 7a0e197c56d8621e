import { describe, expect, test } from 'bun:test';
import type { Env } from '../../lib/env.ts';
import type { SluiceError } from '../../types/index.ts';
import { credentialHeaders, credentialsRefused } from '../credentials.ts';
import { createProviders } from '../registry.ts';
import { targetOf, type TargetOptions } from '../target.ts';
import { upstreamUrl } from '../url.ts';
import { createDatabricks } from './index.ts';

const request = { method: 'POST', url: 'https://w.cloud.databricks.com/', body: '{}' };
const workspace = 'https://w.cloud.databricks.com';
const client = { databricks_client_id: 'c-1', databricks_client_secret: 'CANARY' };

const made = (answer: () => Response, now: () => number = Date.now) => {
  const sent: { url: string; init: RequestInit }[] = [];
  const provider = createDatabricks({
    now,
    fetch: async (url, init) => {
      sent.push({ url, init });
      return answer();
    },
  });
  const target = (given: Partial<TargetOptions> = {}, env: Env = {}) =>
    targetOf(
      { model: 'databricks/databricks-claude-sonnet-4-5', baseUrl: workspace, ...given },
      { providers: createProviders([provider]), env },
    );
  return { sent, provider, target };
};

const token = (value: string, seconds = 3600) => Response.json({ access_token: value, token_type: 'Bearer', expires_in: seconds });

describe('the address of a workspace', () => {
  test.each([workspace, `${workspace}/`, `${workspace}/serving-endpoints`, `${workspace}/serving-endpoints/chat/completions`])(
    '%s',
    (baseUrl) => {
      const { target, provider } = made(() => token('t'));
      expect(upstreamUrl(target({ baseUrl }), provider.speaks.chat!, true)).toBe(`${workspace}/serving-endpoints/chat/completions`);
      expect(upstreamUrl(target({ baseUrl }), provider.speaks.embeddings!, false)).toBe(`${workspace}/serving-endpoints/embeddings`);
    },
  );

  test("Unity AI Gateway's own path stays", () => {
    const { target, provider } = made(() => token('t'));
    expect(upstreamUrl(target({ baseUrl: `${workspace}/ai-gateway/mlflow/v1` }), provider.speaks.chat!, false)).toBe(
      `${workspace}/ai-gateway/mlflow/v1/chat/completions`,
    );
  });
});

describe('credentials', () => {
  test('a personal access token goes as it is', async () => {
    const { target, sent } = made(() => token('t'));
    expect(await credentialHeaders(target({ apiKey: 'dapi1', options: client }), request)).toEqual({ authorization: 'Bearer dapi1' });
    expect(await credentialHeaders(target({}, { DATABRICKS_API_KEY: 'dapi2' }), request)).toEqual({ authorization: 'Bearer dapi2' });
    expect(sent).toHaveLength(0);
  });

  test('a configured service principal goes before a key of the environment', async () => {
    const { target } = made(() => token('fetched'));
    const headers = await credentialHeaders(target({ options: client }, { DATABRICKS_API_KEY: 'dapi2' }), request);
    expect(headers).toEqual({ authorization: 'Bearer fetched' });
  });

  test('a service principal signs in at its workspace, once for all, and again before the end', async () => {
    let now = 1_000_000;
    let count = 0;
    const { target, sent } = made(
      () => token(`t-${++count}`),
      () => now,
    );
    const env = { DATABRICKS_CLIENT_ID: 'c-1', DATABRICKS_CLIENT_SECRET: 'CANARY', DATABRICKS_API_BASE: `${workspace}/serving-endpoints` };
    const ask = () => credentialHeaders(targetOfEnv, request);
    const targetOfEnv = target({ baseUrl: undefined as never }, env);
    expect(await Promise.all([ask(), ask()])).toEqual([{ authorization: 'Bearer t-1' }, { authorization: 'Bearer t-1' }]);
    expect(sent).toHaveLength(1);
    expect(sent[0]!.url).toBe(`${workspace}/oidc/v1/token`);
    expect(sent[0]!.init.body).toBe('grant_type=client_credentials&scope=all-apis');
    expect((sent[0]!.init.headers as Record<string, string>)['authorization']).toBe(`Basic ${btoa('c-1:CANARY')}`);
    expect(sent[0]!.init.redirect).toBe('error');
    now += 3_500_000;
    expect(await ask()).toEqual({ authorization: 'Bearer t-2' });
  });

  test('a token that is refused is fetched anew, but not with every call', async () => {
    let now = 1_000_000;
    let count = 0;
    const { target, sent } = made(
      () => token(`t-${++count}`),
      () => now,
    );
    const one = target({ options: client });
    await credentialHeaders(one, request);
    expect(credentialsRefused(one, { authorization: 'Bearer t-1' })).toBe(false);
    now += 60_000;
    expect(credentialsRefused(one, { authorization: 'Bearer t-1' })).toBe(true);
    expect(await credentialHeaders(one, request)).toEqual({ authorization: 'Bearer t-2' });
    expect(sent).toHaveLength(2);
    expect(credentialsRefused(target({ apiKey: 'dapi1' }), { authorization: 'Bearer dapi1' })).toBe(false);
  });

  test.each([
    [401, { error: 'invalid_client', error_description: 'Client authentication failed for CANARY' }, 'authentication'],
    [503, {}, 'unavailable'],
    [200, { nothing: true }, 'authentication'],
  ] as const)('a refusal with %p holds no secret', async (status, body, code) => {
    const { target } = made(() => Response.json(body, { status }));
    const error = await Promise.resolve(credentialHeaders(target({ options: client }), request)).catch((cause: unknown) => cause);
    expect((error as SluiceError).code).toBe(code);
    expect(String(error)).not.toContain('CANARY');
  });

  test('none at all is said before any network', () => {
    const { target } = made(() => token('t'));
    expect(() => credentialHeaders(target(), request)).toThrow('DATABRICKS_CLIENT_ID');
  });
});

describe('models', () => {
  test('are known behind the prefix of an endpoint', () => {
    const { provider } = made(() => token('t'));
    expect(provider.traits!('databricks-claude-3-7-sonnet')).toMatchObject({ reasoning: 'budget' });
    expect(provider.traits!('databricks-gpt-5-mini')).toMatchObject({ maxCompletionTokens: true });
    expect(provider.traits!('my-own-endpoint')).toEqual({});
  });
});
