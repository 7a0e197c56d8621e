import { describe, expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { signOnSettings } from '../../../config/sign-on-settings.ts';
import { exchangeOauth2, oauth2Url, type WithEndpoints } from './exchange-oauth2.ts';
import { graphGroups, hasGroupsElsewhere } from './graph-groups.ts';
import { providersOf } from './providers.ts';
import { bounded, demandSafe } from './reach.ts';

const envOf = (env: Record<string, string>) => (name: string) => env[name];
const file = signOnSettings(undefined);

describe('providers of LiteLLM’s variables', () => {
  test('Google, Microsoft and a generic one', () => {
    const found = providersOf(
      file,
      envOf({
        GOOGLE_CLIENT_ID: 'g',
        MICROSOFT_CLIENT_ID: 'm',
        MICROSOFT_TENANT: 'acme.example',
        GENERIC_CLIENT_ID: 'c',
        GENERIC_AUTHORIZATION_ENDPOINT: 'https://i/a',
        GENERIC_TOKEN_ENDPOINT: 'https://i/t',
        GENERIC_USERINFO_ENDPOINT: 'https://i/u',
        GENERIC_SCOPE: 'openid groups',
        GENERIC_USER_ID_ATTRIBUTE: 'preferred_username',
      }),
    );
    expect(found.map(({ name, issuer, endpoints, broken }) => [name, issuer, endpoints?.token, broken])).toEqual([
      ['google', 'https://accounts.google.com', undefined, undefined],
      ['microsoft', 'https://login.microsoftonline.com/acme.example/v2.0', undefined, undefined],
      ['generic', undefined, 'https://i/t', undefined],
    ]);
    expect([found[2]!.scopes, found[2]!.claims.userId]).toEqual([['openid', 'groups'], 'preferred_username']);
  });
  test('a tenant that is everybody’s lets nobody in', () => {
    for (const tenant of ['common', 'Organizations', 'consumers', '', '../x'])
      expect(providersOf(file, envOf({ MICROSOFT_CLIENT_ID: 'm', MICROSOFT_TENANT: tenant }))[0]!.broken).toContain('tenant');
    expect(providersOf(file, envOf({ GENERIC_CLIENT_ID: 'c' }))[0]!.broken).toContain('issuer');
  });
});

describe('a provider that is known by its endpoints', () => {
  const provider: WithEndpoints = {
    name: 'o',
    label: 'O',
    clientId: 'c',
    clientSecret: new Secret('s'),
    scopes: ['a', 'b'],
    endpoints: { authorization: 'https://i/a?x=1', token: 'https://i/t', userinfo: 'https://i/u' },
    claims: { userId: 'id', email: 'email', name: 'name', groups: 'groups' },
  };
  const began = { state: 'st', nonce: 'n', codeVerifier: 'v' };

  test('who it is says the userinfo endpoint, and no token that nothing proves', async () => {
    const asked: [string, RequestInit][] = [];
    const reach = async (url: string, init: RequestInit) => {
      asked.push([url, init]);
      return Response.json(url === 'https://i/t' ? { access_token: 'at', id_token: 'a.b.c' } : { id: 7, email: 'x@example.com' });
    };
    const url = oauth2Url(provider, 'https://g/cb', began);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ x: '1', state: 'st', scope: 'a b', code_challenge_method: 'S256' });
    const { claims } = await exchangeOauth2(reach, provider, new URL('https://g/cb?code=k&state=st'), 'https://g/cb', began);
    expect(claims).toEqual({ id: 7, email: 'x@example.com' });
    expect(new URLSearchParams(asked[0]![1].body as string).get('code_verifier')).toBe('v');
    expect(new Headers(asked[1]![1].headers).get('authorization')).toBe('Bearer at');
  });

  test('no is 401, away is 503', async () => {
    const run = (answer: () => Response | Promise<Response>) =>
      exchangeOauth2(async () => answer(), provider, new URL('https://g/cb?code=k'), 'https://g/cb', began);
    await expect(run(() => Response.json({ error: 'invalid_grant' }, { status: 400 }))).rejects.toMatchObject({ code: 'authentication' });
    await expect(run(() => Response.json({}))).rejects.toMatchObject({ code: 'authentication' });
    await expect(run(() => new Response('x', { status: 502 }))).rejects.toMatchObject({ code: 'unavailable' });
    await expect(run(() => Promise.reject(new Error('gone')))).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('groups that did not fit into a token', () => {
  test('are asked for at Graph, page by page, at no other host', async () => {
    expect(hasGroupsElsewhere({ _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://evil.example' } } })).toBe(
      true,
    );
    expect(hasGroupsElsewhere({ groups: [] })).toBe(false);
    const asked: string[] = [];
    const reach = async (url: string) => {
      asked.push(url);
      return Response.json(
        asked.length === 1 ? { value: [{ id: 'a' }], '@odata.nextLink': 'https://graph.example/next' } : { value: [{ id: 'b' }] },
      );
    };
    expect(await graphGroups(reach, 'https://graph.example', 'at')).toEqual(['a', 'b']);
    expect(asked[1]).toBe('https://graph.example/next');
    const away = async () => Response.json({ value: [], '@odata.nextLink': 'https://evil.example/next' });
    await expect(graphGroups(away, 'https://graph.example', 'at')).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('how providers are reached', () => {
  test('by https, but for this machine', () => {
    for (const good of ['https://i.example', 'http://127.0.0.1:1', 'http://localhost:2', 'http://[::1]:3']) demandSafe(good);
    for (const bad of ['http://i.example', 'http://10.0.0.1', 'ftp://i', 'http://127.0.0.1.evil.example'])
      expect(() => demandSafe(bad)).toThrow('https');
  });
  test('answers have a bound, and nobody is sent on', async () => {
    const long = bounded(
      async () => new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(500_000)) })),
    );
    await expect(long('https://i.example', {})).rejects.toMatchObject({ code: 'unavailable' });
    let init: RequestInit = {};
    await bounded(async (_, given) => ((init = given), new Response('x')))('https://i.example', { redirect: 'follow' });
    expect(init.redirect).toBe('manual');
  });
});
