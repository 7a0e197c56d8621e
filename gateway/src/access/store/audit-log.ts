import type { Queries } from '../../storage/sql/database.ts';
import { sql, type Statement } from '../../storage/sql/statement.ts';
import type { AuditEntry } from './audit-chain.ts';

/** Which entries are wanted; all that is named must hold. */
export interface AuditQuery {
  readonly changed_by?: string | undefined;
  readonly changed_by_api_key?: string | undefined;
  readonly action?: string | undefined;
  readonly table_name?: string | undefined;
  readonly object_id?: string | undefined;
  readonly object_team_id?: string | undefined;
  readonly object_key_hash?: string | undefined;
  /** Unix milliseconds, this one included. */
  readonly from?: number | undefined;
  /** Unix milliseconds, this one not included. */
  readonly before?: number | undefined;
  /** Default: in the order in which they were written. */
  readonly sortBy?: AuditColumn | undefined;
  readonly descending: boolean;
  /** From 1. */
  readonly page: number;
  readonly size: number;
}

const equalities = ['changed_by', 'changed_by_api_key', 'action', 'table_name', 'object_id', 'object_team_id', 'object_key_hash'] as const;
export const auditColumns = ['id', 'at', ...equalities] as const;
export type AuditColumn = (typeof auditColumns)[number];

const columns = sql`id, at, action, table_name, object_id, object_team_id, object_key_hash, changed_by, changed_by_api_key, address,
  before_value, updated_values`;

export const auditPage = async (
  queries: Queries,
  query: AuditQuery,
): Promise<{ readonly entries: readonly AuditEntry[]; readonly total: number }> => {
  const where = conditions(query);
  const order = query.descending ? sql` desc` : sql` asc`;
  const by = query.sortBy === undefined ? sql`` : sql`${sql.name(query.sortBy)}${order}, `;
  const entries = await queries.all<AuditEntry>(
    sql`select ${columns} from audit_log${where} order by ${by}seq${order} limit ${query.size} offset ${(query.page - 1) * query.size}`,
  );
  const count = await queries.one<{ count: number }>(sql`select count(*) as count from audit_log${where}`);
  return { entries, total: count?.count ?? 0 };
};

export const auditEntry = (queries: Queries, id: string): Promise<AuditEntry | undefined> =>
  queries.one<AuditEntry>(sql`select ${columns} from audit_log where id = ${id}`);

const conditions = (query: AuditQuery): Statement => {
  const all = equalities.flatMap((name) => (query[name] === undefined ? [] : [sql`${sql.name(name)} = ${query[name]}`]));
  if (query.from !== undefined) all.push(sql`at >= ${query.from}`);
  if (query.before !== undefined) all.push(sql`at < ${query.before}`);
  return all.length === 0 ? sql`` : sql` where ${sql.join(all, ' and ')}`;
};
