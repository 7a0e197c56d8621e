import { afterAll, beforeEach, expect, test } from 'bun:test';
import { SluiceError } from 'sluice/kit';
import { callerOf, startIssuer, tokensOf } from './testing.ts';

const asked: { method: string; authorization: string | null }[] = [];
const bodies: string[] = [];
let answer: () => Response | Promise<Response>;
const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  async fetch(request) {
    asked.push({ method: request.method, authorization: request.headers.get('authorization') });
    bodies.push(await request.text());
    return answer();
  },
});
afterAll(() => server.stop(true));

let clock = 1_000_000_000_000;
beforeEach(() => {
  clock = 1_000_000_000_000;
  asked.length = 0;
  bodies.length = 0;
  answer = () => Response.json({ active: true, sub: 'ada', team_id: 'ops', role: 'internal_user' });
});

const url = `${server.url.href}introspect`;
const open = (more: Record<string, string> = { OAUTH_CLIENT_ID: 'sluice', OAUTH_CLIENT_SECRET: 'a:b c' }, general = '') =>
  tokensOf(`enable_oauth2_auth: true\n${general}`, { env: { OAUTH_TOKEN_INFO_ENDPOINT: url, ...more }, now: () => clock });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (cause: unknown) => (SluiceError.is(cause) ? `${cause.code} ${cause.status}` : 'another'),
  );

test('a token is asked about once a minute, as RFC 7662 says', async () => {
  const { identify, atOnce } = open();
  const first = await identify(callerOf('opaque'));
  expect(first).toMatchObject({ kind: 'oauth2', userId: 'ada', teamId: 'ops', role: 'internal_user' });
  expect(asked[0]!.method).toBe('POST');
  expect(asked[0]!.authorization).toBe(`Basic ${Buffer.from('sluice:a%3Ab%20c').toString('base64')}`);
  expect(bodies[0]).toBe('token=opaque&token_type_hint=access_token');
  expect(atOnce(callerOf('opaque'))).toBe(first!);
  clock += 59_000;
  await identify(callerOf('opaque'));
  expect(asked).toHaveLength(1);
  clock += 2000;
  await identify(callerOf('opaque'));
  expect(asked).toHaveLength(2);
});

test('not longer than the token lasts', async () => {
  answer = () => Response.json({ active: true, sub: 'ada', exp: clock / 1000 + 5 });
  const { identify } = open();
  await identify(callerOf('short'));
  clock += 6000;
  await identify(callerOf('short'));
  expect(asked).toHaveLength(2);
  answer = () => Response.json({ active: true, sub: 'ada', exp: clock / 1000 - 1 });
  expect(await codeOf(identify(callerOf('over')))).toBe('authentication 401');
});

test('one that is not active is refused, and not asked about again for ten seconds', async () => {
  answer = () => Response.json({ active: false });
  const { identify } = open();
  for (let at = 0; at < 5; at++) expect(await codeOf(identify(callerOf('bad')))).toBe('authentication 401');
  expect(asked).toHaveLength(1);
  clock += 11_000;
  answer = () => Response.json({ active: true, sub: 'ada' });
  expect(await codeOf(identify(callerOf('bad')))).toBe('ok');
});

test('only `active: true` is good', async () => {
  const { identify } = open();
  for (const [at, body] of [{}, { active: 'true' }, { active: 1 }].entries()) {
    answer = () => Response.json(body);
    expect(await codeOf(identify(callerOf(`token-${at}`)))).toBe('authentication 401');
  }
});

test('whoever cannot be asked has refused nobody: 503', async () => {
  const { identify } = open();
  const answers = [
    () => new Response('', { status: 500 }),
    () => new Response('', { status: 401 }),
    () => new Response('<html>'),
    () => Response.json([1]),
    () => Response.redirect('http://127.0.0.1:1/'),
  ];
  for (const [at, each] of answers.entries()) {
    answer = each;
    expect(await codeOf(identify(callerOf(`token-${at}`)))).toBe('unavailable 503');
  }
  const nowhere = tokensOf('enable_oauth2_auth: true', { env: { OAUTH_TOKEN_INFO_ENDPOINT: 'http://127.0.0.1:1/introspect' } });
  expect(await codeOf(nowhere.identify(callerOf('token')))).toBe('unavailable 503');
  // In the clear, over a network, the token would be everybody's.
  const clear = tokensOf('enable_oauth2_auth: true', { env: { OAUTH_TOKEN_INFO_ENDPOINT: 'http://idp.acme.test/introspect' } });
  expect(await codeOf(clear.identify(callerOf('token')))).toBe('unavailable 503');
});

test('without a client id the endpoint is asked with the token itself, whose refusal is 401', async () => {
  const { identify } = open({
    OAUTH_USER_ID_FIELD_NAME: 'user.id',
    OAUTH_USER_TEAM_ID_FIELD_NAME: 'team',
    OAUTH_USER_ROLE_FIELD_NAME: 'kind',
  });
  answer = () => Response.json({ user: { id: 'bob' }, team: 'dev', kind: 'engineer' });
  expect(await identify(callerOf('good'))).toMatchObject({ userId: 'bob', teamId: 'dev', role: undefined });
  expect([asked[0]!.method, asked[0]!.authorization]).toEqual(['GET', 'Bearer good']);
  answer = () => new Response('', { status: 401 });
  expect(await codeOf(identify(callerOf('bad')))).toBe('authentication 401');
});

test('keys, sessions and, where they are taken, JWTs are never sent there', async () => {
  const issuer = await startIssuer();
  try {
    const { identify } = tokensOf('enable_oauth2_auth: true\nenable_jwt_auth: true\nlitellm_jwtauth: { user_id_jwt_field: sub }', {
      env: { OAUTH_TOKEN_INFO_ENDPOINT: url, JWT_PUBLIC_KEY_URL: issuer.jwksUrl },
    });
    for (const key of [undefined, '', 'sk-1', 'sess-1', 'with space', 'ü']) expect(await identify(callerOf(key))).toBeUndefined();
    expect(await identify(callerOf(await issuer.sign({ sub: 'ada' })))).toMatchObject({ kind: 'jwt' });
    expect(asked).toHaveLength(0);
    expect(await identify(callerOf('opaque'))).toMatchObject({ kind: 'oauth2' });
  } finally {
    await issuer.stop();
  }
});
