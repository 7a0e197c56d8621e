import { expect, test } from 'bun:test';
import { describeDatabases } from '../../../../test/kit/describe-databases.ts';
import { type Database, sql, type Statement } from '../../storage/sql/index.ts';
import { kinds } from '../records/kinds.ts';
import { beginning, hashOf, readAuditHead, type AuditEntry } from './audit-chain.ts';
import { Store } from './store.ts';
import { verifyAudit } from './verify-audit.ts';

const actor = { by: 'somebody', keyHash: 'k', address: '127.0.0.1' };

const fill = async (database: Database, count: number): Promise<void> => {
  const store = new Store(database);
  for (let at = 0; at < count; at++)
    await store.write(actor, (writing) =>
      writing.insert(kinds.team, `team-${at}`, {
        models: [],
        team_alias: `Größe ${at}`,
        metadata: { b: 1.5e-7, a: [{ z: null, y: true }] },
      }),
    );
};

describeDatabases('verifyAudit', (open) => {
  const filled = async (count = 6) => {
    const database = await open();
    await fill(database, count);
    return database;
  };

  test('an empty log is whole', async () => {
    expect(await verifyAudit(await open())).toEqual({ whole: true, entries: 0, hash: beginning });
  });

  test('200 writes at once, of two connections, keep the chain whole', async () => {
    const one = await open();
    const stores = [new Store(one), new Store(await open.another(open.urlOf(one)))];
    await Promise.all(
      Array.from({ length: 200 }, (_, at) =>
        stores[at % 2]!.write(actor, async (writing) => {
          await writing.put(kinds.team, `team-${at % 20}`, (before) => ({ models: [...(before?.models ?? []), `m${at}`] }));
          if (at % 10 === 0) await writing.put(kinds.tag, `tag-${at}`, () => ({ models: [] }));
        }),
      ),
    );
    const pages: number[] = [];
    const verdict = await verifyAudit(one, { onPage: (entries) => void pages.push(entries) });
    expect(verdict).toMatchObject({ whole: true, entries: 220 });
    expect(await readAuditHead(one)).toMatchObject({ entries: 220 });
    expect(pages).toEqual([220]);
  }, 60_000);

  test('a write that is rolled back leaves no trace in it', async () => {
    const database = await filled(2);
    const store = new Store(database);
    const failed = store.write(actor, async (writing) => {
      await writing.insert(kinds.team, 'gone', { models: [] });
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await fill2(store);
    expect(await verifyAudit(database)).toMatchObject({ whole: true, entries: 3 });
  });

  const fill2 = (store: Store) => store.write(actor, (writing) => writing.insert(kinds.team, 'after', { models: [] }));
  const seqOf = async (database: Database, at: number): Promise<number> =>
    (await database.all<{ seq: number }>(sql`select seq from audit_log order by seq`))[at]!.seq;

  const changes: Record<string, (seq: number) => Statement> = {
    'who did it': (seq) => sql`update audit_log set changed_by = ${'another'} where seq = ${seq}`,
    'from where': (seq) => sql`update audit_log set address = ${null} where seq = ${seq}`,
    when: (seq) => sql`update audit_log set at = at + 1 where seq = ${seq}`,
    'the object': (seq) => sql`update audit_log set object_id = ${'x'} where seq = ${seq}`,
    'a value': (seq) => sql`update audit_log set updated_values = ${'{"models":[]}'} where seq = ${seq}`,
    'its own hash': (seq) => sql`update audit_log set hash = ${'f'.repeat(64)} where seq = ${seq}`,
    'the hash before': (seq) => sql`update audit_log set previous_hash = ${beginning} where seq = ${seq}`,
  };
  test.each(Object.keys(changes))('%s, changed in one entry, is found there', async (name) => {
    const database = await filled();
    const seq = await seqOf(database, 3);
    await database.run(changes[name]!(seq));
    expect(await verifyAudit(database)).toMatchObject({ whole: false, entries: 3, broken: { seq } });
  });

  test('an entry taken out of the middle, or at the beginning, is found', async () => {
    for (const at of [0, 2]) {
      const database = await filled();
      const next = await seqOf(database, at + 1);
      await database.run(sql`delete from audit_log where seq = ${await seqOf(database, at)}`);
      expect(await verifyAudit(database)).toMatchObject({ whole: false, entries: at, broken: { seq: next } });
    }
  });

  test('an entry put in between is found, also one with a hash of its own that fits', async () => {
    const database = await filled(1);
    const last = await database.one<{ hash: string }>(sql`select hash from audit_log order by seq desc limit 1`);
    const entry: AuditEntry = {
      id: 'forged',
      at: 1,
      action: 'created',
      table_name: 't',
      object_id: 'o',
      object_team_id: null,
      object_key_hash: null,
      changed_by: null,
      changed_by_api_key: null,
      address: null,
      before_value: null,
      updated_values: null,
    };
    await database.run(sql`insert into audit_log (id, at, action, table_name, object_id, previous_hash, hash)
      values (${'forged'}, ${1}, ${'created'}, ${'t'}, ${'o'}, ${last!.hash}, ${hashOf(last!.hash, entry)})`);
    await fill2(new Store(database));
    // What was truly written follows what was truly there.
    expect(await verifyAudit(database)).toMatchObject({ whole: false });
  });

  test('a log whose end was cut off is found, and so is one that is empty now', async () => {
    const database = await filled();
    await database.run(sql`delete from audit_log where seq >= ${await seqOf(database, 4)}`);
    expect(await verifyAudit(database)).toEqual({ whole: false, entries: 4, why: 'The last 2 entries are missing.' });
    await database.run(sql`delete from audit_log`);
    expect(await verifyAudit(database)).toEqual({ whole: false, entries: 0, why: 'The last 6 entries are missing.' });
  });

  test('a cut end that was written on shows where it was cut', async () => {
    const database = await filled();
    await database.run(sql`delete from audit_log where seq >= ${await seqOf(database, 4)}`);
    await fill2(new Store(database));
    expect(await verifyAudit(database)).toMatchObject({ whole: false, entries: 4, broken: expect.anything() });
  });

  test('without what says where it ends, nothing is believed, and writing goes on', async () => {
    const database = await filled(2);
    await database.run(sql`delete from audit_head`);
    await fill2(new Store(database));
    expect(await verifyAudit(database)).toEqual({ whole: false, entries: 3, why: 'What says where the log ends is gone.' });
  });

  test('a log that was written anew is found by a hash that was noted before', async () => {
    const database = await filled(2);
    const noted = await verifyAudit(database);
    if (!noted.whole) throw new Error('not whole');
    await fill2(new Store(database));
    expect(await verifyAudit(database, { known: noted.hash })).toMatchObject({ whole: true, entries: 3 });
    await database.run(sql`delete from audit_log`);
    await database.run(sql`update audit_head set entries = 0, hash = ${beginning}`);
    await new Store(database).write(actor, (writing) => writing.insert(kinds.team, 'anew', { models: [] }));
    expect(await verifyAudit(database)).toMatchObject({ whole: true });
    expect(await verifyAudit(database, { known: noted.hash })).toMatchObject({
      whole: false,
      why: expect.stringContaining('written anew'),
    });
  });

  test('a log of many pages is walked a page at a time', async () => {
    const database = await open();
    const store = new Store(database);
    await store.write(actor, async (writing) => {
      for (let at = 0; at < 1100; at++) await writing.insert(kinds.budget, `b${at}`, {});
    });
    const pages: number[] = [];
    expect(await verifyAudit(database, { onPage: (entries) => void pages.push(entries) })).toMatchObject({ whole: true, entries: 1100 });
    expect(pages).toEqual([500, 1000, 1100]);
  }, 60_000);
});
