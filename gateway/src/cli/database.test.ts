import { afterEach, describe, expect, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describeDatabases } from '../../../test/kit/describe-databases.ts';
import { postgresMissing, startPostgres } from '../../../test/kit/postgres.ts';
import { quickStartSnapshot } from '../config/quick-start.ts';
import { migrate, pendingMigrations, sql } from '../storage/sql/index.ts';
import { openGatewayDatabase, shownDatabase, type OpenedDatabase } from './database.ts';
import { Refusal, type Io } from './io.ts';
import { fakeIo, temporaryFolder, until } from './testing.ts';

const snapshot = quickStartSnapshot({ providers: [] }, {}, undefined);
const opened: OpenedDatabase[] = [];
afterEach(async () => {
  for (const { database } of opened.splice(0)) await database.close();
});

const opening = async (given: Partial<Io>, flags: { databaseUrl?: string; migrate?: boolean } = {}) => {
  const io = fakeIo([], given);
  const result = await openGatewayDatabase(snapshot, flags, io).catch((cause: unknown) => cause);
  if (result instanceof Error || result === undefined) return { result, told: () => io.printed().told };
  opened.push(result as OpenedDatabase);
  return { result, database: result as OpenedDatabase, told: () => io.printed().told };
};

describe('where it is', () => {
  test('the data directory, for its owner alone, with a salt key that stays', async () => {
    using folder = temporaryFolder();
    const env = { SLUICE_DATA_DIR: folder.file('new/data') };
    const first = await opening({ env });
    expect(first.database!.where).toBe(folder.file('new/data/sluice.db'));
    for (const name of ['sluice.db', 'salt-key']) expect(statSync(folder.file(`new/data/${name}`)).mode & 0o777).toBe(0o600);
    expect(await pendingMigrations(first.database!.database)).toEqual([]);
    const sealed = first.database!.sealer.seal('secret', 'here');
    await first.database!.database.close();
    const second = await opening({ env });
    expect(second.database!.sealer.open(sealed, 'here')).toEqual({ ok: true, text: 'secret' });
    expect(second.told()).toBe('');
  });

  test('a flag goes before the environment, and that before the directory', async () => {
    using folder = temporaryFolder();
    const env = { SLUICE_DATA_DIR: folder.path, DATABASE_URL: `sqlite:${folder.file('b.db')}` };
    expect((await opening({ env }, { databaseUrl: `sqlite:${folder.file('a.db')}` })).database!.where).toBe(folder.file('a.db'));
    expect((await opening({ env })).database!.where).toBe(folder.file('b.db'));
    expect(existsSync(folder.file('sluice.db'))).toBe(false);
  });

  test('without a data directory there is none, and it says so', async () => {
    const { result, told } = await opening({});
    expect(result).toBeUndefined();
    expect(told()).toContain('There are no keys, teams and users until there is a database (DATABASE_URL).');
  });

  test('a URL that is none is refused without being shown', async () => {
    using folder = temporaryFolder();
    for (const url of ['mysql://u:hidden@h/x', 'hidden', 'postgres://u:hidden@[/x', 'sqlite:']) {
      const { result } = await opening({ env: { SLUICE_DATA_DIR: folder.path, DATABASE_URL: url } });
      expect(result).toBeInstanceOf(Refusal);
      expect(String(result)).not.toContain('hidden');
    }
    expect(shownDatabase('postgres://u:hidden@h:5/x?password=hidden')).toBe('postgres://h:5/x');
  });
});

describe('a data directory that cannot be written', () => {
  // root may write everywhere: a file in the directory's place is what nobody can write into.
  test('the gateway starts without keys, and says why', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('blocked'), '');
    const { result, told } = await opening({ env: { SLUICE_DATA_DIR: folder.file('blocked') } });
    expect(result).toBeUndefined();
    expect(told()).toContain(`${folder.file('blocked/salt-key')} cannot be read or made (EEXIST)`);
    expect(told()).toContain('There are no keys');
    const salted = await opening({ env: { SLUICE_DATA_DIR: folder.file('blocked'), SLUICE_SALT_KEY: 'x' } });
    expect(salted.result).toBeUndefined();
    expect(salted.told()).toContain(folder.file('blocked/sluice.db'));
  });

  test.skipIf(process.getuid?.() === 0)('one whose mode forbids it', async () => {
    using folder = temporaryFolder();
    mkdirSync(folder.file('data'));
    chmodSync(folder.file('data'), 0o500);
    expect((await opening({ env: { SLUICE_DATA_DIR: folder.file('data') } })).result).toBeUndefined();
  });

  test('somebody who named a database has it or no gateway', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('blocked'), '');
    const env = { SLUICE_DATA_DIR: folder.path, DATABASE_URL: `sqlite:${folder.file('blocked/x.db')}` };
    const { result } = await opening({ env });
    expect(result).toBeInstanceOf(Refusal);
    expect(String(result)).toContain('EEXIST');
  });

  test('a database that is there and cannot be used is no empty one: keys in it must not be told that they are wrong', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('sluice.db'), 'this is no database, '.repeat(300));
    const { result } = await opening({ env: { SLUICE_DATA_DIR: folder.path } });
    expect(result).toBeInstanceOf(Refusal);
    expect(String(result)).toContain('file is not a database');
  });
});

