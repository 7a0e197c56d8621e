import { describe, expect, test } from 'bun:test';
import type { Env } from '../../lib/env.ts';
import type { SluiceError } from '../../types/index.ts';
import { credentialHeaders, credentialsRefused } from '../credentials.ts';
import { createProviders } from '../registry.ts';
import { targetOf, type TargetOptions } from '../target.ts';
import { upstreamUrl } from '../url.ts';
import { createSap } from './index.ts';

const request = { method: 'POST', url: 'https://api.ai.test', body: '{}' };
const key = { clientid: 'c-1', clientsecret: 'CANARY', url: 'https://sub.auth.test', serviceurls: { AI_API_URL: 'https://api.ai.test' } };
const whole = 'https://api.ai.test/v2/inference/deployments';

interface World {
  env?: Env;
  files?: Record<string, string>;
  deployments?: object[];
  token?: () => Response;
}

const made = ({ env = {}, files = {}, deployments = [{ id: 'd-1' }], token }: World = {}) => {
  const clock = { now: 1_000_000 };
  const asked: { url: string; init: RequestInit }[] = [];
  let count = 0;
  const provider = createSap({
    now: () => clock.now,
    env: () => env,
    readText: async (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`no ${path}`);
      return text;
    },
    fetch: async (url, init) => {
      asked.push({ url, init });
      if (url.includes('/lm/deployments')) return Response.json({ count: deployments.length, resources: deployments });
      return token?.() ?? Response.json({ access_token: `t-${++count}`, expires_in: 3600 });
    },
  });
  const target = (given: Partial<TargetOptions> = {}) =>
    targetOf({ model: 'sap/gpt-4o', ...given }, { providers: createProviders([provider]), env });
  return { provider, target, asked, clock };
};

const urlOf = async ({ target, provider }: ReturnType<typeof made>, given?: Partial<TargetOptions>) => {
  const one = target(given);
  await provider.ready!(one);
  return upstreamUrl(one, provider.speaks.chat!, true);
};

describe('where it is called', () => {
  test('the newest deployment of the service that runs, looked up once', async () => {
    const world = made({
      deployments: [{ id: 'old', createdAt: '2024-01-01T00:00:00Z' }, { id: 'new', createdAt: '2026-01-01T00:00:00Z' }, { id: 7 }],
    });
    const one = world.target({ apiKey: JSON.stringify(key) });
    await world.provider.ready!(one);
    expect(upstreamUrl(one, world.provider.speaks.chat!, false)).toBe(`${whole}/new/v2/completion`);
    expect(upstreamUrl(one, world.provider.speaks.embeddings!, false)).toBe(`${whole}/new/v2/embeddings`);
    expect(world.provider.ready!(one)).toBeUndefined();
    expect(world.asked.map(({ url }) => url)).toEqual([
      'https://sub.auth.test/oauth/token',
      'https://api.ai.test/v2/lm/deployments?scenarioId=orchestration&status=RUNNING',
    ]);
    expect(world.asked[1]!.init.headers).toEqual({ authorization: 'Bearer t-1', 'ai-resource-group': 'default' });
  });

  test('one that is named is not looked up, and cannot lead elsewhere', async () => {
    const apiKey = JSON.stringify(key);
    const world = made();
    expect(await urlOf(world, { apiKey, options: { sap_deployment_id: 'd-9' } })).toBe(`${whole}/d-9/v2/completion`);
    expect(await urlOf(world, { apiKey, baseUrl: `${whole}/d-8` })).toBe(`${whole}/d-8/v2/completion`);
    expect(await urlOf(world, { apiKey, options: { sap_deployment_id: 'a/../b' } })).toBe(`${whole}/a%2F..%2Fb/v2/completion`);
    expect(world.asked.some(({ url }) => url.includes('/lm/'))).toBe(false);
  });

  test('none that runs: the group is named', async () => {
    const world = made({ deployments: [] });
    const options = { sap_resource_group: 'team' };
    expect(urlOf(world, { apiKey: JSON.stringify(key), options })).rejects.toThrow("'team'");
  });
});

