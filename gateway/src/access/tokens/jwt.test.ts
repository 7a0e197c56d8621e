import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { exportSPKI, importSPKI, SignJWT } from 'jose';
import { SluiceError } from 'sluice/kit';
import { callerOf, startIssuer, tokensOf, type TestIssuer } from './testing.ts';

const general = `
enable_jwt_auth: true
litellm_jwtauth: { user_id_jwt_field: sub }
`;

let issuer: TestIssuer;
beforeAll(async () => void (issuer = await startIssuer()));
afterAll(() => issuer.stop());

const env = () => ({ JWT_PUBLIC_KEY_URL: issuer.jwksUrl, JWT_AUDIENCE: 'sluice', JWT_ISSUER: issuer.issuer });
let clock = Date.now();
const later = (ms: number) => void (clock += ms);
const open = (text = general, more = {}) => tokensOf(text, { env: env(), now: () => clock, ...more });
const failure = async (promise: Promise<unknown>): Promise<SluiceError> =>
  promise.then(
    () => {
      throw new Error('it was let through');
    },
    (cause: unknown) => {
      if (SluiceError.is(cause)) return cause;
      throw cause;
    },
  );

beforeEach(async () => {
  clock = Date.now();
  issuer.isAway = false;
  issuer.extra = [];
  issuer.keys = [await issuer.newKey('one')];
});

test('a good token is its user, and is known at once from then on', async () => {
  const { identify, atOnce } = open();
  const token = await issuer.sign({ sub: 'ada' });
  const first = await identify(callerOf(token));
  expect(first).toMatchObject({ kind: 'jwt', userId: 'ada', role: undefined, claims: { sub: 'ada' } });
  const asked = issuer.asked();
  const again = atOnce(callerOf(token));
  // No promise, and the same object, by which others keep what they work out of it.
  expect(again).toBe(first!);
  expect(issuer.asked()).toBe(asked);
});

test('keys and other texts that are no JWTs go on untouched, and nobody is asked', async () => {
  const { atOnce } = open();
  const asked = issuer.asked();
  for (const presented of [
    undefined,
    '',
    'sk-1234',
    'eyJ',
    'eyJ.a',
    'eyJ.a.b.c',
    'a.b.c',
    'eyJ.a b.c',
    `eyJ${'a'.repeat(20_000)}.b.c`,
    'sess-eyJ.a.b',
  ])
    expect(atOnce(callerOf(presented))).toBeUndefined();
  expect(issuer.asked()).toBe(asked);
});

describe('what is wrong with a token', () => {
  const cases: Record<string, () => Promise<string>> = {
    'another issuer': () => issuer.sign({ sub: 'ada', iss: 'https://elsewhere.test' }),
    'no issuer': () => issuer.sign({ sub: 'ada', iss: undefined }),
    'another audience': () => issuer.sign({ sub: 'ada', aud: 'billing' }),
    'no audience': () => issuer.sign({ sub: 'ada', aud: undefined }),
    'its time is over': () => issuer.sign({ sub: 'ada', exp: Math.floor(clock / 1000) - 60 }),
    'its time has not come': () => issuer.sign({ sub: 'ada', nbf: Math.floor(clock / 1000) + 600 }),
    'it says no time to expire at': () => issuer.sign({ sub: 'ada', exp: undefined }),
    "somebody else's key under a known name": async () => issuer.sign({ sub: 'ada' }, { key: { ...(await issuer.newKey('one')) } }),
    'alg none': async () => {
      const [, body] = (await issuer.sign({ sub: 'ada' })).split('.');
      return `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${body}.AAAA`;
    },
    'alg confusion: HS256 with the public key for a secret': async () => {
      const key = await issuer.newKey('rsa', 'RS256');
      issuer.keys = [key];
      const spki = await exportSPKI(
        (await crypto.subtle.importKey('jwk', key.jwk as JsonWebKey, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, true, [
          'verify',
        ])) as CryptoKey,
      );
      expect(await importSPKI(spki, 'RS256')).toBeDefined();
      return new SignJWT({ iss: issuer.issuer, aud: 'sluice', sub: 'ada', exp: Math.floor(clock / 1000) + 60 })
        .setProtectedHeader({ alg: 'HS256', kid: 'rsa' })
        .sign(new TextEncoder().encode(spki));
    },
    'a secret among the public keys': async () => {
      const secret = Buffer.from('a-secret-that-everybody-may-read-0123456789');
      issuer.extra = [{ kty: 'oct', kid: 'shared', alg: 'HS256', k: secret.toString('base64url') }];
      return new SignJWT({ iss: issuer.issuer, aud: 'sluice', sub: 'ada', exp: Math.floor(clock / 1000) + 60 })
        .setProtectedHeader({ alg: 'HS256', kid: 'shared' })
        .sign(secret);
    },
    'a key of its own in its head': async () => {
      const key = await issuer.newKey('own');
      return issuer.sign({ sub: 'ada' }, { key, header: { jwk: key.jwk, kid: undefined } });
    },
    'a path for a key id': async () => issuer.sign({ sub: 'ada' }, { key: { ...(await issuer.newKey('../../dev/null')) } }),
    'an address of keys in its head': async () =>
      issuer.sign({ sub: 'ada' }, { key: await issuer.newKey('own'), header: { jku: 'http://127.0.0.1:1/keys' } }),
    'a changed body': async () => {
      const [head, , mark] = (await issuer.sign({ sub: 'ada' })).split('.');
      return `${head}.${Buffer.from(JSON.stringify({ iss: issuer.issuer, aud: 'sluice', sub: 'root', exp: 9_999_999_999 })).toString('base64url')}.${mark}`;
    },
    'no JSON': async () => 'eyJub3Bl.bm9wZQ.bm9wZQ',
  };
  for (const [name, make] of Object.entries(cases))
    test(`${name}: 401`, async () => {
      const { identify } = open();
      const error = await failure(identify(callerOf(await make())));
      expect([error.code, error.status]).toEqual(['authentication', 401]);
      expect(error.message).not.toContain('ada');
    });
});

