import { expect, test } from 'bun:test';
import { describeDatabases } from '../../../test/kit/describe-databases.ts';
import { createLedger } from '../spend/ledger/index.ts';
import { eventOf } from '../spend/ledger/testing.ts';
import { sql } from '../storage/sql/index.ts';
import { run } from './run.ts';
import { fakeIo, fakeParts } from './testing.ts';

const ran = async (argv: string[], env: Record<string, string> = {}) => {
  const io = fakeIo(argv, { env });
  return { code: await run(io, fakeParts()), ...io.printed() };
};

const dayMs = 86_400_000;

describeDatabases('sluice spend', (open) => {
  const start = async () => {
    const database = await open();
    const ledger = createLedger({ database, now: Date.now, threads: false });
    const now = Date.now();
    await ledger.write([eventOf({ at: now, id: 'new' }), eventOf({ at: now - 40 * dayMs, id: 'old' })]);
    return { database, env: { DATABASE_URL: open.urlOf(database) } };
  };

  test('verify says that all is right, or what is not; rebuild makes it so', async () => {
    const { database, env } = await start();
    const right = await ran(['spend', 'verify'], env);
    expect(right).toMatchObject({ code: 0, told: '' });
    expect(right.out).toMatch(
      /^The spend of .* is right: 2 rows of \d days, their sums and the counters agree, and so do counts x prices of 2 of them\.\n$/,
    );
    expect((await ran(['spend', 'verify', '--no-prices'], env)).out).toMatch(/agree\.\n$/);
    await database.run(sql`update spend_totals set nanodollars = 1 where subject = ${'team:t1'}`);
    const wrong = await ran(['spend', 'verify'], env);
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain('is not right.\ncounters: team:t1 0\n  is       1\n  expected 25000000\n');
    expect(wrong.out).not.toContain('hidden');
    const json = JSON.parse((await ran(['spend', 'verify', '--json', '--database_url', env.DATABASE_URL])).out) as object;
    expect(json).toMatchObject({
      whole: false,
      rows: 2,
      differences: [{ what: 'counters', of: 'team:t1 0', is: 1, expected: 25_000_000 }],
    });
    expect(await ran(['spend', 'rebuild'], env)).toMatchObject({ code: 0, out: expect.stringContaining('the sums of 2 days') });
    expect((await ran(['spend', 'verify'], env)).code).toBe(0);
  });

  test('retain drops what is older than is kept', async () => {
    const { database, env } = await start();
    expect(await ran(['spend', 'retain', '--rows', '30d', '--hours', '30d'], env)).toMatchObject({
      code: 0,
      out: expect.stringContaining('the rows of 1 days, 7 sums of hours, '),
    });
    expect(await database.one<unknown>(sql`select nanodollars from spend_totals where subject = 'team:t1'`)).toEqual({
      nanodollars: 25_000_000,
    });
    expect((await ran(['spend', 'verify'], env)).code).toBe(0);
    expect(JSON.parse((await ran(['spend', 'retain', '--rows', '30d', '--json'], env)).out)).toMatchObject({ days: [], hours: 0 });
    expect(await ran(['spend', 'retain'], env)).toMatchObject({ code: 2, told: expect.stringContaining('What is kept?') });
    expect(await ran(['spend', 'retain', '--rows', 'long'], env)).toMatchObject({
      code: 2,
      told: expect.stringContaining('--rows is a duration'),
    });
  });
});
