import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase, sql } from './index.ts';
import { sqlitePath } from './sqlite/sqlite-path.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'sluice-sqlite-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('openDatabase', () => {
  test.each(['mysql://root:hidden@h/d', 'hidden', '', 'file:/x.db', 'SQLITE:x'])('%p is no database of ours', async (url) => {
    const failure = await openDatabase({ url }).catch((cause: unknown) => cause);
    expect(String(failure)).toContain('must begin with');
    expect(String(failure)).not.toContain('hidden');
  });

  test('in memory each one is its own', async () => {
    const [one, other] = await Promise.all([openDatabase({ url: 'sqlite::memory:' }), openDatabase({ url: 'sqlite::memory:' })]);
    expect(await migrate(one)).not.toEqual([]);
    await one.run(sql`create table here (n integer)`);
    expect(await other.all(sql`select name from sqlite_schema where name = ${'here'}`)).toEqual([]);
    await one.transaction(async (tx) => {
      await tx.run(sql`insert into here values (${1})`);
    });
    expect(await one.all<unknown>(sql`select n from here`)).toEqual([{ n: 1 }]);
    await Promise.all([one.close(), other.close()]);
  });

  test('a file and its folder are made for their owner alone', async () => {
    const path = join(folder, 'made', 'too', 'x.db');
    const database = await openDatabase({ url: `sqlite:${path}` });
    await database.run(sql`create table t (n integer)`);
    expect([mode(join(folder, 'made')), mode(join(folder, 'made', 'too'))]).toEqual(['700', '700']);
    for (const each of [path, `${path}-wal`, `${path}-shm`]) expect(mode(each)).toBe('600');
    await database.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  test('what cannot be opened is unavailable, and where it is stands in the detail alone', async () => {
    const path = join(folder, 'is-a-folder.db');
    mkdirSync(path);
    const failure = (await openDatabase({ url: `sqlite:${path}` }).catch((cause: unknown) => cause)) as {
      code: string;
      message: string;
      detail: string;
    };
    expect(failure.code).toBe('unavailable');
    expect(failure.message).not.toContain(folder);
    expect(failure.detail).toContain(path);
    const text = join(folder, 'text.db');
    await Bun.write(text, 'This is no database, but it is long enough to be looked at as one. '.repeat(100));
    expect(await openDatabase({ url: `sqlite:${text}` }).catch((cause: { detail: string }) => cause.detail)).toContain('not a database');
  });

  test('who uses SQLite loads nothing of PostgreSQL', async () => {
    const program = `
      const { openDatabase, migrate } = await import(${JSON.stringify(new URL('index.ts', import.meta.url).href)});
      const database = await openDatabase({ url: 'sqlite::memory:' });
      await migrate(database);
      await database.close();
      const loaded = () => Object.keys(require.cache).some((path) => /node_modules.pg/.test(path));
      const before = loaded();
      // The question can be answered with yes.
      await (await openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' })).close();
      console.log(before, loaded());`;
    const child = Bun.spawn([process.execPath, '-e', program], { stderr: 'inherit' });
    expect(await new Response(child.stdout).text()).toBe('false true\n');
  });
});

describe('sqlitePath', () => {
  test.each([
    ['sqlite:/var/x.db', '/var/x.db'],
    ['sqlite:///var/x.db', '/var/x.db'],
    ['sqlite:x.db', 'x.db'],
    ['sqlite:./a b/ä.db', './a b/ä.db'],
    ['sqlite::memory:', ':memory:'],
  ])('%s is %s', (url, path) => expect(sqlitePath(url)).toBe(path));

  test.each(['sqlite:', 'sqlite:/var/', 'sqlite://host/x.db', 'sqlite:x.db?mode=ro', 'sqlite:a#b'])('%s is refused', (url) => {
    expect(() => sqlitePath(url)).toThrow();
  });
});
