import type { Database } from '../../storage/sql/database.ts';
import { sql, type Statement } from '../../storage/sql/statement.ts';
import type { Side } from './compare.ts';
import { countersOfRows } from './derive.ts';

const by = [
  ['subject', 'text'],
  ['period_start', 'bigint'],
] as const;
const counts = [['nanodollars', 'bigint']] as const;

/** What the rows of a day have charged, and what is written down of it. */
export const rowsAndCharges = (kind: Database['kind'], rows: Statement, day: number): Side => ({
  what: 'rows and charges',
  is: sql`select subject, period_start, nanodollars from spend_charges where day = ${day}`,
  expected: countersOfRows(kind, rows),
  by,
  counts,
});

/** Counters, and what they were set to and were charged since. Those of a period may be gone, once it is long over. */
export const chargesAndCounters: Side = {
  what: 'counters',
  is: sql`select subject, period_start, nanodollars from spend_totals where period_start >= 0`,
  expected: sql`select subject, period_start, set_nanodollars + gone_nanodollars as nanodollars from spend_totals where period_start >= 0
    union all
    select subject, period_start, nanodollars from spend_charges c where period_start = 0 or exists (
      select 1 from spend_totals t where t.subject = c.subject and t.period_start = c.period_start)`,
  by,
  counts,
};
