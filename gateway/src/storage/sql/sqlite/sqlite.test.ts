import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, sql, type Database } from '../index.ts';
import { SqliteConnection } from './connection.ts';
import { openSqlite } from './open-sqlite.ts';

let folder: string;
let files = 0;
const opened: { close(): unknown }[] = [];
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'sluice-sqlite-'))));
afterAll(async () => {
  await Promise.all(opened.map((each) => each.close()));
  rmSync(folder, { recursive: true, force: true });
});

const newPath = (): string => join(folder, `${++files}.db`);
const open = async (path: string, busyTimeoutMs = 5000, now = Date.now): Promise<Database> => {
  const database = await openSqlite(path, { busyTimeoutMs, observer: {}, now });
  opened.push(database);
  return database;
};
/** As another process would have it. */
const connect = (path: string): SqliteConnection => {
  const connection = new SqliteConnection(path);
  opened.push(connection);
  return connection;
};

describe('sqlite', () => {
  test('is set up to be safe and not to wait for long', async () => {
    const database = await open(newPath());
    const settings = await Promise.all([
      database.one<unknown>(sql`pragma journal_mode`),
      database.one<unknown>(sql`pragma foreign_keys`),
      database.one<unknown>(sql`pragma synchronous`),
      database.one<unknown>(sql`pragma busy_timeout`),
    ]);
    expect(settings).toEqual([{ journal_mode: 'wal' }, { foreign_keys: 1 }, { synchronous: 1 }, { timeout: 10 }]);
  });

  test('processes that write at the same time all come through', async () => {
    const url = `sqlite:${newPath()}`;
    const database = await openDatabase({ url });
    opened.push(database);
    await database.run(sql`create table counter (n integer)`);
    await database.run(sql`insert into counter values (${0})`);
    const program = `
      import { openDatabase, sql } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
      const database = await openDatabase({ url: ${JSON.stringify(url)} });
      await Promise.all(Array.from({ length: 50 }, (_, at) => at % 2 ? database.run(sql\`update counter set n = n + \${1}\`) : database.transaction(async (tx) => {
        const { n } = await tx.one(sql\`select n from counter\`);
        await Bun.sleep(0);
        await tx.run(sql\`update counter set n = \${n + 1}\`);
      })));
      await database.close();`;
    const children = Array.from({ length: 4 }, () => Bun.spawn([process.execPath, '-e', program], { stderr: 'inherit' }));
    expect(await Promise.all(children.map((child) => child.exited))).toEqual([0, 0, 0, 0]);
    expect(await database.one<unknown>(sql`select n from counter`)).toEqual({ n: 200 });
  });

  test('while another process writes, reading goes on, writing waits, and nothing else stands still', async () => {
    const path = newPath();
    const database = await open(path, 3000);
    await database.run(sql`create table t (n integer)`);
    const other = connect(path);
    other.begin();
    other.execute(sql`insert into t values (${1})`, 'changes');
    let longestMs = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last);
      last = performance.now();
    }, 1);
    const written = database.run(sql`insert into t values (${2})`);
    expect(await database.all(sql`select n from t`)).toEqual([]);
    await Bun.sleep(300);
    other.commit();
    expect(await written).toBe(1);
    clearInterval(watch);
    expect(longestMs).toBeLessThan(150);
    expect(await database.all<unknown>(sql`select n from t order by n`)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('one that writes for too long makes others unavailable, not the database', async () => {
    const path = newPath();
    const database = await open(path, 100);
    const other = connect(path);
    other.begin();
    const failure = (await database.run(sql`create table t (n integer)`).catch((cause: unknown) => cause)) as { code: string };
    expect(failure.code).toBe('unavailable');
    const inside = (await database.transaction(async () => 1).catch((cause: unknown) => cause)) as { code: string };
    expect(inside.code).toBe('unavailable');
    expect(database.up).toBe(true);
    other.rollback();
    expect(await database.transaction(async (tx) => tx.run(sql`create table t (n integer)`))).toBe(0);
  });

  test('announcements are swept after a minute; who was away for longer is told to forget everything', async () => {
    const path = newPath();
    let clock = 1_000_000;
    const here = await open(path, 5000, () => clock);
    const heard: unknown[] = [];
    const announce = (subject: string) => here.transaction((tx) => tx.announce(subject));
    const rows = () => here.all<{ subject: string }>(sql`select subject from announcements order by seq`);
    await announce('a');
    await announce('b');
    clock += 61_000;
    // Opened before the sweep, it has not looked since: nothing lets it run in between.
    const sleeper = await open(path);
    sleeper.onAnnounced((subject) => heard.push(subject));
    const behind = connect(path);
    const before = behind.execute(sql`select max(seq) as seq from announcements`, 'rows').rows;
    expect(before).toEqual([{ seq: 2 }]);
    await announce('c');
    expect(await rows()).toEqual([{ subject: 'c' }]);
    await until(() => heard.length > 0);
    expect(heard).toEqual(['c']);
    // Two that came and went while it stood still.
    behind.begin();
    behind.execute(sql`insert into announcements (subject, origin, at) values (${'d'}, ${'x'}, ${0}), (${'e'}, ${'x'}, ${0})`, 'changes');
    behind.execute(sql`delete from announcements where subject in (${'c'}, ${'d'})`, 'changes');
    behind.commit();
    await until(() => heard.length > 1);
    expect(heard).toEqual(['c', undefined]);
    await announce('f');
    await until(() => heard.length > 2);
    expect(heard).toEqual(['c', undefined, 'f']);
  });

  test('a full disk is told, nothing of it is kept, and it is over when there is room', async () => {
    const path = newPath();
    const events: string[] = [];
    const database = await openSqlite(path, {
      busyTimeoutMs: 1000,
      observer: { up: () => void events.push('up'), down: (why) => void events.push(why) },
    });
    opened.push(database);
    await database.run(sql`create table t (data text)`);
    // Pages are counted by connection: this one is the database's own writer.
    await database.run(sql`pragma max_page_count = 20`);
    const failure = (await database
      .transaction(async (tx) => {
        for (let at = 0; at < 100; at++) await tx.run(sql`insert into t values (${'x'.repeat(4000)})`);
      })
      .catch((cause: unknown) => cause)) as { code: string; detail: string };
    expect(failure.code).toBe('unavailable');
    expect(failure.detail).toContain('full');
    expect(database.up).toBe(false);
    expect(await database.all(sql`select data from t`)).toEqual([]);
    await database.run(sql`pragma max_page_count = 1000000`);
    await database.transaction((tx) => tx.run(sql`insert into t values (${'x'.repeat(400_000)})`));
    expect(database.up).toBe(true);
    expect(events).toEqual(['up', expect.stringContaining('full'), 'up']);
  });

  test('statements of many shapes do not pile up, and are right when they come again', async () => {
    const database = await open(newPath());
    const some = (length: number) =>
      sql.join(
        Array.from({ length }, (_, at) => sql`${at}`),
        ', ',
      );
    for (let round = 0; round < 2; round++)
      for (let length = 1; length <= 600; length++)
        expect(await database.all<unknown>(sql`select ${length} as n where ${0} in (${some(length)})`)).toEqual([{ n: length }]);
  });

  test('what begins with `with` and writes does not go to the connection that reads', async () => {
    const database = await open(newPath());
    await database.run(sql`create table t (n integer)`);
    expect(await database.all<unknown>(sql`with x as (select ${1} as n) insert into t select n from x returning n`)).toEqual([{ n: 1 }]);
    expect(await database.transaction((tx) => tx.all<unknown>(sql`select n from t`))).toEqual([{ n: 1 }]);
  });

  test('many at once wait their turn, and too many are refused', async () => {
    const database = await open(newPath());
    await database.run(sql`create table t (n integer)`);
    const all = await Promise.allSettled(Array.from({ length: 10_500 }, (_, at) => database.run(sql`insert into t values (${at})`)));
    const failed = all.filter((each) => each.status === 'rejected');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(600);
    for (const each of failed) expect((each.reason as { code: string }).code).toBe('unavailable');
    const { n } = (await database.one<{ n: number }>(sql`select count(*) as n from t`))!;
    expect(n).toBe(all.length - failed.length);
  });
});

const until = async (done: () => boolean): Promise<void> => {
  const deadline = performance.now() + 5000;
  while (!done()) {
    if (performance.now() > deadline) throw new Error('It did not come.');
    await Bun.sleep(5);
  }
};
