import { expect, test } from 'bun:test';
import { describeDatabases } from '../../../../test/kit/describe-databases.ts';
import { kinds } from '../records/kinds.ts';
import type { KeyRecord } from '../records/records.ts';
import { systemActor } from '../store/actor.ts';
import { Store } from '../store/store.ts';
import { createKeyRotation } from './rotation.ts';
import { hashKey } from './secret.ts';

const dayMs = 86_400_000;
const start = 1_800_000_000_000;
const old = 'sk-the-one-that-is-to-be-rotated';

describeDatabases('key rotation', (open) => {
  const setUp = async (more: Partial<KeyRecord> = {}) => {
    const database = await open();
    let at = start;
    const store = new Store(database, () => at);
    const data: KeyRecord = {
      key_name: 'sk-...ated',
      key_alias: 'ci',
      models: ['gpt-4o'],
      max_budget: 5,
      auto_rotate: true,
      rotation_interval: '30d',
      rotate_at: start + 30 * dayMs,
      ...more,
    };
    await store.write(systemActor('test'), (writing) => writing.insert(kinds.key, hashKey(old), data));
    const written: [string, string][] = [];
    const failures: unknown[] = [];
    const make = (write?: (alias: string, key: string) => Promise<void>) =>
      createKeyRotation({
        store,
        now: () => at,
        every: () => () => {},
        write,
        flush: () => Promise.resolve(),
        failed: (_, cause) => void failures.push(cause),
      });
    const write = (alias: string, key: string) => Promise.resolve(void written.push([alias, key]));
    return { store, written, failures, make, write, pass: (ms: number) => void (at += ms) };
  };

  test('a key that is due has another secret, which is in the secret manager; the old one is good for a day', async () => {
    const { store, written, make, write, pass } = await setUp();
    const rotation = make(write);
    expect(await rotation.run()).toBe(0);
    pass(30 * dayMs);
    expect(await rotation.run()).toBe(1);
    expect(await rotation.run()).toBe(0);
    const [[alias, key]] = written as [[string, string]];
    expect(alias).toBe('ci');
    const now = start + 30 * dayMs;
    const next = await store.get(kinds.key, hashKey(key));
    expect(next?.data).toMatchObject({
      key_alias: 'ci',
      max_budget: 5,
      rotation_count: 1,
      rotate_at: now + 30 * dayMs,
    });
    // Two writes of one millisecond are one apart.
    expect(next!.data.last_rotation_at! - now).toBeWithin(0, 10);
    expect(next?.createdAt).toBe(start);
    const before = await store.get(kinds.key, hashKey(old));
    expect(before?.data.replaced_by).toBe(hashKey(key));
    expect(before!.data.expires_at! - now - dayMs).toBeWithin(0, 10);
    expect(before?.data.key_alias).toBeUndefined();
    pass(30 * dayMs);
    expect(await rotation.run()).toBe(1);
    expect((await store.get(kinds.key, hashKey(written[1]![1])))?.data.rotation_count).toBe(2);
  });

  test('of two gateways, one rotates', async () => {
    const { store, written, make, write, pass } = await setUp();
    pass(30 * dayMs);
    const slow = async (alias: string, key: string) => {
      await Bun.sleep(20);
      await write(alias, key);
    };
    const done = await Promise.all([make(slow).run(), make(slow).run()]);
    expect(done.toSorted()).toEqual([0, 1]);
    expect(written.length).toBe(1);
    expect(await store.count(kinds.key)).toBe(2);
  });

  test('a secret manager that is away leaves the key as it is, and it is tried again', async () => {
    const { store, written, failures, make, write, pass } = await setUp();
    pass(30 * dayMs);
    const away = make(() => Promise.reject(new Error('away')));
    expect(await away.run()).toBe(0);
    expect(failures).toEqual([new Error('away')]);
    expect((await store.get(kinds.key, hashKey(old)))?.data.replaced_by).toBeUndefined();
    expect(await make(write).run()).toBe(0);
    pass(300_000);
    expect(await make(write).run()).toBe(1);
    expect(written.length).toBe(1);
  });

  test('without a secret manager nothing is rotated; a key that was deleted meanwhile is not there again', async () => {
    const { store, make, pass } = await setUp();
    pass(30 * dayMs);
    expect(await make().run()).toBe(0);
    const deleting = make(async () => {
      await store.write(systemActor('test'), (writing) => writing.remove(kinds.key, hashKey(old)));
    });
    expect(await deleting.run()).toBe(0);
    expect(await store.count(kinds.key)).toBe(0);
  });
});
