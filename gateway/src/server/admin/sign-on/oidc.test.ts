import { afterEach, expect, test } from 'bun:test';
import { startFakeOpenid, type FakeOpenid } from '../../../../../test/kit/identity/fake-openid.ts';
import { freeIssuer, startOpenid, type TestOpenid } from '../../../../../test/kit/identity/openid.ts';
import { kinds, memberId } from '../../../access/records/kinds.ts';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';
import { TestBrowser } from '../../../../../test/kit/identity/browser.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const models = `
model_list:
  - { model_name: gpt-4o, litellm_params: { model: mock/hello } }
`;

const configOf = (issuer: string, more = '', providerMore = '') => `${models}
general_settings:
${more}
  sso:
    providers:
      - name: acme
        label: Acme
        issuer: ${issuer}
        client_id: sluice
        client_secret: a-secret-of-the-test-client-1234567890
        scopes: [openid, email, profile]
        claims: { role: role }
${providerMore}
`;

/** From the first link to the session, as a browser goes: redirects by hand, cookies of each host. */
const signOn = async (
  admin: TestAdmin,
  browser = new TestBrowser(),
  query = 'provider=acme',
): Promise<{ browser: TestBrowser; last: Response }> => {
  let url = `${admin.url}/sso/key/generate?${query}`;
  let last = await browser.go(url);
  for (let hops = 0; hops < 12 && last.status >= 300 && last.status < 400; hops++) {
    const next = TestBrowser.to(last, url);
    if (next.startsWith(admin.url) && !next.startsWith(`${admin.url}/sso/`)) break;
    url = next;
    last = await browser.go(url);
  }
  return { browser, last };
};

const who = async (admin: TestAdmin, browser: TestBrowser) =>
  (await browser.go(`${admin.url}/session`)).json() as Promise<Record<string, unknown>>;

describeAdmin('sign-on by OpenID Connect, at a real provider', (start) => {
  const withProvider = async (more = '', env: Record<string, string> = {}): Promise<{ admin: TestAdmin; idp: TestOpenid }> => {
    const issuer = await freeIssuer();
    const admin = await start({ config: configOf(issuer, more), env });
    const idp = await startOpenid({ issuer, redirectUri: `${admin.url}/sso/callback` });
    stops.push(idp.stop, admin.stop);
    return { admin, idp };
  };

  test('a person comes in, is made, and found again; nobody asks for a password', async () => {
    const { admin, idp } = await withProvider();
    idp.person = { sub: 'p1', email: 'Ada@Example.com', email_verified: true, name: 'Ada', groups: ['x'] };
    const { browser, last } = await signOn(admin, undefined, 'provider=acme&return_to=/where');
    expect([last.status, last.headers.get('location')]).toEqual([303, '/where']);
    const session = await who(admin, browser);
    expect([session['user_email'], session['user_role'], session['source']]).toEqual(['ada@example.com', 'internal_user_viewer', 'oidc']);
    const again = await signOn(admin);
    expect((await who(admin, again.browser))['user_id']).toBe(session['user_id']);
    expect(await admin.store.count(kinds.user)).toBe(1);
    const [user] = await admin.store.find(kinds.user);
    expect([user!.data.sso_user_id, user!.data.user_alias]).toEqual(['p1', 'Ada']);
  });

  test('one provider needs no name, and roles and defaults are given', async () => {
    const { admin, idp } = await withProvider(`
  ui_access_mode: all
