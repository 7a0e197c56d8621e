import { describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeDatabases } from '../../../../test/kit/describe-databases.ts';
import { fromPosted, postable } from './posted.ts';
import { openDatabase, sql } from './index.ts';

describeDatabases('beside those that write', (open) => {
  test('a snapshot sees one moment, is in nobody’s way, and writes nothing', async () => {
    const database = await open();
    await database.run(sql`create table t (n integer)`);
    await database.run(sql`insert into t values (${1})`);
    const seen: unknown[] = [];
    await database.transaction(
      async (tx) => {
        seen.push(await tx.all(sql`select n from t order by n`));
        // Somebody else, while it goes on.
        const other = await open.another(open.urlOf(database));
        await other.run(sql`insert into t values (${2})`);
        seen.push(await tx.all(sql`select n from t order by n`));
      },
      { snapshot: true },
    );
    seen.push(await database.all(sql`select n from t order by n`));
    expect(seen).toEqual([[{ n: 1 }], [{ n: 1 }], [{ n: 1 }, { n: 2 }]]);
    const refused: unknown = await database
      .transaction((tx) => tx.run(sql`insert into t values (${3})`), { snapshot: true })
      .catch((cause: unknown) => cause);
    expect(refused).toBeInstanceOf(Error);
    expect((await database.all(sql`select n from t`)).length).toBe(2);
  });

  test('those who share a lock do not wait for each other, but for who has it alone', async () => {
    const database = await open();
    const order: string[] = [];
    const held = Promise.withResolvers<void>();
    const inside = Promise.withResolvers<void>();
    const first = database.transaction(async (tx) => {
      await tx.lock('l', { shared: true });
      inside.resolve();
      await held.promise;
      order.push('first');
    });
    await inside.promise;
    const second = database.transaction(async (tx) => {
      await tx.lock('l', { shared: true });
      order.push('second');
    });
    // SQLite has one writer at a time anyway.
    if (database.kind === 'postgres') await second;
    const alone = database.transaction(async (tx) => {
      await tx.lock('l');
      order.push('alone');
    });
    await Bun.sleep(30);
    held.resolve();
    await Promise.all([first, second, alone]);
    expect(order).toEqual(database.kind === 'postgres' ? ['second', 'first', 'alone'] : ['first', 'second', 'alone']);
  });

  test('a statement that was posted is the same one', async () => {
    const database = await open();
    const statement = sql`select ${'a'} as text, ${2} as number where ${1} = ${sql.whole(1)}`;
    const posted = structuredClone(postable(statement));
    await expect(database.all(posted as never)).rejects.toThrow('sql`…`');
    expect(await database.all<unknown>(fromPosted(posted))).toEqual([{ text: 'a', number: 2 }]);
    expect(() => sql.whole(1.5)).toThrow('whole number');
    expect(() => sql.whole('1; drop table t' as never)).toThrow('whole number');
  });
});

describe('a SQLite file and another connection of this process', () => {
  test('writers here wait in their turn while the other one writes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-beside-'));
    const database = await openDatabase({ url: `sqlite:${folder}/a.db` });
    const other = await openDatabase({ url: `sqlite:${folder}/a.db` });
    try {
      await database.run(sql`create table t (n integer)`);
      let waits = true;
      let here: Promise<number> | undefined;
      await database.file!.writeBeside(async () => {
        here = database.run(sql`insert into t values (${1})`).finally(() => (waits = false));
        await other.run(sql`insert into t values (${2})`);
        await Bun.sleep(30);
        expect(waits).toBe(true);
      });
      await here;
      expect(await database.all<unknown>(sql`select n from t order by rowid`)).toEqual([{ n: 2 }, { n: 1 }]);
      expect((await openDatabase({ url: 'sqlite::memory:' })).file).toBeUndefined();
    } finally {
      await Promise.all([database.close(), other.close()]);
      rmSync(folder, { recursive: true });
    }
  });
});
