import { kinds } from '../../access/records/kinds.ts';
import type { Limits } from '../../access/records/records.ts';
import type { Writing } from '../../access/store/writing.ts';
import { sql } from '../../storage/sql/index.ts';
import type { Mapped } from './mapped.ts';
import type { Target } from './target.ts';

const nanoPerUsd = 1_000_000_000;
const nanodollars = (usd: number): number => Math.min(Number.MAX_SAFE_INTEGER, Math.round(usd * nanoPerUsd));

/** LiteLLM's `spend` is what counts against the budget now: of the running period where it has one. */
export const writeSpend = async <T>(
  writing: Writing,
  { kind, spender }: Target<T>,
  { id, data, spentUsd, spentEverUsd, createdAt }: Mapped<T>,
): Promise<void> => {
  if (!spender || data === undefined || (spentUsd === undefined && spentEverUsd === undefined)) return;
  const stored = await writing.get(kind, id);
  const budgetId = (data as Limits).budget_id;
  const budget = budgetId == null ? undefined : (await writing.get(kinds.budget, budgetId))?.data;
  const { subject, periodStart } = spender({ id, data, createdAt: stored?.createdAt ?? createdAt ?? writing.now }, budget);
  const set = async (start: number, usd: number): Promise<void> => {
    await writing.tx.run(sql`insert into spend_totals (subject, period_start, nanodollars, updated_at, set_at, set_nanodollars)
      values (${subject}, ${start}, ${nanodollars(usd)}, ${writing.now}, ${writing.now}, ${nanodollars(usd)})
      on conflict (subject, period_start) do update set nanodollars = excluded.nanodollars, updated_at = excluded.updated_at,
        set_at = excluded.set_at, set_nanodollars = excluded.set_nanodollars, gone_nanodollars = 0`);
    await writing.tx.run(sql`delete from spend_charges where subject = ${subject} and period_start = ${start}`);
  };
  if (periodStart !== 0 && spentUsd) await set(periodStart, spentUsd);
  const ever = Math.max(spentEverUsd ?? 0, spentUsd ?? 0);
  if (ever > 0) await set(0, ever);
};