`);
    idp.person = { sub: 'p2', email: 'b@example.com', email_verified: true, role: 'internal_user' };
    const { browser } = await signOn(admin, undefined, '');
    expect((await who(admin, browser))['user_role']).toBe('internal_user');
    idp.person = { ...idp.person, role: 'proxy_admin' };
    const again = await signOn(admin, undefined, '');
    expect((await who(admin, again.browser))['user_role']).toBe('proxy_admin');
  });

  test('groups are teams: joined, and left again, but only where the mapping put somebody in', async () => {
    const { admin, idp } = await withProvider();
    await admin.store.write({ by: 'test' }, async (writing) => {
      await writing.insert(kinds.team, 'red', { models: [], sso_groups: ['g-red'] });
      await writing.insert(kinds.team, 'blue', { models: [], sso_groups: ['g-blue', 'g-sky'] });
      await writing.insert(kinds.team, 'own', { models: [], sso_groups: ['g-own'] });
    });
    idp.person = { sub: 'p3', email: 'c@example.com', email_verified: true, groups: ['g-red', 'g-sky'] };
    const { browser } = await signOn(admin);
    const { user_id: id } = (await who(admin, browser)) as { user_id: string };
    const teams = async () => (await admin.store.find(kinds.teamMember, { is: { user_id: id } })).map(({ data }) => data.team_id).sort();
    expect(await teams()).toEqual(['blue', 'red']);
    await admin.store.write({ by: 'somebody' }, (writing) =>
      writing.insert(kinds.teamMember, memberId('own', id), { team_id: 'own', user_id: id, role: 'admin' }),
    );
    idp.person = { ...idp.person, groups: ['g-blue'] };
    await signOn(admin);
    expect(await teams()).toEqual(['blue', 'own']);
  });

  test('PROXY_ADMIN_ID is an administrator; domains and modes keep others out', async () => {
    const { admin, idp } = await withProvider('  ui_access_mode: admin_only', {
      PROXY_ADMIN_ID: 'boss',
      ALLOWED_EMAIL_DOMAINS: 'example.com',
    });
    idp.person = { sub: 'boss', email: 'boss@example.com', email_verified: true };
    const { browser } = await signOn(admin);
    expect((await who(admin, browser))['user_role']).toBe('proxy_admin');
    idp.person = { sub: 'p4', email: 'd@example.com', email_verified: true };
    expect((await signOn(admin)).last.status).toBe(403);
    idp.person = { sub: 'p5', email: 'd@evil.example', email_verified: true, role: 'proxy_admin' };
    expect((await signOn(admin)).last.status).toBe(403);
    idp.person = { sub: 'p6', email: 'e@example.com', email_verified: false, role: 'proxy_admin' };
    expect((await signOn(admin)).last.status).toBe(403);
    // Nobody was made who may not come in.
    expect(await admin.store.count(kinds.user)).toBe(1);
  });
});

describeAdmin('sign-on by OpenID Connect, at a provider that lies', (start) => {
  const withFake = async (more = '', providerMore = ''): Promise<{ admin: TestAdmin; idp: FakeOpenid }> => {
    const idp = await startFakeOpenid();
    const admin = await start({ config: configOf(idp.issuer, more, providerMore) });
    stops.push(idp.stop, admin.stop);
    return { admin, idp };
  };
  /** Begins, and gives what the provider was told. */
  const begin = async (admin: TestAdmin, idp: FakeOpenid, browser = new TestBrowser()) => {
    const started = await browser.go(`${admin.url}/sso/key/generate?provider=acme`);
    const sent = new URL(started.headers.get('location')!).searchParams;
    idp.nonce = sent.get('nonce')!;
    return { browser, sent, state: sent.get('state')! };
  };
  const end = async (admin: TestAdmin, browser: TestBrowser, state: string, more = '') =>
    browser.go(`${admin.url}/sso/callback?code=c&state=${state}${more}`);
  const run = async (admin: TestAdmin, idp: FakeOpenid) => {
    const { browser, state } = await begin(admin, idp);
    return end(admin, browser, state);
  };

  test('what is sent has PKCE, state and nonce; the code is exchanged with the verifier', async () => {
    const { admin, idp } = await withFake();
    const { browser, sent, state } = await begin(admin, idp);
    expect([sent.get('code_challenge_method'), sent.get('response_type'), sent.get('redirect_uri')]).toEqual([
      'S256',
      'code',
      `${admin.url}/sso/callback`,
    ]);
    expect((await end(admin, browser, state)).status).toBe(303);
    const verifier = idp.exchanged[0]!.get('code_verifier')!;
    expect(new Bun.CryptoHasher('sha256').update(verifier).digest('base64url')).toBe(sent.get('code_challenge')!);
  });

  test('an id token that proves nothing lets nobody in', async () => {
    const { admin, idp } = await withFake();
    const unsigned = (claims: object, alg: string) =>
      `${[{ alg }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;
    const lies: Record<string, FakeOpenid['idToken']> = {
      'another nonce': (good) => idp.sign({ ...good, nonce: 'x' }),
      'no nonce': ({ nonce: _, ...good }) => idp.sign(good),
      'another issuer': (good) => idp.sign({ ...good, iss: 'https://evil.example' }),
      'another audience': (good) => idp.sign({ ...good, aud: 'somebody' }),
      'run out': (good) => idp.sign({ ...good, iat: good.iat! - 7200, exp: good.iat! - 3600 }),
      'alg none': (good) => unsigned(good, 'none'),
      'signed by nobody known': async (good) => {
        const { SignJWT, generateKeyPair } = await import('jose');
        return new SignJWT(good).setProtectedHeader({ alg: 'RS256', kid: 'other' }).sign((await generateKeyPair('RS256')).privateKey);
      },
      "signed with the client's secret": async (good) => {
        const { SignJWT } = await import('jose');
        return new SignJWT(good)
          .setProtectedHeader({ alg: 'HS256' })
          .sign(new TextEncoder().encode('a-secret-of-the-test-client-1234567890'));
      },
      altered: async (good) => {
        const [head, , signature] = (await idp.sign(good)).split('.');
        return `${head}.${Buffer.from(JSON.stringify({ ...good, sub: 'admin' })).toString('base64url')}.${signature}`;
      },
    };
    for (const [name, lie] of Object.entries(lies)) {
      idp.idToken = lie;
      const last = await run(admin, idp);
      expect([name, last.status]).toEqual([name, 401]);
      expect(last.headers.getSetCookie().filter((each) => each.startsWith('sluice_session=s'))).toEqual([]);
    }
    expect(await admin.store.count(kinds.user)).toBe(0);
    idp.idToken = (good) => idp.sign(good);
    expect((await run(admin, idp)).status).toBe(303);
  });

  test('the userinfo endpoint may not speak of somebody else', async () => {
    const { admin, idp } = await withFake();
    idp.idToken = (good) => idp.sign({ ...good, sub: 'me' });
    idp.userinfo = { sub: 'somebody-else', email: 'x@example.com' };
    expect((await run(admin, idp)).status).toBe(401);
  });

  test('a state is good once, and only in the browser that began', async () => {
    const { admin, idp } = await withFake();
    const { browser, state } = await begin(admin, idp);
    expect((await end(admin, browser, 'made-up')).status).toBe(401);
    expect((await end(admin, new TestBrowser(), state)).status).toBe(401);
    // It is used up by that.
    expect((await end(admin, browser, state)).status).toBe(401);
    const again = await begin(admin, idp);
    expect((await end(admin, again.browser, again.state)).status).toBe(303);
    expect((await end(admin, again.browser, again.state)).status).toBe(401);
    expect((await admin.call('GET /sso/callback', undefined, { key: '' })).status).toBe(401);
  });

  test('a provider that says no, and one that names another issuer, let nobody in (mix-up)', async () => {
    const { admin, idp } = await withFake();
    const refused = await begin(admin, idp);
    expect((await refused.browser.go(`${admin.url}/sso/callback?error=access_denied&state=${refused.state}`)).status).toBe(401);
    const mixed = await begin(admin, idp);
    expect((await end(admin, mixed.browser, mixed.state, '&iss=https%3A%2F%2Fevil.example')).status).toBe(401);
  });

  test('keys that change are followed at once, and are not asked for with each token', async () => {
    const { admin, idp } = await withFake();
    await run(admin, idp);
    await run(admin, idp);
    expect(idp.keysAsked).toBe(1);
    await idp.rotate();
    await Bun.sleep(2100);
    expect((await run(admin, idp)).status).toBe(303);
    expect(idp.keysAsked).toBe(2);
  });

  test('a provider that is away is no wrong password: 503, and it works again', async () => {
    const { admin, idp } = await withFake();
    idp.status = 500;
    const away = await admin.call('GET /sso/key/generate?provider=acme', undefined, { key: '' });
    expect(away.status).toBe(503);
    idp.status = undefined;
    const { browser, state } = await begin(admin, idp);
    idp.status = 502;
    expect((await end(admin, browser, state)).status).toBe(503);
    idp.status = undefined;
    expect((await run(admin, idp)).status).toBe(303);
  });

  test('somebody is found by e-mail address once; another person with that address is not', async () => {
    const { admin, idp } = await withFake();
    await admin.store.write({ by: 'test' }, (writing) =>
      writing.insert(kinds.user, 'old', { user_role: 'internal_user', user_email: 'f@example.com', models: [] }),
    );
    idp.userinfo = { sub: 's1', email: 'F@example.com', email_verified: false };
    expect((await run(admin, idp)).status).toBe(403);
    idp.userinfo = { sub: 's1', email: 'F@example.com' };
    expect((await run(admin, idp)).status).toBe(403);
    idp.userinfo = { sub: 's1', email: 'F@example.com', email_verified: true };
    expect((await run(admin, idp)).status).toBe(303);
    expect((await admin.store.get(kinds.user, 'old'))!.data.sso_user_id).toBe('s1');
    idp.userinfo = { sub: 's2', email: 'f@example.com', email_verified: true };
    expect((await run(admin, idp)).status).toBe(403);
    expect(await admin.store.count(kinds.user)).toBe(1);
  });

  test('two sign-ons of a new person at the same time make one user', async () => {
    const { admin, idp } = await withFake();
    idp.userinfo = { sub: 'twin', email: 'twin@example.com' };
    idp.idToken = (good) => idp.sign({ ...good, nonce: nonces.shift()! });
    const begun = [];
    const nonces: string[] = [];
    for (let at = 0; at < 2; at++) {
      begun.push(await begin(admin, idp));
      nonces.push(idp.nonce);
    }
    const first = end(admin, begun[0]!.browser, begun[0]!.state);
    await Bun.sleep(5);
    const all = await Promise.all([first, end(admin, begun[1]!.browser, begun[1]!.state)]);
    expect(all.filter(({ status }) => status === 303).length).toBeGreaterThan(0);
    const [twin] = await admin.store.find(kinds.user);
    expect([twin!.data.sso_user_id, twin!.data.user_email, twin!.data.user_alias]).toEqual(['twin', undefined, 'twin@example.com']);
    expect(await admin.store.count(kinds.user)).toBe(1);
  });

  test('who is blocked stays out, and gets no role', async () => {
    const { admin, idp } = await withFake();
    await admin.store.write({ by: 'test' }, (writing) =>
      writing.insert(kinds.user, 'b', { user_role: 'internal_user', sso_user_id: 'blocked', blocked: true, models: [] }),
    );
    idp.userinfo = { sub: 'blocked', role: 'proxy_admin' };
    expect((await run(admin, idp)).status).toBe(403);
    expect((await admin.store.get(kinds.user, 'b'))!.data.user_role).toBe('internal_user');
  });

  test('role mappings and one group that may come in', async () => {
    const { admin, idp } = await withFake(
      '  ui_access_mode: { type: restricted_sso_group, restricted_sso_group: staff, sso_group_jwt_field: realm.groups }',
      `    role_mappings: { provider: acme, group_claim: realm.groups, default_role: internal_user, roles: { proxy_admin: [ops], proxy_admin_viewer: [audit] } }
    allowed_email_domains: []`,
    );
    idp.userinfo = { sub: 'r1', realm: { groups: ['ops'] } };
    expect((await run(admin, idp)).status).toBe(403);
    const roleOf = async (sub: string, groups: string[]) => {
      idp.userinfo = { sub, realm: { groups } };
      expect((await run(admin, idp)).status).toBe(303);
      return (await admin.store.first(kinds.user, { is: { sso_id: sub } }))!.data.user_role;
    };
    expect(await roleOf('r1', ['staff', 'audit', 'ops'])).toBe('proxy_admin');
    expect(await roleOf('r1', ['staff', 'audit'])).toBe('proxy_admin_viewer');
    expect(await roleOf('r1', ['staff'])).toBe('internal_user');
  });
});
