import { expect, test } from 'bun:test';
import { kinds } from '../../../access/records/kinds.ts';
import { maxSessionsPerUser } from '../../../access/sign-on/session/sessions.ts';
import { describeAdmin, masterKey, type TestAdmin } from '../../../../../test/kit/admin.ts';
import { TestBrowser } from '../../../../../test/kit/identity/browser.ts';

const password = 'Correct-horse-7-battery';

const withUser = async (admin: TestAdmin, role = 'internal_user'): Promise<string> => {
  const hash = await Bun.password.hash(password, { algorithm: 'argon2id', memoryCost: 1024, timeCost: 1 });
  const id = `u-${crypto.randomUUID()}`;
  await admin.store.write({ by: 'test' }, (writing) =>
    writing.insert(kinds.user, id, { user_role: role as 'internal_user', user_email: `${id}@example.com`, models: [], password: hash }),
  );
  return id;
};

const signIn = async (admin: TestAdmin, username: string, secret = password) =>
  admin.call('POST /v2/login', { username, password: secret }, { key: '' });

describeAdmin('sessions', (start) => {
  test('a person signs in with a password, by e-mail address or id, and is somebody until they leave', async () => {
    const admin = await start();
    const id = await withUser(admin);
    const { status, json } = await signIn(admin, `${id}@EXAMPLE.com`);
    expect([status, json.user_id, json.user_role]).toEqual([200, id, 'internal_user']);
    expect(json.token).toMatch(/^sess-[\w-]{43}$/);
    const asJson = await admin.call('GET /session', undefined, { key: json.token });
    expect([asJson.status, asJson.json.user_id, asJson.json.csrf_token]).toEqual([200, id, json.csrf_token]);
    expect((await signIn(admin, id)).status).toBe(200);
    expect((await admin.call('POST /logout', {}, { key: json.token })).status).toBe(200);
    expect((await admin.call('GET /session', undefined, { key: json.token })).status).toBe(401);
    await admin.stop();
  });

  test('nothing of a token or a password is stored or logged', async () => {
    const admin = await start();
    const id = await withUser(admin);
    const { json } = await signIn(admin, id);
    await admin.call('GET /session', undefined, { key: json.token });
    const rows = JSON.stringify(await admin.store.find(kinds.session));
    expect(rows).not.toContain(json.token);
    expect(rows).not.toContain(json.csrf_token);
    const lines = JSON.stringify(admin.lines);
    expect(lines).not.toContain(json.token);
    expect(lines).not.toContain(password);
    await admin.stop();
  });

  test('who does not exist and who has another password are told the same', async () => {
    const admin = await start();
    const id = await withUser(admin);
    const wrong = await signIn(admin, id, 'no');
    const nobody = await signIn(admin, 'nobody@example.com', 'no');
    expect(wrong.status).toBe(401);
    expect(nobody.json).toEqual(wrong.json);
    await admin.stop();
  });

  test('tries are counted for an account and answered with 429, also the right one', async () => {
    const admin = await start();
    const id = await withUser(admin);
    const tries = await Promise.all(Array.from({ length: 14 }, () => signIn(admin, id, 'no')));
    expect(tries.filter(({ status }) => status === 401)).toHaveLength(10);
    const late = await signIn(admin, id);
    expect(late.status).toBe(429);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(60);
    await admin.stop();
  });

  test('the master key signs in as an administrator, and UI_PASSWORD takes its place', async () => {
    const admin = await start();
    const { json } = await signIn(admin, 'admin', masterKey);
    expect([json.user_id, json.user_role]).toEqual(['default_user_id', 'proxy_admin']);
    expect((await admin.call('GET /user/list', undefined, { key: json.token })).status).toBe(200);
    await admin.stop();
    const other = await start({ env: { UI_USERNAME: 'root', UI_PASSWORD: 'a-password', PROXY_ADMIN_ID: 'boss' } });
    expect((await signIn(other, 'root', masterKey)).status).toBe(401);
    expect((await signIn(other, 'admin', 'a-password')).status).toBe(401);
    expect((await signIn(other, 'root', 'a-password')).json.user_id).toBe('boss');
    await other.stop();
  });

  test('a new sign-on in a browser makes a new token, and the one before is dead (CVE-2026-12796: fixation)', async () => {
    const admin = await start();
    const id = await withUser(admin);
    const first = (await signIn(admin, id)).json.token;
    const again = await admin.call(
      'POST /v2/login',
      { username: id, password },
      { key: '', headers: { cookie: `sluice_session=${first}` } },
    );
    expect(again.json.token).not.toBe(first);
    expect((await admin.call('GET /session', undefined, { key: first })).status).toBe(401);
    const planted = `sess-${'A'.repeat(43)}`;
    const other = await admin.call(
      'POST /v2/login',
      { username: id, password },
      { key: '', headers: { cookie: `sluice_session=${planted}` } },
    );
    expect(other.json.token).not.toBe(planted);
    await admin.stop();
  });

  test('a person has twenty sessions at most; all of them end at once, also those that are known here', async () => {
    const admin = await start();
    const id = await withUser(admin);
    const tokens: string[] = [];
    for (let at = 0; at <= maxSessionsPerUser; at++) tokens.push((await signIn(admin, id)).json.token);
    expect(await admin.store.count(kinds.session, { is: { user_id: id } })).toBe(maxSessionsPerUser);
    expect((await admin.call('GET /session', undefined, { key: tokens[0]! })).status).toBe(401);
    const last = tokens.at(-1)!;
    expect((await admin.call('GET /session', undefined, { key: last })).status).toBe(200);
    const ended = await admin.call('POST /sessions/end', {}, { key: last });
    expect(ended.json.ended).toBe(maxSessionsPerUser);
    expect((await admin.call('GET /session', undefined, { key: last })).status).toBe(401);
    await admin.stop();
  });

  test("nobody ends another person's sessions but administrators", async () => {
    const admin = await start();
    const [one, other] = [await withUser(admin), await withUser(admin)];
    const token = (await signIn(admin, one)).json.token;
    expect((await admin.call('POST /sessions/end', { user_id: other }, { key: token })).status).toBe(403);
    expect((await admin.call('POST /sessions/end', { user_id: one })).json.ended).toBe(1);
    expect((await admin.call('POST /sessions/end', {})).status).toBe(400);
    await admin.stop();
  });

  test('who is blocked or deleted is out at once', async () => {
    const admin = await start();
    const id = await withUser(admin);
    const token = (await signIn(admin, id)).json.token;
    expect((await admin.call('GET /session', undefined, { key: token })).status).toBe(200);
    await admin.store.write({ by: 'test' }, (writing) => writing.update(kinds.user, id, (was) => ({ ...was, blocked: true })));
    await Bun.sleep(500);
    expect((await admin.call('GET /session', undefined, { key: token })).status).toBe(401);
    expect((await signIn(admin, id)).status).toBe(403);
    await admin.store.write({ by: 'test' }, (writing) => writing.remove(kinds.user, id));
    await Bun.sleep(500);
    expect((await admin.call('GET /session', undefined, { key: token })).status).toBe(401);
    await admin.stop();
  });

  test('sessions run out: unused, and in any case', async () => {
    const admin = await start();
    const id = await withUser(admin);
    const token = (await signIn(admin, id)).json.token;
    const [session] = await admin.store.find(kinds.session, { is: { user_id: id } });
    await admin.store.write({ by: 'test' }, (writing) =>
      writing.update(kinds.session, session!.id, (was) => ({ ...was, expires_at: Date.now() - 1 })),
    );
    await Bun.sleep(500);
    expect((await admin.call('GET /session', undefined, { key: token })).status).toBe(401);
    await admin.stop();
  });

  test('a session that is used lasts', async () => {
    const admin = await start();
    const id = await withUser(admin);
    const token = (await signIn(admin, id)).json.token;
    const [session] = await admin.store.find(kinds.session, { is: { user_id: id } });
    const soon = Date.now() + 60_000;
    await admin.store.write({ by: 'test' }, (writing) =>
      writing.update(kinds.session, session!.id, (was) => ({ ...was, expires_at: soon })),
    );
    await Bun.sleep(500);
    await admin.call('GET /session', undefined, { key: token });
    await Bun.sleep(200);
    expect((await admin.store.get(kinds.session, session!.id))!.data.expires_at).toBeGreaterThan(soon + 3_600_000);
    await admin.stop();
  });

  test('a session calls models, and may no more than its person', async () => {
    const admin = await start();
    const id = await withUser(admin);
    const token = (await signIn(admin, id)).json.token;
    expect((await admin.chat('gpt-4o', token)).status).toBe(200);
    expect((await admin.call('POST /budget/new', { budget_id: 'b', max_budget: 1 }, { key: token })).status).toBe(403);
    expect((await admin.chat('gpt-4o', `sess-${'x'.repeat(43)}`)).status).toBe(401);
    await admin.stop();
  });
});

