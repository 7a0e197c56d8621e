import { describe, expect, test } from 'bun:test';
import { Secret, SluiceError, type Endpoint, type Target } from '../../types/index.ts';
import { credentialHeaders } from '../credentials.ts';
import { createAzure } from './index.ts';

const azure = createAzure({ fetch: () => Promise.reject(new Error('no network in this test')) });
const url = (
  baseUrl: string | undefined,
  { apiVersion, endpoint = 'chat', model = 'gpt-4o' }: { apiVersion?: string; endpoint?: Endpoint; model?: string } = {},
) =>
  azure.url!(
    { provider: azure, model, ...(baseUrl !== undefined && { baseUrl }), ...(apiVersion !== undefined && { apiVersion }) },
    azure.speaks[endpoint]!,
    false,
  );

describe('URLs of Azure', () => {
  const deployment = 'https://res.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21';
  test.each([
    'https://res.openai.azure.com',
    'https://res.openai.azure.com/',
    'https://res.openai.azure.com//',
    'https://res.openai.azure.com/openai',
    'https://res.openai.azure.com/openai/',
    'https://res.openai.azure.com/openai/deployments',
    'https://res.openai.azure.com/openai/deployments/gpt-4o',
    'https://res.openai.azure.com//openai/deployments/gpt-4o/chat/completions',
    'https://res.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21',
    'https://res.openai.azure.com/chat/completions',
  ])('%p is the same resource', (base) => {
    expect(url(base, { apiVersion: '2024-10-21' })).toBe(deployment);
  });

  test.each([
    ['https://res.openai.azure.com/openai/v1', undefined],
    ['https://res.openai.azure.com/openai/v1/', '2024-10-21'],
    ['https://res.openai.azure.com/openai/v1/chat/completions', undefined],
    ['https://res.openai.azure.com', 'v1'],
    ['https://res.openai.azure.com/openai', 'latest'],
  ])('%p with version %p is the v1 API', (base, apiVersion) => {
    expect(url(base, apiVersion === undefined ? {} : { apiVersion })).toBe('https://res.openai.azure.com/openai/v1/chat/completions');
  });

  test('previews of the v1 API are asked for by the parameter', () => {
    expect(url('https://res.openai.azure.com/openai/v1', { apiVersion: 'preview' })).toBe(
      'https://res.openai.azure.com/openai/v1/chat/completions?api-version=preview',
    );
    expect(url('https://res.openai.azure.com/openai/v1?api-version=preview')).toEndWith('?api-version=preview');
  });

  test('a pasted address names its deployment and version; they hold', () => {
    expect(
      url('https://res.openai.azure.com/openai/deployments/my%20dep/chat/completions?api-version=2024-02-01', {
        apiVersion: '2024-10-21',
        model: 'other',
        endpoint: 'embeddings',
      }),
    ).toBe('https://res.openai.azure.com/openai/deployments/my%20dep/embeddings?api-version=2024-02-01');
  });

  test('without a version the last dated one is used', () => {
    expect(url('https://res.openai.azure.com')).toEndWith('?api-version=2025-04-01-preview');
  });

  test('Responses have no deployment in their path, and versions before them go to v1', () => {
    expect(url('https://res.openai.azure.com', { endpoint: 'responses' })).toBe(
      'https://res.openai.azure.com/openai/responses?api-version=2025-04-01-preview',
    );
    expect(url('https://res.openai.azure.com', { endpoint: 'responses', apiVersion: '2024-10-21' })).toBe(
      'https://res.openai.azure.com/openai/v1/responses',
    );
  });

  test('other hosts and prefixes of a gateway stay', () => {
    expect(url('https://res.cognitiveservices.azure.com/openai', { endpoint: 'embeddings', apiVersion: '2024-10-21' })).toBe(
      'https://res.cognitiveservices.azure.com/openai/deployments/gpt-4o/embeddings?api-version=2024-10-21',
    );
    expect(url('https://apim.test/ai/team-a', { apiVersion: '2024-10-21' })).toBe(
      'https://apim.test/ai/team-a/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21',
    );
    expect(url('https://res.services.ai.azure.com/api/projects/p1/openai/v1')).toBe(
      'https://res.services.ai.azure.com/api/projects/p1/openai/v1/chat/completions',
    );
  });

  test('Foundry models have an address of their own', () => {
    expect(url('https://res.services.ai.azure.com/models')).toBe(
      'https://res.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview',
    );
    expect(url('https://res.services.ai.azure.com/models/chat/completions?api-version=2025-01-01')).toEndWith(
      '/models/chat/completions?api-version=2025-01-01',
    );
  });

  test('a deployment cannot leave its place', () => {
    expect(url('https://res.openai.azure.com', { model: 'a/../../b', apiVersion: '2024-10-21' })).toContain(
      '/deployments/a%2F..%2F..%2Fb/',
    );
    expect(() => url('https://res.openai.azure.com', { model: '..' })).toThrow(SluiceError);
  });

  test('what is missing or wrong is said', () => {
    expect(() => url(undefined)).toThrow(/AZURE_API_BASE/);
    expect(() => url('https://u:p@res.openai.azure.com')).toThrow(SluiceError);
  });
});