describe('salt keys', () => {
  test("the operator's, and what was sealed before there was one still opens", async () => {
    using folder = temporaryFolder();
    const env = { SLUICE_DATA_DIR: folder.path };
    const sealed = (await opening({ env })).database!.sealer.seal('old', 'here');
    const given = (await opening({ env: { ...env, SLUICE_SALT_KEY: 'new-key,older-key' } })).database!.sealer;
    expect(given.open(sealed, 'here')).toEqual({ ok: true, text: 'old' });
    const anew = given.seal('new', 'here');
    expect((await opening({ env: { ...env, LITELLM_SALT_KEY: 'new-key' } })).database!.sealer.open(anew, 'here')).toEqual({
      ok: true,
      text: 'new',
    });
    expect((await opening({ env })).database!.sealer.open(anew, 'here').ok).toBe(false);
    expect(readFileSync(folder.file('salt-key'), 'utf8')).not.toContain('new-key');
  });

  test('what is none is refused by the name of its place, and not shown', async () => {
    using folder = temporaryFolder();
    const env = { SLUICE_DATA_DIR: folder.path, SLUICE_SALT_KEY: 'hidden,' };
    const { result } = await opening({ env });
    expect(result).toBeInstanceOf(Refusal);
    expect(String(result)).toContain('SLUICE_SALT_KEY: Salt key 2 of 2 is empty');
    expect(String(result)).not.toContain('hidden');
    writeFileSync(folder.file('salt-key'), 'hidden,hidden');
    const kept = await opening({ env: { SLUICE_DATA_DIR: folder.path } });
    expect(String(kept.result)).toContain(folder.file('salt-key'));
    expect(String(kept.result)).not.toContain('hidden');
  });

  test('a database on another machine needs one that can be kept', async () => {
    const { result } = await opening({ env: { DATABASE_URL: 'postgres://u@127.0.0.1:9/x' } });
    expect(result).toBeInstanceOf(Refusal);
    expect(String(result)).toContain('SLUICE_SALT_KEY');
  });
});

describeDatabases('tables at start', (open) => {
  const env = (url: string) => ({ DATABASE_URL: url, SLUICE_SALT_KEY: 'salt' });

  test('they are made', async () => {
    const { database } = await opening({ env: env(await open.empty()) });
    expect(await pendingMigrations(database!.database)).toEqual([]);
    expect(database!.where).not.toContain('hidden');
    expect(database!.away).toBeUndefined();
  });

  test.each([
    ['--no-migrate', {}, { migrate: false }],
    ['DISABLE_SCHEMA_UPDATE', { DISABLE_SCHEMA_UPDATE: 'True' }, {}],
  ] as const)('%s only looks', async (name, more, flags) => {
    const url = await open.empty();
    const { result } = await opening({ env: { ...env(url), ...more } }, flags);
    expect(result).toBeInstanceOf(Refusal);
    expect(String(result)).toContain(`lacks 0001-access`);
    expect(String(result)).toContain(`${name} forbids making them: run sluice migrate first.`);
    const database = await open.another(url);
    await migrate(database);
    await database.close();
    expect((await opening({ env: { ...env(url), ...more } }, flags)).database).toBeDefined();
  });

  test('a database that is newer than the program is refused', async () => {
    const url = await open.empty();
    const database = await open.another(url);
    await migrate(database);
    await database.run(sql`insert into schema_migrations (name, checksum, applied_at) values (${'9999-later'}, ${'x'}, ${1})`);
    await database.close();
    const { result } = await opening({ env: env(url) });
    expect(result).toBeInstanceOf(Refusal);
    expect(String(result)).toContain('newer than this program: it has the migration 9999-later');
  });
});

describe.skipIf(postgresMissing() !== undefined)('PostgreSQL that is away at start', () => {
  test('is waited for, and its tables are made when it comes', async () => {
    const server = await startPostgres();
    try {
      const url = await server.newDatabase();
      await server.kill();
      const { database, told } = await opening({ env: { DATABASE_URL: url, SLUICE_SALT_KEY: 'salt' } });
      expect(told()).toContain('is away: ');
      expect(told()).toContain('Keys are unknown until it is there; the master key works.');
      expect(told()).not.toContain('hidden');
      await server.restart();
      await until(() => told().includes('The database is there.'), 20_000);
      await database!.away;
      expect(await pendingMigrations(database!.database)).toEqual([]);
    } finally {
      await server.stop();
    }
  }, 40_000);
});

test('SQLite loads nothing of PostgreSQL', async () => {
  using folder = temporaryFolder();
  const program = `
    import { openDatabase } from ${JSON.stringify(new URL('../storage/sql/index.ts', import.meta.url).href)};
    await openDatabase({ url: process.env.URL });
    console.log(Object.keys(require.cache).filter((path) => /node_modules.pg/.test(path)).length);
    process.exit();`;
  const loaded = async (url: string) => {
    const child = Bun.spawn([process.execPath, '-e', program], { env: { ...process.env, URL: url }, stderr: 'inherit' });
    return Number(await new Response(child.stdout).text());
  };
  expect(await loaded(`sqlite:${folder.file('x.db')}`)).toBe(0);
  expect(await loaded('postgres://u@127.0.0.1:9/x')).toBeGreaterThan(0);
});
