import { expect, test } from 'bun:test';
import { describeDatabases } from '../../../../test/kit/describe-databases.ts';
import { sql } from '../../storage/sql/index.ts';
import { createLedger } from './create-ledger.ts';
import { dayMs } from './day.ts';
import { eventOf, testedAt } from './testing.ts';

const source = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);

/** Writes the same 2,000 events again and again, in batches, from wherever it is told to. */
const program = (url: string): string => `
  import { createLedger } from ${source('create-ledger.ts')};
  import { eventOf } from ${source('testing.ts')};
  import { openDatabase } from ${source('../../storage/sql/index.ts')};
  const database = await openDatabase({ url: ${JSON.stringify(url)}, poolSize: 2 });
  const ledger = createLedger({ database, now: Date.now });
  const events = Array.from({ length: 2000 }, (_, at) => eventOf({ id: 'e' + at, keyId: 'k' + (at % 5) }));
  console.log('ready');
  for (let from = Number(Bun.env.FROM); ; from = (from + 150) % 2000) {
    const some = [...events, ...events].slice(from, from + 200);
    await ledger.write(Number(Bun.env.FROM) % 2 ? some.toReversed() : some);
  }`;

describeDatabases('the ledger, while much happens', (open) => {
  test('writers that are killed in the middle leave nothing half written, and nothing is counted twice', async () => {
    const database = await open();
    const url = open.urlOf(database);
    const begin = (at: number) =>
      Bun.spawn([process.execPath, '-e', program(url)], { env: { ...Bun.env, FROM: String(at * 501) }, stdout: 'pipe', stderr: 'ignore' });
    const ready = async ({ stdout }: ReturnType<typeof begin>): Promise<void> => void (await stdout.getReader().read());
    for (let round = 0; round < 2; round++) {
      const writers = [0, 1, 2, 3].map(begin);
      await Promise.all(writers.map(ready));
      // Their threads take a while to begin.
      for (let left = 200; left > 0 && !(await database.one(sql`select 1 as found from spend_totals`)); left--) await Bun.sleep(50);
      for (const writer of writers) {
        await Bun.sleep(60 + round * 90);
        writer.kill('SIGKILL');
      }
      await Promise.all(writers.map(({ exited }) => exited));
    }
    const ledger = createLedger({ database, now: Date.now });
    const halfway = await ledger.verify({ prices: false });
    expect(halfway.differences).toEqual([]);
    const events = Array.from({ length: 2000 }, (_, at) => eventOf({ id: `e${at}`, keyId: `k${at % 5}` }));
    const { written, known } = await ledger.write(events);
    // Some of it was written by those that were killed.
    expect([written + known, known > 0]).toEqual([2000, true]);
    expect(await ledger.verify()).toMatchObject({ whole: true, rows: 2000, priced: 2000 });
    expect(await database.one<unknown>(sql`select nanodollars from spend_totals where subject = 'gateway' and period_start = 0`)).toEqual({
      nanodollars: 2000 * 12_500_000,
    });
    await ledger.close();
  });

  test('rows are written while days are dropped, made and rebuilt', async () => {
    const database = await open();
    const ledger = createLedger({ database, now: () => testedAt });
    let written = 0;
    let over = false;
    const writer = (async () => {
      for (let batch = 0; !over || batch < 20; batch++) {
        // Of days that are dropped beside it, too: their tables are made again.
        const events = Array.from({ length: 40 }, (_, at) => eventOf({ at: testedAt - (at % 4) * 20 * dayMs }));
        written += (await ledger.write(events)).written;
      }
    })();
    for (let round = 0; round < 6; round++) {
      await ledger.retain({ rowsDays: 30 });
      await ledger.rebuild();
    }
    over = true;
    await writer;
    expect(await database.one<unknown>(sql`select nanodollars from spend_totals where subject = 'team:t1'`)).toEqual({
      nanodollars: written * 12_500_000,
    });
    expect((await ledger.verify({ prices: false })).differences).toEqual([]);
    await ledger.close();
  });

  test('while the database is away it fails as unavailable, and the same batch comes through later', async () => {
    const database = await open();
    const ledger = createLedger({ database, now: () => testedAt, threads: false });
    await database.close();
    const failed: unknown = await ledger.write([eventOf()]).catch((cause: unknown) => cause);
    expect(failed).toMatchObject({ code: 'unavailable' });
  });

  test('the rows have the columns of the table', async () => {
    const { rowColumns } = await import('./write-rows.ts');
    const database = await open();
    const columns =
      database.kind === 'sqlite'
        ? await database.all<{ name: string }>(sql`select name from pragma_table_info('spend_events')`)
        : await database.all<{ name: string }>(
            sql`select column_name as name from information_schema.columns where table_name = 'spend_events' order by ordinal_position`,
          );
    expect(columns.map(({ name }) => name)).toEqual(rowColumns.map(([name]) => name));
  });
});
