import type { Database, Transaction } from '../../storage/sql/database.ts';
import { sql } from '../../storage/sql/statement.ts';
import type { SpendEvent } from '../event.ts';
import { chargeListOf, type ChargeList } from './charge-list.ts';
import { dayOf } from './day.ts';

import { recordsOf, type Columns } from './records.ts';
import { SetAt } from './set-at.ts';

const columns: Columns = [
  ['subject', 'text'],
  ['period_start', 'bigint'],
  ['nanodollars', 'bigint'],
  ['set_at', 'bigint'],
];
const dayColumns: Columns = [
  ['subject', 'text'],
  ['period_start', 'bigint'],
  ['day', 'integer'],
  ['nanodollars', 'bigint'],
];

interface Sum {
  readonly subject: string;
  readonly period_start: number;
  nanodollars: number;
  readonly set_at: number;
}

interface DaySum {
  readonly subject: string;
  readonly period_start: number;
  readonly day: number;
  nanodollars: number;
}

/**
 * Adds to the counters what events were charged to, but for what an admin has set meanwhile. Counters that came to be after
 * all of their subject was set to nothing say so from then on. The lock of spend is held.
 */
export const addCharges = async (tx: Transaction, kind: Database['kind'], events: readonly SpendEvent[], now: number): Promise<void> => {
  const charged = events.filter(({ nanodollars }) => nanodollars !== 0);
  if (charged.length === 0) return;
  const setAt = await SetAt.read(tx, Math.min(...charged.map(({ endedAt }) => endedAt)));
  const sums = new Map<string, Sum>();
  const ofDays = new Map<string, DaySum>();
  for (const { list, day, events: some, nanodollars: all, firstEndedAt } of alike(charged)) {
    for (const [subject, periodStart] of list.charges) {
      const key = `${subject}\0${periodStart}`;
      const sum = sums.get(key) ?? { subject, period_start: periodStart, nanodollars: 0, set_at: setAt.of(subject, periodStart) };
      sums.set(key, sum);
      const nanodollars = firstEndedAt > sum.set_at ? all : sumOf(some.filter(({ endedAt }) => endedAt > sum.set_at));
      if (nanodollars === 0) continue;
      sum.nanodollars += nanodollars;
      const ofDay = ofDays.get(`${key}\0${day}`);
      if (ofDay) ofDay.nanodollars += nanodollars;
      else ofDays.set(`${key}\0${day}`, { subject, period_start: periodStart, day, nanodollars });
    }
  }
  if (ofDays.size > 0)
    await tx.run(sql`insert into spend_charges (subject, period_start, day, nanodollars)
      select subject, period_start, day, nanodollars from ${recordsOf(kind, dayColumns, inOrder(ofDays))} where true
      on conflict (subject, period_start, day) do update set nanodollars = spend_charges.nanodollars + excluded.nanodollars`);
  await tx.run(sql`insert into spend_totals (subject, period_start, nanodollars, updated_at, set_at)
    select subject, period_start, nanodollars, ${now}, set_at from ${recordsOf(kind, columns, inOrder(sums))} where true
    on conflict (subject, period_start) do update
    set nanodollars = spend_totals.nanodollars + excluded.nanodollars, updated_at = excluded.updated_at,
      set_at = case when excluded.set_at > spend_totals.set_at then excluded.set_at else spend_totals.set_at end`);
};

interface Alike {
  readonly list: ChargeList;
  readonly day: number;
  readonly events: readonly SpendEvent[];
  readonly nanodollars: number;
  /** Unix milliseconds. */
  readonly firstEndedAt: number;
}

/** Events of one day that are charged to the same counters. */
const alike = (events: readonly SpendEvent[]): readonly Alike[] => {
  const lists = Map.groupBy(events, chargeListOf);
  return [...lists].flatMap(([list, ofList]) =>
    [...Map.groupBy(ofList, ({ at }) => dayOf(at))].map(([day, some]) => ({
      list,
      day,
      events: some,
      nanodollars: sumOf(some),
      firstEndedAt: Math.min(...some.map(({ endedAt }) => endedAt)),
    })),
  );
};

const sumOf = (events: readonly SpendEvent[]): number => events.reduce((sum, { nanodollars }) => sum + nanodollars, 0);

/** One order for all writers, or two gateways would wait for each other (FP-12). */
const inOrder = <S>(sums: ReadonlyMap<string, S>): readonly S[] => [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
