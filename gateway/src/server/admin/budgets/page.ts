import type { BudgetRecord } from '../../../access/records/records.ts';
import { storedOf, type Stored, type StoredRow } from '../../../access/store/stored.ts';
import type { Queries } from '../../../storage/sql/database.ts';
import { sql, type Statement } from '../../../storage/sql/statement.ts';
import type { BudgetSort, BudgetsQuery } from './schemas.ts';

/** Members of the document are compared as numbers; both databases read it alike. */
const columns: Readonly<Record<BudgetSort, Statement>> = {
  budget_id: sql`id`,
  created_at: sql`created_at`,
  max_budget: sql`cast(data->>'max_budget' as double precision)`,
  tpm_limit: sql`cast(data->>'tpm_limit' as double precision)`,
  rpm_limit: sql`cast(data->>'rpm_limit' as double precision)`,
};
const budgetDuration = sql`data->>'budget_duration'`;

/** One page of the budgets that a query asks for, and how many there are. What has no value comes last, either way round. */
export const budgetsPage = async (
  queries: Queries,
  query: BudgetsQuery,
): Promise<{ readonly rows: readonly Stored<BudgetRecord>[]; readonly total: number }> => {
  const all = conditions(query);
  const where = all.length === 0 ? sql`` : sql` where ${sql.join(all, ' and ')}`;
  const order = (query.sort ?? [{ by: 'created_at' as const, descending: true }]).map(({ by, descending }) =>
    descending ? sql`(${columns[by]} is null), ${columns[by]} desc` : sql`(${columns[by]} is null), ${columns[by]} asc`,
  );
  const { page, page_size: size } = query;
  const rows = await queries.all<StoredRow>(
    sql`select * from budgets${where} order by ${sql.join([...order, sql`id asc`], ', ')} limit ${size} offset ${(page - 1) * size}`,
  );
  const counted = await queries.one<{ count: number }>(sql`select count(*) as count from budgets${where}`);
  return { rows: rows.map((row) => storedOf<BudgetRecord>(row)), total: counted?.count ?? 0 };
};

const conditions = (query: BudgetsQuery): Statement[] => {
  const all: Statement[] = [];
  const add = <T>(value: T | undefined, condition: (value: T) => Statement) => value !== undefined && all.push(condition(value));
  add(query.q, (text) => sql`lower(id) like ${`%${text.toLowerCase().replaceAll(/[\\%_]/g, (each) => `\\${each}`)}%`} escape '\\'`);
  add(query['filter[budget_duration][in]'], (list) =>
    list.length === 0
      ? sql`1 = 0`
      : sql`${budgetDuration} in (${sql.join(
          list.map((each) => sql`${each}`),
          ', ',
        )})`,
  );
  add(query['filter[budget_duration][is_null]'], (none) => (none ? sql`${budgetDuration} is null` : sql`${budgetDuration} is not null`));
  add(query['filter[max_budget][gte]'], (least) => sql`${columns.max_budget} >= ${least}`);
  add(query['filter[max_budget][lte]'], (most) => sql`${columns.max_budget} <= ${most}`);
  add(query['filter[max_budget][is_null]'], (none) => (none ? sql`${columns.max_budget} is null` : sql`${columns.max_budget} is not null`));
  add(query['filter[created_at][gte]'], (from) => sql`created_at >= ${from}`);
  add(query['filter[created_at][lte]'], (to) => sql`created_at <= ${to}`);
  return all;
};
