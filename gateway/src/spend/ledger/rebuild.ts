import type { Database, Transaction } from '../../storage/sql/database.ts';
import { sql, type Statement } from '../../storage/sql/statement.ts';
import { countColumns, sumTables } from './add-sums.ts';
import { countersOfRows, detailsOfRows, hoursOfRows } from './derive.ts';
import type { EventDays } from './event-days.ts';
import { namesOf, type Columns } from './records.ts';
import { spendLock } from './spend-lock.ts';

export interface Rebuilt {
  /** Days since 1970 whose sums were made anew. */
  readonly days: readonly number[];
  /** Days of which rows were dropped, or not kept: their sums are as they were. */
  readonly withoutRows: readonly number[];
  /** Counters that were made anew. */
  readonly counters: number;
}

const unlimited = { timeoutMs: null };

/** Makes sums and counters anew, day by day. Nobody writes while a day is done: what gateways have to write waits in their journals. */
export const rebuildLedger = async (database: Database, days: EventDays, now: number): Promise<Rebuilt> => {
  const done: number[] = [];
  const withoutRows: number[] = [];
  for (const day of await days.list(database)) {
    const rebuilt = await database.transaction(async (tx) => {
      await alone(tx, database.kind);
      const rows = days.rowsOf([day]);
      await rebuildCharges(tx, database.kind, rows, day);
      return rebuildDay(tx, database.kind, rows, day);
    }, unlimited);
    if (rebuilt !== undefined) (rebuilt ? done : withoutRows).push(day);
  }
  const counters = await database.transaction(async (tx) => {
    await alone(tx, database.kind);
    return rebuildCounters(tx, now);
  }, unlimited);
  return { days: done, withoutRows, counters };
};

const alone = async (tx: Transaction, kind: Database['kind']): Promise<void> => {
  if (kind === 'postgres') await tx.run(sql`set local statement_timeout = 0`);
  await tx.lock(spendLock);
};

/** False: its rows are not all there. Undefined: there are none yet. */
const rebuildDay = async (tx: Transaction, kind: Database['kind'], rows: Statement, day: number): Promise<boolean | undefined> => {
  if (await tx.one(sql`select day from spend_gone_days where day = ${day}`)) return false;
  if (await tx.one(sql`select 1 as found from (${rows}) as rows where route = '' limit 1`)) return false;
  if (!(await tx.one(sql`select 1 as found from (${rows}) as rows limit 1`))) return undefined;
  await tx.run(sql`delete from spend_hours where hour >= ${day * 24} and hour < ${day * 24 + 24}`);
  await tx.run(sql`delete from spend_details where day = ${day}`);
  await tx.run(sql`delete from spend_days where day = ${day}`);
  const { hours, details, days } = sumTables;
  const fill = async (table: Statement, columns: Columns, selects: readonly Statement[]): Promise<void> => {
    for (const select of selects) await tx.run(sql`insert into ${table} (${namesOf([...columns, ...countColumns])}) ${select}`);
  };
  await fill(hours.table, hours.by, hoursOfRows(kind, rows));
  await fill(details.table, details.by, detailsOfRows(kind, rows));
  const summed = countColumns.map(([name]) => sql`sum(${sql.name(name)})`);
  await fill(days.table, days.by, [
    sql`select ${namesOf(days.by)}, ${sql.join(summed, ', ')} from spend_details where day = ${day} group by 1, 2, 3`,
  ]);
  return true;
};

/** Also of days whose rows are not all there: what is there has charged what it says. */
const rebuildCharges = async (tx: Transaction, kind: Database['kind'], rows: Statement, day: number): Promise<void> => {
  await tx.run(sql`delete from spend_charges where day = ${day}`);
  await tx.run(sql`insert into spend_charges (subject, period_start, nanodollars, day)
    select subject, period_start, nanodollars, ${day} from (${countersOfRows(kind, rows)}) as charged`);
};

const rebuildCounters = async (tx: Transaction, now: number): Promise<number> => {
  const counters = await tx.run(
    sql`update spend_totals set nanodollars = set_nanodollars + gone_nanodollars, updated_at = ${now} where period_start >= 0`,
  );
  await tx.run(sql`insert into spend_totals (subject, period_start, nanodollars, updated_at)
    select subject, period_start, sum(nanodollars), ${now} from spend_charges group by subject, period_start
    on conflict (subject, period_start) do update set nanodollars = spend_totals.nanodollars + excluded.nanodollars`);
  return counters;
};
