import type { Database } from '../../storage/sql/database.ts';
import { sql } from '../../storage/sql/statement.ts';
import { dayMs, dayOf } from './day.ts';
import type { EventDays } from './event-days.ts';
import { spendLock } from './spend-lock.ts';

export interface RetainOptions {
  /** Rows of so many whole days before today are kept. Absent: all. */
  readonly rowsDays?: number | undefined;
  /** The same of sums by hours. Absent: all. Sums by days stay. */
  readonly hoursDays?: number | undefined;
}

export interface Retained {
  /** Days since 1970 whose rows were dropped. */
  readonly days: readonly number[];
  /** Sums of hours that were deleted. */
  readonly hours: number;
  /** Counters of periods that are long over. */
  readonly counters: number;
}

/** Counters of periods that nobody has been charged in for so long are over. */
const countersDays = 400;

/** Drops what is older than is kept, one day after the other. @param now Unix milliseconds */
export const retainDays = async (database: Database, days: EventDays, options: RetainOptions, now: number): Promise<Retained> => {
  const today = dayOf(now);
  const dropped: number[] = [];
  if (options.rowsDays !== undefined) {
    const first = today - options.rowsDays;
    for (const day of await days.list(database)) {
      if (day >= first) continue;
      await dropDay(database, days, day);
      dropped.push(day);
    }
  }
  const hours = options.hoursDays === undefined ? 0 : await deleteHours(database, (today - options.hoursDays) * 24);
  const over = now - countersDays * dayMs;
  await database.run(sql`delete from spend_charges where period_start <> 0 and day < ${dayOf(over)}`);
  const counters = await database.run(sql`delete from spend_totals where period_start <> 0 and updated_at < ${over} and set_at < ${over}`);
  return { days: dropped, hours, counters };
};

/** What it has charged to counters becomes part of these, so that they can still be told to be right. */
const dropDay = (database: Database, days: EventDays, day: number): Promise<void> =>
  database.transaction(async (tx) => {
    await tx.lock(spendLock);
    await tx.run(sql`update spend_totals set gone_nanodollars = gone_nanodollars + charged.nanodollars
      from (select subject, period_start, nanodollars from spend_charges where day = ${day}) as charged
      where charged.subject = spend_totals.subject and charged.period_start = spend_totals.period_start`);
    await tx.run(sql`delete from spend_charges where day = ${day}`);
    await tx.run(sql`insert into spend_gone_days (day) values (${day}) on conflict (day) do nothing`);
    await days.drop(tx, day);
  });

/** A day of hours at a time, so that others need not wait. */
const deleteHours = async (database: Database, before: number): Promise<number> => {
  let deleted = 0;
  const kinds = await database.all<{ kind: string; first: number }>(
    sql`select kind, min(hour) as first from spend_hours where hour < ${before} group by kind order by kind`,
  );
  for (const { kind, first } of kinds)
    for (let hour = first; hour < before; hour += 24)
      deleted += await database.run(
        sql`delete from spend_hours where kind = ${kind} and hour >= ${hour} and hour < ${Math.min(before, hour + 24)}`,
      );
  return deleted;
};
