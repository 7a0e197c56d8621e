import type { Queries } from '../../../storage/sql/database.ts';
import { sql } from '../../../storage/sql/statement.ts';

/** More are not listed: anybody can make them up. */
export const maxSpendTags = 1000;

export interface SpendTag {
  readonly name: string;
  /** Unix milliseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Tags that money was spent under, the last ones first. @param span Unix milliseconds: spent in it */
export const spendTags = async (queries: Queries, span?: { readonly from: number; readonly to: number }): Promise<readonly SpendTag[]> => {
  const { from, to } = span ?? { from: 0, to: Number.MAX_SAFE_INTEGER };
  const rows = await queries.all<{ subject: string; first_at: number; last_at: number }>(
    sql`select subject, min(updated_at) as first_at, max(updated_at) as last_at from spend_totals
        where subject like ${'tag:%'} and updated_at >= ${from} and updated_at < ${to}
        group by subject order by last_at desc limit ${maxSpendTags}`,
  );
  return rows.map(({ subject, first_at, last_at }) => ({ name: subject.slice('tag:'.length), firstAt: first_at, lastAt: last_at }));
};
