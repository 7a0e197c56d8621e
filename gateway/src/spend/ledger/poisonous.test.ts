import { expect, test } from 'bun:test';
import { describeDatabases } from '../../../../test/kit/describe-databases.ts';
import { sql, type Database } from '../../storage/sql/index.ts';
import { createLedger } from './create-ledger.ts';
import { eventOf, testedAt } from './testing.ts';

/** A counter that takes no more: PostgreSQL's is full; SQLite's would count on with fractions, of which an index takes one. */
const fill = async (database: Database): Promise<void> => {
  const insert = (subject: string, nanodollars: bigint | number) =>
    database.run(sql`insert into spend_totals (subject, period_start, nanodollars, updated_at) values (${subject}, 0, ${nanodollars}, 0)`);
  await insert('tag:full', 2n ** 63n - 1n);
  if (database.kind !== 'sqlite') return;
  await database.run(sql`create unique index full_counter on spend_totals (typeof(nanodollars)) where typeof(nanodollars) = 'real'`);
  await insert('tag:fraction', 0.5);
};

describeDatabases('an event that the database does not take', (open) => {
  test('is refused alone: all others are written, and what comes later is', async () => {
    const database = await open();
    const ledger = createLedger({ database, now: () => testedAt + 1000 });
    await fill(database);
    const good = Array.from({ length: 30 }, (_, at) => eventOf({ id: `good-${at}`, charges: [['gateway', 0]] }));
    const bad = eventOf({
      id: 'bad',
      charges: [
        ['gateway', 0],
        ['tag:full', 0],
      ],
    });
    const all = [...good.slice(0, 17), bad, ...good.slice(17)];
    const { written, known, refused } = await ledger.write(all);
    expect([written, known, refused.map(({ id }) => id)]).toEqual([30, 0, ['bad']]);
    expect(refused[0]!.why).toMatch(/^(?:The database refused a statement \(22003\)|There is a row with the same)/);
    const counter = await database.one<{ nanodollars: number }>(
      sql`select nanodollars from spend_totals where subject = ${'gateway'} and period_start = 0`,
    );
    expect(counter?.nanodollars).toBe(30 * 12_500_000);
    // It is alone in its batch.
    expect((await ledger.write([bad])).refused.map(({ id }) => id)).toEqual(['bad']);
    expect(await ledger.write([...all, eventOf({ id: 'later', charges: [['gateway', 0]] })])).toMatchObject({ written: 1, known: 30 });
    await ledger.close();
  });

  test('where nothing can be written, it is not the events: they wait', async () => {
    const database = await open();
    const ledger = createLedger({ database, now: () => testedAt + 1000 });
    await database.run(sql`alter table spend_totals rename to spend_totals_away`);
    await expect(ledger.write([eventOf(), eventOf()])).rejects.toMatchObject({ code: 'internal' });
    await database.run(sql`alter table spend_totals_away rename to spend_totals`);
    expect(await ledger.write([eventOf()])).toMatchObject({ written: 1 });
    await ledger.close();
  });
});
