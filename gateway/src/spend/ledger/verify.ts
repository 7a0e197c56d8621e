import type { Database, Transaction } from '../../storage/sql/database.ts';
import { sql } from '../../storage/sql/statement.ts';
import { chargesAndCounters, rowsAndCharges } from './compare-counters.ts';
import { comparePrices } from './compare-prices.ts';
import { compare, rowsAndSums, sumsAmongThem, type Difference } from './compare.ts';
import type { EventDays } from './event-days.ts';

export interface VerifyOptions {
  /** False: costs are not worked out anew, which takes longest. */
  readonly prices?: boolean;
}

export interface VerifyReport {
  readonly whole: boolean;
  /** Rows that were looked at. */
  readonly rows: number;
  /** Of these, those that have prices. */
  readonly priced: number;
  /** Days with rows, since 1970. */
  readonly days: readonly number[];
  /** Days of which rows were dropped, or not kept by a gateway: their sums are compared among themselves alone. */
  readonly withoutRows: readonly number[];
  /** At most 20 of each kind and day. */
  readonly differences: readonly Difference[];
}

/** More are not told: something is wrong altogether. */
const maxTold = 1000;

/** Of one moment, beside the gateways that go on writing. */
export const verifyLedger = (database: Database, days: EventDays, options: VerifyOptions): Promise<VerifyReport> =>
  database.transaction((tx) => verifyInside(tx, database.kind, days, options), { snapshot: true, timeoutMs: null });

const verifyInside = async (
  tx: Transaction,
  kind: Database['kind'],
  days: EventDays,
  { prices = true }: VerifyOptions,
): Promise<VerifyReport> => {
  if (kind === 'postgres') await tx.run(sql`set local statement_timeout = 0`);
  const all = await days.list(tx);
  const hoursFrom = await firstDayOfHours(tx);
  const differences: Difference[] = [];
  const withoutRows: number[] = [];
  let [rows, priced] = [0, 0];
  for (const day of all) {
    const ofDay = days.rowsOf([day]);
    const { count, blank } = (await tx.one<{ count: number; blank: number | null }>(
      sql`select count(*) as count, sum(case when route = '' then 1 else 0 end) as blank from (${ofDay}) as rows`,
    ))!;
    rows += count;
    const gone = await tx.one(sql`select day from spend_gone_days where day = ${day}`);
    if (blank || gone) withoutRows.push(day);
    else for (const side of rowsAndSums(kind, ofDay, day, day >= hoursFrom)) differences.push(...(await compare(tx, side)));
    differences.push(...(await compare(tx, rowsAndCharges(kind, ofDay, day))));
    if (!prices) continue;
    const compared = await comparePrices(tx, ofDay);
    priced += compared.priced;
    differences.push(...compared.differences);
  }
  for (const side of sumsAmongThem(hoursFrom)) differences.push(...(await compare(tx, side)));
  differences.push(...(await compare(tx, chargesAndCounters)));
  return { whole: differences.length === 0, rows, priced, days: all, withoutRows, differences: differences.slice(0, maxTold) };
};

/** Hours are deleted by whole days. */
const firstDayOfHours = async (tx: Transaction): Promise<number> => {
  const { first } = (await tx.one<{ first: number | null }>(sql`select min(hour) / 24 as first from spend_hours where kind = 'gateway'`))!;
  return first ?? Number.MAX_SAFE_INTEGER;
};