describe('credentials of Azure', () => {
  const request = { method: 'POST', url: 'https://res.openai.azure.com/', body: '{}' };
  const client = { tenant_id: 't-1', client_id: 'c-1', client_secret: new Secret('CANARY') };
  const target = (more: Partial<Target>): Target => ({ provider: azure, model: 'm', ...more });
  const answer = (body: object, status = 200) => new Response(JSON.stringify(body), { status });

  test('a key, or a ready token', async () => {
    expect(await credentialHeaders(target({ apiKey: new Secret('k') }), request)).toEqual({ 'api-key': 'k' });
    expect(await credentialHeaders(target({ options: { azure_ad_token: new Secret('t') } }), request)).toEqual({
      authorization: 'Bearer t',
    });
    expect(await credentialHeaders(target({ options: { azure_ad_token: 't' } }), request)).toEqual({ authorization: 'Bearer t' });
  });

  test('series prefixes say what is behind a deployment', () => {
    expect(azure.resolveModel!('o_series/my-dep')).toMatchObject({ model: 'my-dep', traits: { fixedSampling: true } });
    expect(azure.resolveModel!('my-dep')).toEqual({ model: 'my-dep' });
  });

  test('client credentials are fetched once for all, and again shortly before they end', async () => {
    let now = 1_000_000;
    const sent: { url: string; body: string }[] = [];
    const own = createAzure({
      now: () => now,
      fetch: async (url, init) => {
        sent.push({ url, body: String(init.body) });
        await Promise.resolve();
        return answer({ access_token: `token-${sent.length}`, expires_in: 3600 });
      },
    });
    const ask = () => credentialHeaders({ provider: own, model: 'm', options: client }, request);
    const first = await Promise.all(Array.from({ length: 20 }, ask));
    expect(new Set(first.map((each) => each['authorization']))).toEqual(new Set(['Bearer token-1']));
    expect(sent).toHaveLength(1);
    expect(sent[0]!.url).toBe('https://login.microsoftonline.com/t-1/oauth2/v2.0/token');
    expect(Object.fromEntries(new URLSearchParams(sent[0]!.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'c-1',
      client_secret: 'CANARY',
      scope: 'https://cognitiveservices.azure.com/.default',
    });

    now += 50 * 60_000;
    expect(await ask()).toEqual({ authorization: 'Bearer token-1' });
    now += 6 * 60_000;
    const again = await Promise.all(Array.from({ length: 20 }, ask));
    expect(new Set(again.map((each) => each['authorization']))).toEqual(new Set(['Bearer token-2']));
    expect(sent).toHaveLength(2);

    // A secret that was exchanged is not served from the old token.
    await credentialHeaders({ provider: own, model: 'm', options: { ...client, client_secret: new Secret('new') } }, request);
    expect(sent).toHaveLength(3);
  });

  test.each([
    [
      401,
      { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.\r\nTrace ID: x' },
      'authentication',
    ],
    [503, { error: 'temporarily_unavailable' }, 'unavailable'],
    [200, { unexpected: true }, 'authentication'],
  ] as const)('a refusal with %p is no secret and is not kept', async (status, body, code) => {
    let calls = 0;
    const own = createAzure({
      fetch: () => {
        calls++;
        return Promise.resolve(answer(body, status));
      },
    });
    const ask = () =>
      Promise.resolve(credentialHeaders({ provider: own, model: 'm', options: client }, request)).catch((cause: unknown) => cause);
    const error = (await ask()) as SluiceError;
    expect(error.code).toBe(code);
    expect(String(error)).not.toContain('CANARY');
    expect(String(error)).not.toContain('Trace ID');
    await ask();
    expect(calls).toBe(2);
  });

  test('a token that is a reference (oidc/...) signs the client in, and is asked for anew with each token', async () => {
    let now = 1_000_000;
    const bodies: URLSearchParams[] = [];
    const own = createAzure({
      now: () => now,
      fetch: (_, init) => {
        bodies.push(new URLSearchParams(String(init.body)));
        return Promise.resolve(answer({ access_token: `token-${bodies.length}`, expires_in: 3600 }));
      },
    });
    const options = { tenant_id: 't-1', client_id: 'c-1', azure_ad_token: new Secret('oidc/env/SLUICE_TEST_IDENTITY') };
    const ask = () => credentialHeaders({ provider: own, model: 'm', options }, request);
    try {
      process.env['SLUICE_TEST_IDENTITY'] = 'identity-1';
      expect(await ask()).toEqual({ authorization: 'Bearer token-1' });
      process.env['SLUICE_TEST_IDENTITY'] = 'identity-2';
      expect(await ask()).toEqual({ authorization: 'Bearer token-1' });
      now += 56 * 60_000;
      expect(await ask()).toEqual({ authorization: 'Bearer token-2' });
    } finally {
      delete process.env['SLUICE_TEST_IDENTITY'];
    }
    expect(bodies.map((body) => [body.get('client_assertion'), body.get('client_secret')])).toEqual([
      ['identity-1', null],
      ['identity-2', null],
    ]);
    expect(bodies[0]!.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    now += 56 * 60_000;
    // The old token still holds for four minutes; after that the reason is told, by the name of what is missing.
    now += 5 * 60_000;
    const error = await Promise.resolve(ask()).catch((cause: unknown) => cause);
    expect(String(error)).toContain('azure_ad_token wants the environment variable SLUICE_TEST_IDENTITY');
  });

  test('an Entra that cannot be reached is a connection that failed', async () => {
    const error = await Promise.resolve(credentialHeaders(target({ options: client }), request)).catch((cause: unknown) => cause);
    expect(SluiceError.is(error) && error.code).toBe('connection');
  });
});
