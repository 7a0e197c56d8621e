import { expect, test } from 'bun:test';
import { SluiceError } from 'sluice/kit';
import { describeAdmin } from '../../../../../test/kit/admin.ts';

interface Made {
  readonly key: string;
  readonly token: string;
}

/** A secret manager, and whether it is away. */
const manager = () => {
  const secrets = new Map<string, string>();
  const state = { isAway: false };
  const there = () => {
    if (state.isAway) throw new SluiceError('unavailable', 'The secret manager cannot take a virtual key: it answered 503.');
  };
  return {
    secrets,
    state,
    options: {
      writeKey: async (name: string, key: string) => {
        there();
        secrets.set(name, key);
      },
      deleteKey: async (name: string) => {
        there();
        secrets.delete(name);
      },
    },
  };
};

describeAdmin('keys in the secret manager (store_virtual_keys)', (start) => {
  test('every new key is there under its alias or its hash, and goes with it', async () => {
    const { secrets, options } = manager();
    const admin = await start(options);
    await admin.ok('POST /team/new', { team_id: 't' });
    const named = await admin.ok<Made>('POST /key/generate', { key_alias: 'ci/eu' });
    const nameless = await admin.ok<Made>('POST /key/generate', {});
    const service = await admin.ok<Made>('POST /key/service-account/generate', { team_id: 't', key_alias: 'robot' });
    const ofUser = await admin.ok<Made>('POST /user/new', { user_id: 'u', key_alias: 'mine' });
    expect(Object.fromEntries(secrets)).toEqual({
      'ci/eu': named.key,
      [nameless.token]: nameless.key,
      robot: service.key,
      mine: ofUser.key,
    });
    await admin.ok('POST /key/delete', { keys: [named.key, nameless.token] });
    expect([...secrets.keys()]).toEqual(['robot', 'mine']);
    await admin.ok('POST /team/delete', { team_ids: ['t'] });
    await admin.ok('POST /user/delete', { user_ids: ['u'] });
    expect([...secrets.keys()]).toEqual([]);
    expect(JSON.stringify(admin.lines)).not.toContain('sk-');
    await admin.stop();
  });

  test('another secret is there before it counts; another alias is another place', async () => {
    const { secrets, options } = manager();
    const admin = await start(options);
    const first = await admin.ok<Made>('POST /key/generate', { key_alias: 'a' });
    const second = await admin.ok<Made>('POST /key/regenerate', { key: first.key, grace_period: '1h' });
    expect(Object.fromEntries(secrets)).toEqual({ a: second.key });
    // The old one that is still good has nothing there, and takes nothing away.
    await admin.ok('POST /key/delete', { keys: [first.key] });
    expect(Object.fromEntries(secrets)).toEqual({ a: second.key });
    const renamed = await admin.call('POST /key/update', { key: second.key, key_alias: 'b' });
    expect([renamed.status, renamed.json.error.param]).toEqual([400, 'key_alias']);
    const third = await admin.ok<Made>('POST /key/regenerate', { key: second.key, key_alias: 'b' });
    expect(Object.fromEntries(secrets)).toEqual({ b: third.key });
    await admin.stop();
  });

  test('where it cannot be written there is no key, and the old one stays', async () => {
    const { secrets, state, options } = manager();
    const admin = await start(options);
    const { key } = await admin.ok<Made>('POST /key/generate', { key_alias: 'stays' });
    state.isAway = true;
    for (const [route, body] of [
      ['POST /key/generate', { key_alias: 'x' }],
      ['POST /user/new', { user_id: 'u', key_alias: 'y' }],
      ['POST /key/regenerate', { key }],
    ] as const) {
      const refused = await admin.call(route, body);
      expect([route, refused.status, refused.json.error.message]).toEqual([route, 503, expect.stringContaining('secret manager')]);
    }
    const { keys } = await admin.ok<{ keys: string[] }>('GET /key/list');
    expect(keys).toHaveLength(1);
    expect((await admin.chat('gpt-4o', key)).status).toBe(200);
    state.isAway = false;
    await admin.ok('POST /key/generate', { key_alias: 'x' });
    expect([...secrets.keys()]).toEqual(['stays', 'x']);
    await admin.stop();
  });

  test('a key that cannot be taken away there is gone all the same, and that is told', async () => {
    const { state, options } = manager();
    const admin = await start(options);
    const { key } = await admin.ok<Made>('POST /key/generate', { key_alias: 'left' });
    state.isAway = true;
    await admin.ok('POST /key/delete', { keys: [key] });
    expect((await admin.chat('gpt-4o', key)).status).toBe(401);
    expect(admin.lines).toContainEqual(expect.objectContaining({ level: 50, name: 'left' }));
    await admin.stop();
  });

  test('keys that ask for it are rotated by the gateway', async () => {
    const { secrets, options } = manager();
    const admin = await start({ ...options, env: { LITELLM_KEY_ROTATION_CHECK_INTERVAL_SECONDS: '0.1' } });
    const first = await admin.ok<Made>('POST /key/generate', { key_alias: 'ci', auto_rotate: true, rotation_interval: '1s' });
    const end = performance.now() + 8000;
    while (secrets.get('ci') === first.key && performance.now() < end) await Bun.sleep(50);
    expect(secrets.get('ci')).not.toBe(first.key);
    expect((await admin.chat('gpt-4o', secrets.get('ci')!)).status).toBe(200);
    await admin.stop();
  }, 15_000);

  test('LITELLM_KEY_ROTATION_ENABLED=false: nothing is rotated', async () => {
    const { secrets, options } = manager();
    const env = { LITELLM_KEY_ROTATION_CHECK_INTERVAL_SECONDS: '0.1', LITELLM_KEY_ROTATION_ENABLED: 'false' };
    const admin = await start({ ...options, env });
    const refused = await admin.call('POST /key/generate', { key_alias: 'ci', auto_rotate: true, rotation_interval: '1s' });
    expect(refused.status).toBe(200);
    await Bun.sleep(1500);
    expect(secrets.get('ci')).toBe(refused.json.key);
    await admin.stop();
  });
});
