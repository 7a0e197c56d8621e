import { expect, test } from 'bun:test';
import { describeDatabases } from '../../../../../test/kit/describe-databases.ts';
import { kinds } from '../../records/kinds.ts';
import type { UserRecord } from '../../records/records.ts';
import { Store } from '../../store/store.ts';
import { demandUnused } from './demand-unused.ts';

describeDatabases('FP-34: who is known by their e-mail address alone gets no account that others have prepared', (open) => {
  test('made by who is no proxy admin, it must be fresh', async () => {
    const store = new Store(await open());
    const user = (more: Partial<UserRecord> = {}): UserRecord => ({ user_role: 'internal_user', models: [], ...more });
    const make = (by: string, id: string, more?: Partial<UserRecord>) =>
      store.write({ by }, (writing) => writing.insert(kinds.user, id, user(more)));
    const isLetIn = async (id: string): Promise<boolean> => {
      const known = await store.get(kinds.user, id);
      return store
        .write({ by: 'test' }, (writing) => demandUnused(writing, known!))
        .then(
          () => true,
          () => false,
        );
    };
    await make('master_key', 'boss', { user_role: 'proxy_admin' });
    await make('master_key', 'lead');

    await make('lead', 'fresh');
    expect(await isLetIn('fresh')).toBe(true);
    await make('lead', 'prepared', { password: '$argon2id$' });
    expect(await isLetIn('prepared')).toBe(false);
    await make('lead', 'with-a-key');
    const key = { key_name: 'sk-...', models: [], user_id: 'with-a-key' };
    await store.write({ by: 'lead' }, (writing) => writing.insert(kinds.key, 'made-for-them', key));
    expect(await isLetIn('with-a-key')).toBe(true);
    await store.write({ by: 'with-a-key' }, (writing) => writing.insert(kinds.key, 'made-as-them', key));
    expect(await isLetIn('with-a-key')).toBe(false);

    for (const by of ['master_key', 'boss', 'scim', 'import:litellm']) {
      await make(by, `of ${by}`, { password: '$argon2id$' });
      expect([by, await isLetIn(`of ${by}`)]).toEqual([by, true]);
    }
    await make('key:boss', 'of a key', { password: '$argon2id$' });
    expect(await isLetIn('of a key')).toBe(false);
  });
});
