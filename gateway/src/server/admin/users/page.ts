import type { UserRecord } from '../../../access/records/records.ts';
import { storedOf, type Stored, type StoredRow } from '../../../access/store/stored.ts';
import type { Queries } from '../../../storage/sql/database.ts';
import { sql, type Statement } from '../../../storage/sql/statement.ts';
import type { UserSort } from './schemas.ts';
import { listOf } from './visible.ts';

/** Which users, in which order, how many. Absent: whichever. */
export interface UsersWanted {
  /** As `visibleUsers` has it. */
  readonly visible?: Statement | undefined;
  readonly role?: string | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly ssoIds?: readonly string[] | undefined;
  readonly team?: string | undefined;
  readonly organizations?: readonly string[] | undefined;
  /** Parts of them, in whichever case. */
  readonly idPart?: string | undefined;
  readonly emailPart?: string | undefined;
  readonly sortBy?: UserSort | undefined;
  readonly descending?: boolean;
  /** From 1. */
  readonly page: number;
  readonly size: number;
}

const columns: Readonly<Record<UserSort, Statement>> = {
  user_id: sql`id`,
  user_email: sql`email`,
  user_alias: sql`alias`,
  user_role: sql`role`,
  created_at: sql`created_at`,
  updated_at: sql`updated_at`,
  // Of the last period that anything was spent in.
  spend: sql`coalesce((select nanodollars from spend_totals where subject = 'user:' || users.id order by period_start desc limit 1), 0)`,
};

/** One page of users, and how many there are. What has no value comes last, either way round. */
export const usersPage = async (
  queries: Queries,
  wanted: UsersWanted,
): Promise<{ readonly rows: readonly Stored<UserRecord>[]; readonly total: number }> => {
  const all = conditions(wanted);
  const where = all.length === 0 ? sql`` : sql` where ${sql.join(all, ' and ')}`;
  const by = columns[wanted.sortBy ?? 'created_at'];
  const order = wanted.descending ? sql`(${by}) is null, ${by} desc` : sql`(${by}) is null, ${by} asc`;
  const rows = await queries.all<StoredRow>(
    sql`select * from users${where} order by ${order}, id asc limit ${wanted.size} offset ${(wanted.page - 1) * wanted.size}`,
  );
  const counted = await queries.one<{ count: number }>(sql`select count(*) as count from users${where}`);
  return { rows: rows.map((row) => storedOf<UserRecord>(row)), total: counted?.count ?? 0 };
};

const conditions = (wanted: UsersWanted): Statement[] => {
  const all: Statement[] = [];
  const add = <T>(value: T | undefined, condition: (value: T) => Statement) => value !== undefined && all.push(condition(value));
  const among = (column: Statement) => (values: readonly string[]) =>
    values.length === 0 ? nobody : sql`${column} in (${listOf(values)})`;
  add(wanted.visible, (visible) => visible);
  add(wanted.role, (role) => sql`role = ${role}`);
  add(wanted.ids, among(sql`id`));
  add(wanted.ssoIds, among(sql`sso_id`));
  add(wanted.team, (team) => sql`id in (select user_id from team_members where team_id = ${team})`);
  add(wanted.organizations, (organizations) =>
    organizations.length === 0
      ? nobody
      : sql`id in (select user_id from organization_members where organization_id in (${listOf(organizations)}))`,
  );
  add(wanted.idPart, (text) => sql`lower(id) like ${likeOf(text)} escape '\\'`);
  add(wanted.emailPart, (text) => sql`lower(email) like ${likeOf(text)} escape '\\'`);
  return all;
};

const nobody = sql`1 = 0`;

const likeOf = (text: string): string => `%${text.toLowerCase().replaceAll(/[\\%_]/g, (each) => `\\${each}`)}%`;

/** How many keys each of some users has. */
export const keyCounts = async (queries: Queries, ids: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  if (ids.length === 0) return new Map();
  const rows = await queries.all<{ user_id: string; count: number }>(
    sql`select user_id, count(*) as count from keys where user_id in (${listOf(ids)}) group by user_id`,
  );
  return new Map(rows.map(({ user_id, count }) => [user_id, count]));
};
