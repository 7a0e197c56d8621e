import { expect, test } from 'bun:test';
import { describeAdmin, masterKey, type TestAdmin } from '../../../../../test/kit/admin.ts';
import { TestBrowser } from '../../../../../test/kit/identity/browser.ts';
import { kinds } from '../../../access/records/kinds.ts';

const signedIn = async (admin: TestAdmin) => {
  const browser = new TestBrowser();
  await browser.form(`${admin.url}/login`, { username: 'admin', password: masterKey });
  return browser;
};
const startDevice = async (admin: TestAdmin) =>
  (await admin.call('POST /sso/cli/start', {}, { key: '', headers: { 'user-agent': '<b>cli</b>' } })).json as {
    device_code: string;
    user_code: string;
    verification_uri_complete: string;
    interval: number;
    expires_in: number;
  };
const poll = (admin: TestAdmin, device_code: string) => admin.call('POST /sso/cli/poll', { device_code }, { key: '' });
const csrfIn = (page: string) => /name="csrf_token" value="([^"]+)"/.exec(page)![1]!;

describeAdmin('device codes', (start) => {
  test('a person lets a program in, which gets one session', async () => {
    const admin = await start();
    const device = await startDevice(admin);
    expect(device.user_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect([device.interval, device.expires_in]).toEqual([5, 600]);
    const first = await poll(admin, device.device_code);
    expect([first.status, first.json.error]).toEqual([400, 'authorization_pending']);
    expect((await poll(admin, device.device_code)).json.error).toBe('slow_down');

    // Who is not signed in does that first, and comes back.
    const nobody = await new TestBrowser().go(device.verification_uri_complete);
    expect(nobody.headers.get('location')).toBe(`/login?return_to=${encodeURIComponent(`/sso/cli?user_code=${device.user_code}`)}`);

    const browser = await signedIn(admin);
    const page = await (await browser.go(device.verification_uri_complete)).text();
    expect(page).toContain(device.user_code);
    expect(page).toContain('&lt;b&gt;cli&lt;/b&gt;');
    const members = { user_code: device.user_code, csrf_token: csrfIn(page) };
    expect((await browser.form(`${admin.url}/sso/cli/approve`, { user_code: device.user_code })).status).toBe(403);
    expect((await browser.form(`${admin.url}/sso/cli/approve`, members, 'https://evil.example')).status).toBe(403);
    expect((await new TestBrowser().form(`${admin.url}/sso/cli/approve`, members)).status).toBe(401);
    expect(
      (await browser.form(`${admin.url}/sso/cli/approve`, { ...members, user_code: device.user_code.toLowerCase().replace('-', ' ') }))
        .status,
    ).toBe(200);
    // A code is used up.
    expect((await browser.form(`${admin.url}/sso/cli/approve`, members)).status).toBe(404);
    expect(JSON.stringify(await admin.store.find(kinds.grant))).not.toContain(device.device_code);
    await Bun.sleep(4100);
    const done = await poll(admin, device.device_code);
    expect([done.status, done.json.token_type, done.json.user_id]).toEqual([200, 'Bearer', 'default_user_id']);
    const session = await admin.call('GET /session', undefined, { key: done.json.access_token });
    expect([session.json.source, session.json.user_role]).toEqual(['device', 'proxy_admin']);
    // By a token that no page of somebody else can send: nothing more is needed.
    expect((await admin.call('POST /sessions/end', {}, { key: done.json.access_token })).status).toBe(200);
    expect((await poll(admin, device.device_code)).json.error).toBe('expired_token');
    await admin.stop();
  });

  test('a person refuses, and codes that are made up are none', async () => {
    const admin = await start();
    const device = await startDevice(admin);
    const browser = await signedIn(admin);
    const page = await (await browser.go(device.verification_uri_complete)).text();
    const refused = await browser.form(`${admin.url}/sso/cli/approve`, {
      user_code: device.user_code,
      csrf_token: csrfIn(page),
      decision: 'deny',
    });
    expect(refused.status).toBe(200);
    expect((await poll(admin, device.device_code)).json.error).toBe('access_denied');
    expect((await poll(admin, 'made-up')).json.error).toBe('expired_token');
    await admin.stop();
  });

  test('nobody goes on guessing codes', async () => {
    const admin = await start();
    const browser = await signedIn(admin);
    const statuses = [];
    for (let at = 0; at < 22; at++)
      statuses.push((await browser.go(`${admin.url}/sso/cli?user_code=BBBB-BBB${'BCDFGHJKLMNPQRSTVWXZBC'[at]}`)).status);
    expect(statuses.filter((status) => status === 404)).toHaveLength(20);
    expect(statuses.at(-1)).toBe(429);
    await admin.stop();
  });
});

const strong = 'Correct-horse-7-battery';

describeAdmin('passwords and invitations', (start) => {
  const invite = async (admin: TestAdmin) => {
    const id = `i-${crypto.randomUUID()}`;
    await admin.store.write({ by: 'test' }, (writing) =>
      writing.insert(kinds.user, id, { user_role: 'internal_user', user_email: `${id}@example.com`, models: [] }),
    );
    return { id, token: (await admin.ok<{ token: string }>('POST /invitation/new', { user_id: id })).token };
  };

  test('an invitation sets a password, once', async () => {
    const admin = await start();
    const { id, token } = await invite(admin);
    const shown = await admin.call(`GET /onboarding/get_token?invite_link=${encodeURIComponent(token)}`, undefined, { key: '' });
    expect([shown.status, shown.json.user_email]).toEqual([200, `${id}@example.com`]);
    const claim = (password: string, more = {}) =>
      admin.call('POST /onboarding/claim_token', { invitation_link: token, password, ...more }, { key: '' });
    const weak = await claim('short');
    expect([weak.status, weak.json.error.param]).toEqual([400, 'password']);
    expect((await claim(strong, { user_id: 'somebody' })).status).toBe(401);
    const all = await Promise.all([claim(strong, { user_id: id }), claim(strong)]);
    expect(all.map(({ status }) => status).sort()).toEqual([200, 401]);
    const { json } = all.find(({ status }) => status === 200)!;
    expect((await admin.call('GET /session', undefined, { key: json.token })).json.source).toBe('invitation');
    expect((await admin.call('POST /v2/login', { username: id, password: strong }, { key: '' })).status).toBe(200);
    expect((await admin.call(`GET /onboarding/get_token?invite_link=${encodeURIComponent(token)}`, undefined, { key: '' })).status).toBe(
      401,
    );
    await admin.stop();
  });

  test('who changes their password ends their other sessions', async () => {
    const admin = await start();
    const { id, token } = await invite(admin);
    const first = (await admin.call('POST /onboarding/claim_token', { invitation_link: token, password: strong }, { key: '' })).json.token;
    const second = (await admin.call('POST /v2/login', { username: id, password: strong }, { key: '' })).json.token;
    const change = (current_password: string, new_password: string, key: string) =>
      admin.call('POST /password/change', { current_password, new_password }, { key });
    expect((await change('wrong', 'Another-horse-8-battery', second)).status).toBe(403);
    expect((await change(strong, 'weak', second)).status).toBe(400);
    expect((await change(strong, 'Another-horse-8-battery', masterKey)).status).toBe(403);
    const changed = await change(strong, 'Another-horse-8-battery', second);
    expect([changed.status, changed.json.sessions_ended]).toEqual([200, 1]);
    expect((await admin.call('GET /session', undefined, { key: first })).status).toBe(401);
    expect((await admin.call('GET /session', undefined, { key: second })).status).toBe(200);
    expect((await admin.call('POST /v2/login', { username: id, password: strong }, { key: '' })).status).toBe(401);
    await admin.stop();
  });
});

describeAdmin('settings of sign-on', (start) => {
  test('are kept in LiteLLM’s names, sealed, and hold at once', async () => {
    const admin = await start();
    expect((await admin.call('GET /sso/readiness')).json.sso_configured).toBe(false);
    const update = (body: object) => admin.call('PATCH /update/sso_settings', body);
    expect(
      (
        await update({
          generic_client_id: 'c',
          generic_client_secret: 'very-secret',
          generic_issuer: 'https://idp.example',
          proxy_base_url: 'https://g.example',
        })
      ).status,
    ).toBe(200);
    const stored = JSON.stringify(await admin.store.get(kinds.setting, 'general_settings.sso_settings'));
    expect(stored).not.toContain('very-secret');
    const shown = (await admin.call('GET /get/sso_settings')).json;
    expect([shown.values.generic_client_id, shown.values.generic_client_secret, shown.provenance.generic_client_id]).toEqual([
      'c',
      '****',
      'database',
    ]);
    expect(Object.keys(shown.field_schema.properties)).toContain('role_mappings');
    expect((await admin.call('GET /sso/readiness')).json).toMatchObject({ sso_configured: true, provider: 'generic' });
    const page = await (await fetch(`${admin.url}/login`)).text();
    expect(page).toContain('/sso/key/generate?provider=generic');
    // What is not named stays; null takes away; what was shown comes back as it was (FP-69).
    await update({
      generic_client_secret: '****',
      proxy_base_url: null,
      role_mappings: { provider: 'generic', group_claim: 'groups', roles: { proxy_admin: ['a'] } },
    });
    const after = (await admin.call('GET /get/sso_settings')).json.values;
    expect([after.generic_issuer, after.generic_client_secret, after.proxy_base_url, after.role_mappings.group_claim]).toEqual([
      'https://idp.example',
      '****',
      null,
      'groups',
    ]);
    expect((await update({ generic_issuer: 'nonsense' })).status).toBe(400);
    expect((await update({ googel_client_id: 'x' })).json.error.message).toContain("'google_client_id'");
    expect((await update({ microsoft_client_id: 'm', microsoft_tenant: 'common' })).status).toBe(200);
    expect((await admin.call('GET /sso/readiness')).status).toBe(503);
    expect((await admin.call('GET /sso/key/generate?provider=microsoft', undefined, { key: '' })).status).toBe(503);
    await admin.stop();
  });

  test('are for administrators', async () => {
    const admin = await start();
    expect((await admin.call('GET /get/sso_settings', undefined, { key: '' })).status).toBe(401);
    await admin.store.write({ by: 'test' }, (writing) => writing.insert(kinds.user, 'p', { user_role: 'internal_user', models: [] }));
    const { key } = await admin.ok<{ key: string }>('POST /key/generate', { user_id: 'p' });
    expect((await admin.call('GET /get/sso_settings', undefined, { key })).status).toBe(403);
    expect((await admin.call('PATCH /update/sso_settings', { user_email: 'me@example.com' }, { key })).status).toBe(403);
    await admin.stop();
  });
});
