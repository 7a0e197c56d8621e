import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { SluiceError } from 'sluice/kit';
import { postgresMissing, startPostgres, type TestPostgres } from '../../../../../test/kit/postgres.ts';
import { openDatabase, sql, type Database, type DatabaseSettings } from '../index.ts';
import type { PostgresDatabase } from './postgres-database.ts';

const missing = postgresMissing();
if (missing) test.skip(`postgres: ${missing}`, () => undefined);

describe.skipIf(missing !== undefined)('a PostgreSQL that goes and comes', () => {
  let server: TestPostgres;
  beforeAll(async () => void (server = await startPostgres({ args: ['-c', 'max_connections=40'] })));
  afterAll(() => server?.stop());

  const opened: Database[] = [];
  afterEach(() => Promise.all(opened.splice(0).map((each) => each.close())));

  const open = async (settings: Partial<DatabaseSettings> = {}) => {
    const heard: (string | undefined)[] = [];
    const events: string[] = [];
    const observer = { up: () => void events.push('up'), down: (why: string) => void events.push(`down ${why}`) };
    const database = (await openDatabase({ url: server.url, connectTimeoutMs: 1000, ...settings }, observer)) as PostgresDatabase;
    database.onAnnounced((subject) => heard.push(subject));
    opened.push(database);
    return { database, heard, events };
  };
  const failure = (promise: Promise<unknown>): Promise<SluiceError> =>
    promise.then(
      () => {
        throw new Error('It should have failed.');
      },
      (cause: SluiceError) => cause,
    );
  const until = async (done: () => boolean): Promise<void> => {
    const deadline = performance.now() + 10_000;
    while (!done()) {
      if (performance.now() > deadline) throw new Error('It did not come.');
      await Bun.sleep(10);
    }
  };
  const one = sql`select 1 as n`;

  test('away at the start: opens all the same, fails fast, and works when it is there', async () => {
    await server.kill();
    const { database, heard, events } = await open();
    expect(database.up).toBe(false);
    const begun = performance.now();
    const cause = await failure(database.all(one));
    expect(performance.now() - begun).toBeLessThan(100);
    expect(cause).toBeInstanceOf(SluiceError);
    expect(cause.code).toBe('unavailable');
    expect((await failure(database.transaction(async () => 1))).code).toBe('unavailable');
    expect(JSON.stringify([cause.message, cause.detail, events])).not.toContain('hidden');
    await server.restart();
    await until(() => database.up);
    expect(await database.all<unknown>(one)).toEqual([{ n: 1 }]);
    expect(events).toHaveLength(2);
    expect(events[1]).toBe('up');
    // Whatever was read of it before, elsewhere, may be old.
    expect(heard).toEqual([undefined]);
  });

  test('killed while it works: what is on its way fails, and it comes back by itself', async () => {
    const { database, heard, events } = await open();
    await database.run(sql`create table kept (n bigint)`);
    const asleep = failure(database.all(sql`select pg_sleep(20)`));
    const inside = failure(
      database.transaction(async (tx) => {
        await tx.run(sql`insert into kept values (${1})`);
        await tx.all(sql`select pg_sleep(20)`);
      }),
    );
    await Bun.sleep(100);
    await server.kill();
    expect((await asleep).code).toBe('unavailable');
    expect((await inside).code).toBe('unavailable');
    await until(() => !database.up);
    const begun = performance.now();
    for (let at = 0; at < 20; at++) expect((await failure(database.run(one))).code).toBe('unavailable');
    expect(performance.now() - begun).toBeLessThan(200);
    expect(heard).toEqual([]);
    await server.restart();
    await until(() => database.up);
    expect(await database.all(sql`select n from kept`)).toEqual([]);
    expect(heard).toEqual([undefined]);
    expect(events.map((each) => each.split(' ')[0])).toEqual(['up', 'down', 'up']);
    expect(events.join(' ')).not.toContain('hidden');
    await database.transaction((tx) => tx.announce('again'));
    expect(heard).toEqual([undefined, 'again']);
  });

  test('one that stands still is found out, and calls do not wait for ever', async () => {
    const { database, heard } = await open({ statementTimeoutMs: 200 });
    await database.all(one);
    await server.pause();
    try {
      const cause = await failure(database.all(one));
      expect(cause.code).toBe('unavailable');
      await until(() => !database.up);
      expect((await failure(database.all(one))).code).toBe('unavailable');
    } finally {
      server.resume();
    }
    await until(() => database.up);
    expect(await database.all<unknown>(one)).toEqual([{ n: 1 }]);
    expect(heard).toEqual([undefined]);
  });

  test('when it is found out, what is on its way does not wait for its own limit', async () => {
    const { database } = await open({ statementTimeoutMs: 20_000, connectTimeoutMs: 300, poolSize: 1 });
    await database.all(one);
    await server.pause();
    try {
      const begun = performance.now();
      const onItsWay = failure(database.all(one));
      // It waits for a connection in vain, which is a reason to look.
      expect((await failure(database.all(one))).code).toBe('unavailable');
      expect((await onItsWay).code).toBe('unavailable');
      expect(performance.now() - begun).toBeLessThan(5000);
    } finally {
      server.resume();
    }
    await until(() => database.up);
    expect(await database.all<unknown>(one)).toEqual([{ n: 1 }]);
  });

  test('a lost connection that listens is a chance to have missed something', async () => {
    const { database, heard } = await open();
    const { database: other } = await open();
    // By somebody else: who loses its own listening connection may cut the ones beside it.
    await server.query(`select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen%' and application_name = 'sluice'`);
    await until(() => heard.length > 0 && database.up);
    expect(heard).toEqual([undefined]);
    await until(() => other.up);
    await other.transaction((tx) => tx.announce('after'));
    await until(() => heard.length > 1);
    expect(heard).toEqual([undefined, 'after']);
  });

  test('the pool is never above its size, and those who wait get their turn', async () => {
    const { database } = await open({ poolSize: 3 });
    const counts: number[] = [];
    const watch = setInterval(() => counts.push(database.connections), 1);
    const sleeping = sql`select count(*) as n, pg_sleep(0.02) from pg_stat_activity where application_name = ${'sluice'} and query like ${'%pg_sleep(0.02)%'} and state = ${'active'}`;
    const seen = await Promise.all(Array.from({ length: 40 }, () => database.one<{ n: number }>(sleeping)));
    clearInterval(watch);
    expect(Math.max(...counts)).toBe(3);
    expect(Math.max(...seen.map((row) => row!.n))).toBeLessThanOrEqual(3);
  });

  test('no free connection in time is a failure that says so', async () => {
    const { database } = await open({ poolSize: 1, connectTimeoutMs: 200 });
    const busy = database.all(sql`select pg_sleep(1)`);
    const cause = await failure(database.all(one));
    expect(cause.code).toBe('unavailable');
    expect(cause.message).toContain('free in time');
    await busy;
    expect(database.up).toBe(true);
    expect(await database.all<unknown>(one)).toEqual([{ n: 1 }]);
  });

  test('a statement that takes too long is ended there too', async () => {
    const { database } = await open({ statementTimeoutMs: 100 });
    const begun = performance.now();
    const cause = await failure(database.all(sql`select pg_sleep(10) as marker`));
    expect(performance.now() - begun).toBeLessThan(2000);
    expect(cause.message).toContain('too long');
    const rows = await database.all(sql`select 1 as n from pg_stat_activity where query like ${'%as marker'} and state = ${'active'}`);
    expect(rows).toEqual([]);
    expect(database.up).toBe(true);
  });

  test('a wrong password is an outage that says so to the operator, without the password', async () => {
    const { database, events } = await open({ url: server.url.replace(':hidden@', ':guessed@') });
    const cause = await failure(database.all(one));
    expect(cause.code).toBe('unavailable');
    expect(cause.message).not.toContain('password');
    expect(cause.detail).toContain('password authentication failed');
    expect(JSON.stringify([cause, cause.detail, events])).not.toContain('guessed');
  });

  test('a server without free connections is no reason to end those that there are', async () => {
    const { database } = await open({ poolSize: 60, connectTimeoutMs: 3000 });
    const all = await Promise.allSettled(Array.from({ length: 60 }, () => database.all(sql`select pg_sleep(0.3)`)));
    const worked = all.filter(({ status }) => status === 'fulfilled').length;
    expect(worked).toBeGreaterThan(10);
    for (const each of all) if (each.status === 'rejected') expect((each.reason as SluiceError).code).toBe('unavailable');
    expect(database.up).toBe(true);
    expect(await database.all<unknown>(one)).toEqual([{ n: 1 }]);
  });

  test('over a socket, with a schema of its own', async () => {
    const url = new URL(server.url);
    const socket = `postgres://sluice:hidden@/postgres?host=${server.folder}&schema=mine`;
    const { database: first } = await open();
    await first.run(sql`create schema mine`);
    // The socket's name has the port in it.
    const { database } = await open({ url: socket.replace('@/', `@localhost:${url.port}/`) });
    await database.run(sql`create table here (n bigint)`);
    expect(await first.all<unknown>(sql`select count(*) as n from mine.here`)).toEqual([{ n: 0 }]);
  });
});
