import { expect, test } from 'bun:test';
import { describeDatabases } from '../../../test/kit/describe-databases.ts';
import { kinds } from '../access/records/kinds.ts';
import { Store } from '../access/store/store.ts';
import { sql } from '../storage/sql/index.ts';
import { run } from './run.ts';
import { fakeIo, fakeParts, temporaryFolder } from './testing.ts';

const ran = async (argv: string[], env: Record<string, string> = {}) => {
  const io = fakeIo(argv, { env });
  return { code: await run(io, fakeParts()), ...io.printed() };
};

describeDatabases('sluice audit verify', (open) => {
  test('a whole log, one that was changed, and one that was written anew', async () => {
    const database = await open();
    const url = open.urlOf(database);
    const store = new Store(database);
    for (const id of ['a', 'b', 'c']) await store.write({ by: 'x' }, (writing) => writing.insert(kinds.team, id, { models: [] }));
    const whole = await ran(['audit', 'verify', '--database_url', url]);
    expect(whole.code).toBe(0);
    expect(whole.out).toMatch(/is whole: 3 entries, the last one [0-9a-f]{64}\.\n$/);
    expect(whole.out).not.toContain('hidden');
    const hash = /[0-9a-f]{64}/.exec(whole.out)![0];
    expect(await ran(['audit', 'verify', '--known', hash], { DATABASE_URL: url })).toMatchObject({ code: 0 });
    expect(await ran(['audit', 'verify', '--known', 'f'.repeat(64)], { DATABASE_URL: url })).toMatchObject({
      code: 1,
      out: expect.stringContaining('anew'),
    });
    await database.run(sql`update audit_log set object_id = ${'z'} where object_id = ${'b'}`);
    const broken = await ran(['audit', 'verify', '--database-url', url]);
    expect(broken.code).toBe(1);
    expect(broken.out).toContain('is not whole. It was changed after it was written. Entry ');
    expect(broken.out).toContain('Before it, 1 entry fit');
    const json = await ran(['audit', 'verify', '--json'], { DATABASE_URL: url });
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ whole: false, entries: 1, broken: { seq: expect.any(Number) } });
  });

  test('a database without tables is not one whose log is whole', async () => {
    const url = await open.empty();
    if (open.kind === 'sqlite') {
      expect(await ran(['audit', 'verify', '--database-url', url])).toMatchObject({
        code: 1,
        told: expect.stringContaining('There is no database'),
      });
      return;
    }
    expect(await ran(['audit', 'verify', '--database-url', url])).toMatchObject({
      code: 1,
      told: expect.stringContaining('run sluice migrate first'),
    });
  });

  test('sluice migrate makes the tables; --dry-run prints what it would do', async () => {
    const url = await open.empty();
    const dry = await ran(['migrate', '--dry-run', '--database-url', url]);
    expect(dry.out).toStartWith('0001-access\n');
    expect(dry.told).toContain('to apply.');
    expect((await ran(['migrate', '--dry-run', '--database-url', url])).out).toBe(dry.out);
    expect(await ran(['migrate', '--database-url', url])).toMatchObject({
      code: 0,
      out: dry.out,
      told: expect.stringContaining('applied.'),
    });
    expect(await ran(['migrate', '--database-url', url])).toMatchObject({
      code: 0,
      out: '',
      told: expect.stringContaining('has all tables'),
    });
    const { told } = await ran(['migrate', '--database-url', url]);
    expect(told).not.toContain('hidden');
  });
});

test('no database, and one that cannot be reached', async () => {
  expect(await ran(['migrate'])).toMatchObject({ code: 2, told: expect.stringContaining('Which database?') });
  expect(await ran(['migrate', '--database-url', 'mysql://u:hidden@h/x'])).toMatchObject({
    code: 1,
    told: expect.not.stringContaining('hidden'),
  });
  const away = await ran(['audit', 'verify', '--database-url', 'postgres://u:hidden@127.0.0.1:9/x']);
  expect(away.code).toBe(1);
  expect(away.told).toContain('postgres://127.0.0.1:9/x');
  expect(away.told).not.toContain('hidden');
  using folder = temporaryFolder();
  expect(await ran(['migrate'], { SLUICE_DATA_DIR: folder.path })).toMatchObject({
    code: 0,
    told: expect.stringContaining(folder.file('sluice.db')),
  });
});