test('a token expires while it is remembered, with what clocks may differ by', async () => {
  const { identify } = open();
  const token = await issuer.sign({ sub: 'ada', exp: Math.floor(clock / 1000) + 60 });
  await identify(callerOf(token));
  later(80_000);
  expect(await identify(callerOf(token))).toMatchObject({ userId: 'ada' });
  later(20_000);
  expect((await failure(identify(callerOf(token)))).type).toBe('expired_key');
});

test('keys rotate: a new one is looked for at once and once, and what an old one has signed ends with it', async () => {
  const { identify } = open();
  const [old] = issuer.keys;
  const before = await issuer.sign({ sub: 'ada' });
  await identify(callerOf(before));
  later(10_000);
  const next = await issuer.newKey('two');
  issuer.keys = [next, old!];
  const after = await issuer.sign({ sub: 'ada', jti: '2' }, { key: next });
  const asked = issuer.asked();
  const all = await Promise.all(Array.from({ length: 20 }, () => identify(callerOf(after))));
  expect(all.every((principal) => principal?.userId === 'ada')).toBe(true);
  expect(issuer.asked()).toBe(asked + 1);
  expect(await identify(callerOf(before))).toMatchObject({ userId: 'ada' });
  // Now the old one is taken away; it is noticed when the keys are read again.
  issuer.keys = [next];
  later(700_000);
  await identify(callerOf(after));
  await Bun.sleep(50);
  expect((await failure(identify(callerOf(before)))).code).toBe('authentication');
  expect(await identify(callerOf(after))).toMatchObject({ userId: 'ada' });
});

test('unknown key ids do not make the issuer be asked each time', async () => {
  const { identify } = open();
  await identify(callerOf(await issuer.sign({ sub: 'ada' })));
  later(10_000);
  const asked = issuer.asked();
  const stranger = await issuer.newKey('x');
  for (let at = 0; at < 50; at++)
    await failure(
      identify(callerOf(await issuer.sign({ sub: `u${at}` }, { key: { ...stranger, kid: `k${at}` } }), { address: `10.0.0.${at}` })),
    );
  expect(issuer.asked()).toBe(asked + 1);
});

test('an issuer that is away: known keys go on, and where there are none it is 503 and no 401', async () => {
  const cold = open();
  issuer.isAway = true;
  const token = await issuer.sign({ sub: 'ada' });
  const error = await failure(cold.identify(callerOf(token)));
  expect([error.code, error.status]).toEqual(['unavailable', 503]);
  issuer.isAway = false;
  later(10_000);
  expect(await cold.identify(callerOf(token))).toMatchObject({ userId: 'ada' });
  // Away for six hours.
  issuer.isAway = true;
  const long = await issuer.sign({ sub: 'ada', exp: Math.floor(clock / 1000) + 7 * 24 * 3600 });
  later(6 * 3_600_000);
  expect(await cold.identify(callerOf(long))).toMatchObject({ userId: 'ada' });
  const asked = issuer.asked();
  for (let at = 0; at < 20; at++) await cold.identify(callerOf(long));
  expect(issuer.asked()).toBe(asked);
  // Not for ever.
  later(24 * 3_600_000);
  expect((await failure(cold.identify(callerOf(long)))).status).toBe(503);
});

test('10,000 tokens that are no good: the address has to wait, and nothing grows without a bound', async () => {
  const { identify } = open();
  await identify(callerOf(await issuer.sign({ sub: 'ada' })));
  const codes: Record<string, number> = {};
  const [head, body] = (await issuer.sign({ sub: 'ada' })).split('.');
  const asked = issuer.asked();
  for (let at = 0; at < 10_000; at++) {
    const error = await failure(
      identify(callerOf(`${head}.${body}.${Buffer.from(`garbage ${at}`).toString('base64url')}`, { address: '203.0.113.9' })),
    );
    codes[error.code] = (codes[error.code] ?? 0) + 1;
  }
  expect(codes).toEqual({ authentication: 120, rate_limited: 9880 });
  expect(issuer.asked()).toBe(asked);
  // Others do not wait for it.
  expect(await identify(callerOf(await issuer.sign({ sub: 'bob' })))).toMatchObject({ userId: 'bob' });
});