describeAdmin('sessions of two gateways on one database', (start) => {
  test('are good at both, and dead at both at once', async () => {
    const admin = await start();
    const beside = await start({ beside: admin });
    const id = await withUser(admin);
    const token = (await signIn(admin, id)).json.token;
    const at = async (gateway: TestAdmin) => (await gateway.call('GET /session', undefined, { key: token })).status;
    expect([await at(admin), await at(beside)]).toEqual([200, 200]);
    // Both know it without asking the database now.
    expect([await at(admin), await at(beside)]).toEqual([200, 200]);
    await admin.call('POST /logout', {}, { key: token });
    expect(await at(admin)).toBe(401);
    const startedAt = performance.now();
    while ((await at(beside)) === 200 && performance.now() - startedAt < 3000) await Bun.sleep(10);
    expect(await at(beside)).toBe(401);
    expect(performance.now() - startedAt).toBeLessThan(3000);
    await beside.stop();
    await admin.stop();
  });

  test('a sign-on of a program begins at one and ends at the other', async () => {
    const admin = await start();
    const beside = await start({ beside: admin });
    const device = (await admin.call('POST /sso/cli/start', {}, { key: '' })).json;
    const browser = new TestBrowser();
    await browser.form(`${beside.url}/login`, { username: 'admin', password: masterKey });
    const page = await (await browser.go(`${beside.url}/sso/cli?user_code=${device.user_code}`)).text();
    const csrf_token = /name="csrf_token" value="([^"]+)"/.exec(page)![1]!;
    expect((await browser.form(`${beside.url}/sso/cli/approve`, { user_code: device.user_code, csrf_token })).status).toBe(200);
    const both = await Promise.all(
      [admin, beside].map((gateway) => gateway.call('POST /sso/cli/poll', { device_code: device.device_code }, { key: '' })),
    );
    // Once.
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
    await beside.stop();
    await admin.stop();
  });
});

