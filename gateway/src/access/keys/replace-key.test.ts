import { expect, test } from 'bun:test';
import { describeDatabases } from '../../../../test/kit/describe-databases.ts';
import { kinds } from '../records/kinds.ts';
import type { KeyRecord } from '../records/records.ts';
import { systemActor } from '../store/actor.ts';
import { Store } from '../store/store.ts';
import { keySubject } from './key-subject.ts';
import { replaceKey } from './replace-key.ts';
import { hashKey } from './secret.ts';

const actor = systemActor('test');

describeDatabases('a key in the place of another one', (open) => {
  const setUp = async () => {
    const store = new Store(await open(), () => 1_800_000_000_000);
    await store.write(actor, (writing) => writing.insert(kinds.key, hashKey('sk-1'), { key_name: 'sk-1', models: [], max_budget: 5 }));
    const replace = (from: string, to: string, graceMs: number) =>
      store.write(actor, async (writing) => {
        const old = (await writing.get(kinds.key, hashKey(from)))!;
        return replaceKey(writing, old, { key: to, data: old.data, graceMs, action: 'regenerated' });
      });
    const subjectOf = async (key: string) => keySubject((await store.get(kinds.key, hashKey(key)))!);
    return { store, replace, subjectOf };
  };

  test('is counted as the first one, however often that goes on: nothing has to be moved', async () => {
    const { store, replace, subjectOf } = await setUp();
    const first = `key:${hashKey('sk-1')}`;
    expect(await subjectOf('sk-1')).toBe(first);
    await replace('sk-1', 'sk-2', 3_600_000);
    await replace('sk-2', 'sk-3', 0);
    await replace('sk-3', 'sk-4', 3_600_000);
    for (const key of ['sk-1', 'sk-3', 'sk-4']) expect(await subjectOf(key)).toBe(first);
    const gone = (await store.get(kinds.deletedKey, hashKey('sk-2')))!;
    expect(keySubject(gone)).toBe(first);
    expect((await store.get(kinds.key, hashKey('sk-1')))!.data.replaced_by).toBe(hashKey('sk-4'));
  });

  test('where the first one is gone, it leads on to the one that has its place', async () => {
    const { store, replace } = await setUp();
    await replace('sk-1', 'sk-2', 0);
    await replace('sk-2', 'sk-3', 0);
    expect((await store.get(kinds.deletedKey, hashKey('sk-1')))!.data.replaced_by).toBe(hashKey('sk-3'));
  });

  test('one that was replaced by an older gateway counts with its successor, as it did there', () => {
    const data = { key_name: 'x', models: [], replaced_by: 'b' } satisfies KeyRecord;
    expect(keySubject({ id: 'a', data })).toBe('key:b');
  });
});
