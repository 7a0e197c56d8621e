import { describe, expect, test } from 'bun:test';
import { credentialHeaders, credentialsRefused } from '../credentials.ts';
import { createProviders } from '../registry.ts';
import { targetOf, type TargetOptions } from '../target.ts';
import { upstreamUrl } from '../url.ts';
import { createGigachat } from './index.ts';

const request = { method: 'POST', url: 'https://gigachat.devices.sberbank.ru/api/v1', body: '{}' };

const made = (answer?: () => Response | Promise<Response>) => {
  const clock = { now: 1_000_000 };
  const asked: { url: string; headers: Record<string, string>; body: string }[] = [];
  const provider = createGigachat({
    now: () => clock.now,
    newUuid: () => 'uuid-1',
    fetch: async (url, { headers, body }) => {
      asked.push({ url, headers: headers as Record<string, string>, body: String(body) });
      return answer?.() ?? Response.json({ access_token: `t-${asked.length}`, expires_at: clock.now + 1_800_000 });
    },
  });
  const target = (given: Partial<TargetOptions> = {}) =>
    targetOf({ model: 'gigachat/GigaChat-2', ...given }, { providers: createProviders([provider]), env: {} });
  return { provider, target, asked, clock };
};

describe('sign-in', () => {
  test('the authorization key is exchanged, once for all, and again before the half hour ends', async () => {
    const { target, asked, clock } = made();
    const one = target({ apiKey: 'Y2xpZW50OnNlY3JldA==' });
    expect(await Promise.all([credentialHeaders(one, request), credentialHeaders(one, request)])).toEqual([
      { authorization: 'Bearer t-1' },
      { authorization: 'Bearer t-1' },
    ]);
    expect(asked).toEqual([
      {
        url: 'https://ngw.devices.sberbank.ru:9443/api/v2/oauth',
        headers: {
          authorization: 'Basic Y2xpZW50OnNlY3JldA==',
          rquid: 'uuid-1',
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
        },
        body: 'scope=GIGACHAT_API_PERS',
      },
    ]);
    clock.now += 1_600_000;
    expect(await credentialHeaders(one, request)).toEqual({ authorization: 'Bearer t-2' });
  });

  test('another scope is another token, at another address if it is so set', async () => {
    const { target, asked } = made();
    await credentialHeaders(target({ apiKey: 'k' }), request);
    const options = { gigachat_scope: 'GIGACHAT_API_CORP', gigachat_auth_url: 'https://auth.test/oauth' };
    expect(await credentialHeaders(target({ apiKey: 'k', options }), request)).toEqual({ authorization: 'Bearer t-2' });
    expect(asked[1]).toMatchObject({ url: 'https://auth.test/oauth', body: 'scope=GIGACHAT_API_CORP' });
  });

  test('the older spelling of an answer', async () => {
    const { target } = made(() => Response.json({ tok: 'old', exp: 2_000_000 }));
    expect(await credentialHeaders(target({ apiKey: 'k' }), request)).toEqual({ authorization: 'Bearer old' });
  });

  test('a token goes as it is; none at all is said', async () => {
    const { target, asked } = made();
    expect(await credentialHeaders(target({ options: { gigachat_access_token: 'ready' } }), request)).toEqual({
      authorization: 'Bearer ready',
    });
    expect(() => credentialHeaders(target(), request)).toThrow('GIGACHAT_CREDENTIALS');
    expect(asked).toHaveLength(0);
  });

  test('a token that is refused is fetched anew', async () => {
    const { target, clock } = made();
    const one = target({ apiKey: 'k' });
    await credentialHeaders(one, request);
    clock.now += 60_000;
    expect(credentialsRefused(one, { authorization: 'Bearer t-1' })).toBe(true);
    expect(await credentialHeaders(one, request)).toEqual({ authorization: 'Bearer t-2' });
  });

  test('refused keys and unknown certificates are told apart', async () => {
    const refused = made(() => Response.json({ code: 6, message: "credentials doesn't match db data CANARY" }, { status: 401 }));
    const error = await Promise.resolve(credentialHeaders(refused.target({ apiKey: 'CANARY' }), request)).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'authentication' });
    expect(String(error)).not.toContain('CANARY');
    const unknown = made(() => Promise.reject(new Error('unable to get local issuer certificate')));
    expect(Promise.resolve(credentialHeaders(unknown.target({ apiKey: 'k' }), request))).rejects.toThrow('NODE_EXTRA_CA_CERTS');
  });
});

test('addresses', () => {
  const { target, provider } = made();
  expect(upstreamUrl(target(), provider.speaks.chat!, true)).toBe('https://gigachat.devices.sberbank.ru/api/v1/chat/completions');
  expect(upstreamUrl(target({ baseUrl: 'https://giga.test' }), provider.speaks.embeddings!, false)).toBe(
    'https://giga.test/api/v1/embeddings',
  );
});