describeAdmin('what comes with a cookie must be meant', (start) => {
  const signedIn = async (admin: TestAdmin) => {
    const browser = new TestBrowser();
    const id = await withUser(admin);
    const { json } = await signIn(admin, id);
    browser.cookies.set(`${admin.url} sluice_session`, json.token);
    return { browser, id, csrf: json.csrf_token as string, token: json.token as string };
  };
  const change = (url: string, browser: TestBrowser, headers: Record<string, string>, from?: string, path = '/sessions/end') =>
    browser.go(url + path, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', ...headers },
      ...(from !== undefined && { from }),
    });

  test('reading needs nothing more; changing needs the token and an origin of ours', async () => {
    const admin = await start();
    const { browser, csrf, token } = await signedIn(admin);
    expect((await browser.go(`${admin.url}/session`)).status).toBe(200);
    expect((await change(admin.url, browser, {})).status).toBe(403);
    expect((await change(admin.url, browser, { 'x-csrf-token': 'wrong' })).status).toBe(403);
    expect((await change(admin.url, browser, { 'x-csrf-token': csrf }, 'https://evil.example')).status).toBe(403);
    expect((await change(admin.url, browser, { 'x-csrf-token': csrf }, 'null')).status).toBe(403);
    const noOrigin = await fetch(`${admin.url}/sessions/end`, {
      method: 'POST',
      headers: { cookie: `sluice_session=${token}`, 'x-csrf-token': csrf },
    });
    expect(noOrigin.status).toBe(403);
    expect((await change(admin.url, browser, { 'x-csrf-token': csrf })).status).toBe(200);
    await admin.stop();
  });

  test('that holds for calls of models as well, which cost money', async () => {
    const admin = await start();
    const { browser, csrf } = await signedIn(admin);
    const call = (headers: Record<string, string>) =>
      browser.go(`${admin.url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] }),
        headers: { 'content-type': 'text/plain', ...headers },
      });
    expect((await call({})).status).toBe(403);
    expect((await call({ 'x-csrf-token': csrf })).status).toBe(200);
    await admin.stop();
  });

  test("another session's token is not good", async () => {
    const admin = await start();
    const one = await signedIn(admin);
    const other = await signedIn(admin);
    expect((await change(admin.url, one.browser, { 'x-csrf-token': other.csrf })).status).toBe(403);
    await admin.stop();
  });

  test('where the public address is known, only its pages may', async () => {
    const admin = await start({ env: { PROXY_BASE_URL: 'https://gateway.example' } });
    const { browser, csrf } = await signedIn(admin);
    expect((await change(admin.url, browser, { 'x-csrf-token': csrf })).status).toBe(403);
    expect((await change(admin.url, browser, { 'x-csrf-token': csrf }, 'https://gateway.example')).status).toBe(200);
    await admin.stop();
  });

  test('two cookies of the same name are no session: somebody else put one there', async () => {
    const admin = await start();
    const { token } = await signedIn(admin);
    const response = await fetch(`${admin.url}/session`, {
      headers: { cookie: `sluice_session=${token}; sluice_session=sess-${'B'.repeat(43)}` },
    });
    expect(response.status).toBe(401);
    await admin.stop();
  });
});

describeAdmin('the page that people sign in on', (start) => {
  test('signs in and out without a script, and loads nothing', async () => {
    const admin = await start();
    const id = await withUser(admin);
    const browser = new TestBrowser();
    const shown = await browser.go(`${admin.url}/login?return_to=${encodeURIComponent('/a?b=1')}`);
    const text = await shown.text();
    expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text).not.toContain('<script');
    expect(text).toContain('value="/a?b=1"');
    expect(text).toContain('<label for="password">');
    const wrong = await browser.form(`${admin.url}/login`, { username: '<b>"x', password: 'no', return_to: '/a' });
    expect(wrong.status).toBe(401);
    const again = await wrong.text();
    expect(again).toContain('role="alert"');
    expect(again).toContain('value="&lt;b&gt;&quot;x"');
    expect(again).not.toContain('<b>');
    const done = await browser.form(`${admin.url}/login`, { username: id, password, return_to: '/a?b=1' });
    expect([done.status, done.headers.get('location')]).toEqual([303, '/a?b=1']);
    const [set] = done.headers.getSetCookie();
    expect(set).toMatch(/^sluice_session=sess-[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
    const signedIn = await (await browser.go(`${admin.url}/login`)).text();
    expect(signedIn).toContain(`${id}@example.com`);
    const csrf = /name="csrf_token" value="([^"]+)"/.exec(signedIn)![1]!;
    expect((await browser.form(`${admin.url}/logout`, {})).status).toBe(403);
    expect((await browser.form(`${admin.url}/logout`, { csrf_token: csrf })).status).toBe(303);
    expect((await browser.go(`${admin.url}/session`)).status).toBe(401);
    await admin.stop();
  });

  test('the cookie is for https alone where the browser came by https', async () => {
    const admin = await start();
    const id = await withUser(admin);
    const response = await admin.call('POST /v2/login', { username: id, password }, { key: '', headers: { 'x-forwarded-proto': 'https' } });
    expect(response.headers.get('set-cookie')).toContain('; Secure');
    await admin.stop();
  });

  test('nobody is sent to another site, and no other site signs a browser in', async () => {
    const admin = await start();
    const id = await withUser(admin);
    for (const bad of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      'javascript:alert(1)',
      '/..//evil.example',
      '',
    ]) {
      const browser = new TestBrowser();
      const done = await browser.form(`${admin.url}/login`, { username: id, password, return_to: bad });
      expect([bad, done.status, done.headers.get('location')]).toEqual([bad, 303, '/login']);
    }
    const foreign = await new TestBrowser().form(`${admin.url}/login`, { username: id, password }, 'https://evil.example');
    expect([foreign.status, foreign.headers.getSetCookie()]).toEqual([403, []]);
    await admin.stop();
  });
});
