import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeDatabases } from '../../../../test/kit/describe-databases.ts';
import { migrate, pendingMigrations, sql, type Migration } from './index.ts';
import { migrations as ours } from './migrations/index.ts';

const same = (name: string, text: string): Migration => ({ name, sqlite: text, postgres: text });

const first = same('0001-first', `create table a (id text primary key); insert into a values ('one; two');`);
const second = same(
  '0002-second',
  `create table b (id text primary key references a (id));\n-- Why; not.\ninsert into b values ('one; two');`,
);
const broken = same('0003-broken', `create table c (id text primary key); insert into a values ('half'); insert into nowhere values (1);`);

describeDatabases('migrate', (open) => {
  const fresh = async () => open.another(await open.empty());

  test('applies what is missing, in order, and once', async () => {
    const database = await fresh();
    expect(await pendingMigrations(database, [first, second])).toEqual(['0001-first', '0002-second']);
    expect(await migrate(database, [first])).toEqual(['0001-first']);
    expect(await pendingMigrations(database, [first, second])).toEqual(['0002-second']);
    expect(await migrate(database, [first, second])).toEqual(['0002-second']);
    expect(await migrate(database, [first, second])).toEqual([]);
    expect(await pendingMigrations(database, [first, second])).toEqual([]);
    expect(await database.all<unknown>(sql`select id from b`)).toEqual([{ id: 'one; two' }]);
    const rows = await database.all<{ name: string; checksum: string; applied_at: number }>(
      sql`select * from schema_migrations order by name`,
    );
    expect(rows.map(({ name }) => name)).toEqual(['0001-first', '0002-second']);
    for (const { checksum, applied_at } of rows) {
      expect(checksum).toMatch(/^[0-9a-f]{64}$/);
      expect(Math.abs(Date.now() - applied_at)).toBeLessThan(60_000);
    }
  });

  test('to look at what is missing changes nothing', async () => {
    const database = await fresh();
    await pendingMigrations(database, [first]);
    expect(await pendingMigrations(database, [first])).toEqual(['0001-first']);
  });

  test('many at once on an empty database, of this process and others', async () => {
    const url = await open.empty();
    const program = `
      import { migrate, openDatabase } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)};
      const database = await openDatabase({ url: process.env.DATABASE });
      console.log(JSON.stringify(await migrate(database)));
      await database.close();`;
    const child = async (): Promise<string[]> => {
      const { stdout, exited } = Bun.spawn([process.execPath, '-e', program], {
        env: { ...process.env, DATABASE: url },
        stderr: 'inherit',
      });
      const text = await new Response(stdout).text();
      expect(await exited).toBe(0);
      return JSON.parse(text) as string[];
    };
    const here = async (): Promise<readonly string[]> => migrate(await open.another(url));
    const applied = await Promise.all([child(), child(), child(), here(), here(), here()]);
    expect(applied.flat().toSorted()).toEqual(ours.map(({ name }) => name));
    expect(await pendingMigrations(await open.another(url))).toEqual([]);
  });

  test('one that fails in its middle leaves nothing, and is done whole when it is right', async () => {
    const database = await fresh();
    const failure = await migrate(database, [first, broken]).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(Error);
    expect(await pendingMigrations(database, [first, broken])).toEqual(['0003-broken']);
    expect(await database.all<unknown>(sql`select id from a`)).toEqual([{ id: 'one; two' }]);
    const right = same('0003-broken', `create table c (id text primary key); insert into a values ('half')`);
    expect(await migrate(database, [first, right])).toEqual(['0003-broken']);
    expect(await database.all(sql`select id from a`)).toHaveLength(2);
  });

  test('one that was killed in its middle is completed by the next run', async () => {
    const url = await open.empty();
    const program = `
      import { migrate, openDatabase } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)};
      const database = await openDatabase({ url: process.env.DATABASE });
      await migrate(database, [${JSON.stringify(first)}]);
      const killed = { transaction: (work, options) => database.transaction(async (tx) => work({ ...tx, run: async (statement) => {
        const changed = await tx.run(statement);
        if (statement.texts[0].startsWith('create table b')) process.kill(process.pid, 'SIGKILL');
        return changed;
      } }), options) };
      await migrate(Object.assign(Object.create(database), killed, { kind: database.kind }), [${JSON.stringify(first)}, ${JSON.stringify(second)}]);`;
    const child = Bun.spawn([process.execPath, '-e', program], { env: { ...process.env, DATABASE: url }, stderr: 'inherit' });
    await child.exited;
    expect(child.signalCode).toBe('SIGKILL');
    const database = await open.another(url);
    expect(await pendingMigrations(database, [first, second])).toEqual(['0002-second']);
    expect(await migrate(database, [first, second])).toEqual(['0002-second']);
    expect(await database.all(sql`select id from b`)).toHaveLength(1);
  });

  test('one that was changed since is an error that says so', async () => {
    const database = await fresh();
    await migrate(database, [first]);
    const changed = same(first.name, `${first.sqlite} -- changed`);
    expect(migrate(database, [changed])).rejects.toThrow('0001-first was changed');
    expect(pendingMigrations(database, [changed])).rejects.toThrow('0001-first was changed');
  });

  test('a database that is newer than the program is left alone', async () => {
    const database = await fresh();
    await migrate(database, [first, second]);
    expect(migrate(database, [first])).rejects.toThrow('newer than this program: it has the migration 0002-second');
    expect(pendingMigrations(database, [first])).rejects.toThrow('newer');
  });

  test('migrations have names in order', async () => {
    const database = await fresh();
    expect(migrate(database, [second, first])).rejects.toThrow('out of order');
    expect(migrate(database, [first, first])).rejects.toThrow('out of order');
    expect(migrate(database, [same('1-a', 'select 1')])).rejects.toThrow('named');
  });

  test('a program in one piece, far from its sources, has them too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-bundle-'));
    try {
      const built = await Bun.build({ entrypoints: [join(import.meta.dir, 'index.ts')], outdir: folder, target: 'bun', splitting: true });
      expect(built.success).toBe(true);
      const program = `
        import { migrate, openDatabase } from './index.js';
        const database = await openDatabase({ url: process.env.DATABASE });
        console.log(JSON.stringify(await migrate(database)));
        await database.close();`;
      await Bun.write(join(folder, 'program.js'), program);
      const child = Bun.spawn([process.execPath, 'program.js'], {
        cwd: folder,
        env: { ...process.env, DATABASE: await open.empty() },
        stderr: 'inherit',
      });
      expect(JSON.parse(await new Response(child.stdout).text())).toEqual(ours.map(({ name }) => name));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