test('a discovery document leads to the keys; a token without a key id is tried with each', async () => {
  issuer.keys = [await issuer.newKey('one'), await issuer.newKey('two')];
  const { identify } = tokensOf(general, {
    env: { JWT_PUBLIC_KEY_URL: `${issuer.issuer}/.well-known/openid-configuration`, JWT_AUDIENCE: 'sluice' },
  });
  const token = await issuer.sign({ sub: 'ada' }, { key: issuer.keys[1]!, header: { kid: undefined } });
  expect(await identify(callerOf(token))).toMatchObject({ userId: 'ada' });
  const stranger = await issuer.sign({ sub: 'ada' }, { key: await issuer.newKey('x'), header: { kid: undefined } });
  expect((await failure(identify(callerOf(stranger)))).code).toBe('authentication');
});

test("each issuer has keys of its own: another one's are not good for its tokens", async () => {
  const other = await startIssuer();
  try {
    const { identify } = tokensOf(`
enable_jwt_auth: true
litellm_jwtauth:
  issuers:
    - { issuer: ${issuer.issuer}, jwks_url: ${issuer.jwksUrl}, audience: sluice, user_id_jwt_field: sub }
    - { issuer: ${other.issuer}, audience: workloads, team_id_jwt_field: sub }
`);
    expect(await identify(callerOf(await issuer.sign({ sub: 'ada' })))).toMatchObject({ userId: 'ada', teamId: undefined });
    expect(await identify(callerOf(await other.sign({ sub: 'ci', aud: 'workloads' })))).toMatchObject({ userId: undefined, teamId: 'ci' });
    const swapped = await other.sign({ sub: 'ada', iss: issuer.issuer });
    expect((await failure(identify(callerOf(swapped)))).code).toBe('authentication');
    expect((await failure(identify(callerOf(await other.sign({ sub: 'ci' }))))).message).toContain('audience');
  } finally {
    await other.stop();
  }
});

test('a Kubernetes service account is a team, by a nested claim', async () => {
  const { identify } = open(`
enable_jwt_auth: true
litellm_jwtauth: { team_id_jwt_field: kubernetes.io.namespace, user_id_jwt_field: sub }
`);
  const claims = { sub: 'system:serviceaccount:prod:bot', 'kubernetes.io': { namespace: 'prod', serviceaccount: { name: 'bot' } } };
  expect(await identify(callerOf(await issuer.sign(claims)))).toMatchObject({ teamId: 'prod', userId: 'system:serviceaccount:prod:bot' });
});

test('custom_validate decides over claims that are good, and its failure is no 401', async () => {
  const validated = (customValidate: (claims: Readonly<Record<string, unknown>>) => boolean) =>
    open(general, { hooks: { customValidate } });
  const { identify } = validated(({ sub }) => sub === 'ada');
  expect(await identify(callerOf(await issuer.sign({ sub: 'ada' })))).toMatchObject({ userId: 'ada' });
  expect((await failure(identify(callerOf(await issuer.sign({ sub: 'eve' }))))).code).toBe('authentication');
  const broken = validated(() => {
    throw new Error('a secret of its own');
  });
  const error = await failure(broken.identify(callerOf(await issuer.sign({ sub: 'ada' }))));
  expect([error.status, error.message.includes('secret')]).toEqual([500, false]);
});

test('what a reload leaves as it was is not forgotten', async () => {
  const { tokens, identify, atOnce, reload } = open();
  const token = await issuer.sign({ sub: 'ada' });
  const before = await identify(callerOf(token));
  const ways = tokens.ways();
  reload();
  expect(tokens.ways()).toBe(ways);
  expect(atOnce(callerOf(token))).toBe(before!);
});

test('userinfo says who an opaque token is for; it is asked once in a while, and its outage is 503', async () => {
  let asked = 0;
  let isAway = false;
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch(request) {
      asked++;
      if (isAway) return new Response('', { status: 502 });
      const token = request.headers.get('authorization');
      return token === 'Bearer opaque-ada' ? Response.json({ sub: 'ada', email: 'Ada@Acme.test' }) : new Response('', { status: 401 });
    },
  });
  try {
    const { identify } = tokensOf(
      `
enable_jwt_auth: true
litellm_jwtauth: { user_id_jwt_field: sub, oidc_userinfo_enabled: true, oidc_userinfo_endpoint: ${server.url.href}userinfo, oidc_userinfo_cache_ttl: 60 }
`,
      { now: () => clock },
    );
    for (let at = 0; at < 5; at++) expect(await identify(callerOf('opaque-ada'))).toMatchObject({ userId: 'ada' });
    expect(asked).toBe(1);
    expect((await failure(identify(callerOf('opaque-eve')))).code).toBe('authentication');
    expect(await identify(callerOf('sk-a-key'))).toBeUndefined();
    isAway = true;
    later(61_000);
    expect((await failure(identify(callerOf('opaque-ada')))).status).toBe(503);
  } finally {
    await server.stop(true);
  }
});