describe('credentials', () => {
  const headers = async (world: World, given: Partial<TargetOptions> = {}) => {
    const { target, asked } = made(world);
    return { headers: await credentialHeaders(target(given), request), body: String(asked[0]?.init.body), url: asked[0]?.url };
  };

  test.each([
    ['a service key', { env: { AICORE_SERVICE_KEY: JSON.stringify(key) } }],
    ['a wrapped service key', { env: { AICORE_SERVICE_KEY: JSON.stringify({ credentials: key }) } }],
    [
      'variables',
      {
        env: {
          AICORE_CLIENT_ID: 'c-1',
          AICORE_CLIENT_SECRET: 'CANARY',
          AICORE_AUTH_URL: 'https://sub.auth.test/',
          AICORE_BASE_URL: 'https://api.ai.test/v2',
        },
      },
    ],
    [
      'a file',
      {
        env: { HOME: '/home/u' },
        files: {
          '/home/u/.aicore/config.json': JSON.stringify({
            AICORE_CLIENT_ID: 'c-1',
            AICORE_CLIENT_SECRET: 'CANARY',
            auth_url: 'https://sub.auth.test/oauth/token',
            AICORE_BASE_URL: 'https://api.ai.test',
          }),
        },
      },
    ],
    ['a binding', { env: { VCAP_SERVICES: JSON.stringify({ aicore: [{ label: 'aicore', credentials: key }] }) } }],
  ] as [string, World][])('%s', async (_name, world) => {
    expect(await headers(world)).toEqual({
      headers: { authorization: 'Bearer t-1', 'ai-resource-group': 'default' },
      url: 'https://sub.auth.test/oauth/token',
      body: 'grant_type=client_credentials&client_id=c-1&client_secret=CANARY',
    });
  });

  test('the file of a profile', async () => {
    const file = JSON.stringify({ client_id: 'p', client_secret: 's', auth_url: 'https://a.test', base_url: 'https://b.test' });
    const world = { env: { AICORE_HOME: '/etc/aicore', AICORE_PROFILE: 'dev' }, files: { '/etc/aicore/config_dev.json': file } };
    expect((await headers(world)).body).toContain('client_id=p');
  });

  test('one token for all calls of a client; fetched anew where it is refused', async () => {
    const { target, asked, clock } = made();
    const one = target({ apiKey: JSON.stringify(key) });
    expect(await Promise.all([credentialHeaders(one, request), credentialHeaders(one, request)])).toHaveLength(2);
    expect(asked).toHaveLength(1);
    clock.now += 60_000;
    expect(credentialsRefused(one, { authorization: 'Bearer t-1' })).toBe(true);
    expect(await credentialHeaders(one, request)).toMatchObject({ authorization: 'Bearer t-2' });
  });

  test.each([
    ['none', undefined, 'AICORE_SERVICE_KEY'],
    ['no JSON', 'CANARY', 'is no JSON'],
    ['not whole', JSON.stringify({ ...key, url: undefined }), 'authUrl is missing'],
    ['a certificate', JSON.stringify({ ...key, clientsecret: undefined, certificate: 'CANARY' }), 'client secret'],
  ])('%s: what is wrong is said, without the secret', async (_name, apiKey, words) => {
    const { target } = made();
    const error = await Promise.resolve(credentialHeaders(target(apiKey === undefined ? {} : { apiKey }), request)).catch(
      (cause: unknown) => cause,
    );
    expect((error as SluiceError).code).toBe('authentication');
    expect(String(error)).toContain(words);
    expect(String(error)).not.toContain('CANARY');
  });

  test('SAP refuses: without the secret', async () => {
    const { target } = made({ token: () => Response.json({ error: 'invalid_client', error_description: 'Bad CANARY' }, { status: 401 }) });
    const error = await Promise.resolve(credentialHeaders(target({ apiKey: JSON.stringify(key) }), request)).catch(
      (cause: unknown) => cause,
    );
    expect(error).toMatchObject({ code: 'authentication' });
    expect(String(error)).not.toContain('CANARY');
  });
});
