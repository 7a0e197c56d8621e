import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../../../test/kit/admin.ts';

describeAdmin('mappings of tokens to keys', (start) => {
  let admin: TestAdmin;
  let key: { key: string; token: string };
  beforeAll(async () => {
    admin = await start();
    key = await admin.ok('POST /key/generate', { key_alias: 'jwt-one' });
  });
  afterAll(() => admin.stop());

  test('one is made, shown, changed, switched off and deleted; the key is never shown', async () => {
    const made = await admin.ok('POST /jwt/key/mapping/new', {
      jwt_claim_name: 'sub',
      jwt_claim_value: 'ci',
      key: key.key,
      description: 'd',
    });
    expect(made).toMatchObject({ jwt_claim_name: 'sub', jwt_claim_value: 'ci', description: 'd', is_active: true });
    expect(JSON.stringify(made)).not.toContain(key.token);
    const { id } = made;
    expect(await admin.ok('POST /jwt/key/mapping/update', { id, is_active: false })).toMatchObject({ is_active: false, description: 'd' });
    // FP-69: null is "not said" for what always has a value, and clears what may be nothing.
    expect(await admin.ok('POST /jwt/key/mapping/update', { id, is_active: null, key: null, description: null })).toMatchObject({
      is_active: false,
      description: null,
    });
    const other = await admin.ok<{ token: string }>('POST /key/generate', { key_alias: 'jwt-two' });
    await admin.ok('POST /jwt/key/mapping/update', { id, key: other.token });
    expect(await admin.ok(`GET /jwt/key/mapping/info?id=${String(id)}`)).toMatchObject({ id });
    expect(await admin.ok('POST /jwt/key/mapping/delete', { id })).toEqual({ status: 'success' });
    for (const route of [`GET /jwt/key/mapping/info?id=${String(id)}`, 'POST /jwt/key/mapping/delete', 'POST /jwt/key/mapping/update'])
      expect((await admin.call(route, route.startsWith('GET') ? undefined : { id })).status).toBe(404);
  });

  test('one value of a claim is one key, and the key must be there', async () => {
    const claim = { jwt_claim_name: 'azp', jwt_claim_value: 'app', key: key.token };
    await admin.ok('POST /jwt/key/mapping/new', claim);
    expect((await admin.call('POST /jwt/key/mapping/new', claim)).status).toBe(409);
    await admin.ok('POST /jwt/key/mapping/new', { ...claim, jwt_claim_value: 'App' });
    const missing = await admin.call('POST /jwt/key/mapping/new', { ...claim, jwt_claim_value: 'x', key: 'sk-nobody-has-this-key' });
    expect([missing.status, missing.json.error.param]).toEqual([400, 'key']);
    expect(missing.json.error.message).not.toContain('nobody');
    const raced = await Promise.all(
      Array.from({ length: 5 }, () => admin.call('POST /jwt/key/mapping/new', { ...claim, jwt_claim_value: 'raced' })),
    );
    expect(raced.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('lists have pages, the newest first', async () => {
    for (let at = 0; at < 3; at++)
      await admin.ok('POST /jwt/key/mapping/new', { jwt_claim_name: 'page', jwt_claim_value: `${at}`, key: key.token });
    const list = await admin.ok<{ mappings: { jwt_claim_value: string }[]; total_count: number; total_pages: number }>(
      'GET /jwt/key/mapping/list?size=2',
    );
    expect(list.mappings).toHaveLength(2);
    expect(list.mappings[0]!.jwt_claim_value).toBe('2');
    expect(list.total_pages).toBe(Math.ceil(list.total_count / 2));
  });

  test('they go with their key', async () => {
    const gone = await admin.ok<{ key: string }>('POST /key/generate', { key_alias: 'jwt-gone' });
    const { id } = await admin.ok('POST /jwt/key/mapping/new', { jwt_claim_name: 'gone', jwt_claim_value: '1', key: gone.key });
    await admin.ok('POST /key/delete', { keys: [gone.key] });
    expect((await admin.call(`GET /jwt/key/mapping/info?id=${String(id)}`)).status).toBe(404);
  });

  test('only administrators of the proxy', async () => {
    for (const route of ['GET /jwt/key/mapping/list', 'POST /jwt/key/mapping/new'] as const) {
      const body = route.startsWith('GET') ? undefined : { jwt_claim_name: 'sub', jwt_claim_value: 'admin', key: key.token };
      expect((await admin.call(route, body, { key: key.key })).status).toBe(403);
    }
  });
});
