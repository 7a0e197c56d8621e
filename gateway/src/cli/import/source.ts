import { openDatabase, sql, type Database, type Statement } from '../../storage/sql/index.ts';
import { Refusal } from '../io.ts';
import { shownDatabase, words } from '../database.ts';

export type SourceRow = Readonly<Record<string, unknown>>;

/** Rows of one table, after those that were read: each statement whole, as no name is put into one. */
type After = (...last: readonly [] | readonly [string] | readonly [string, string]) => Statement;

const batch = 500;
const end = (order: Statement): Statement => sql` order by ${order} limit ${batch}`;
const by = (columns: Statement, last: readonly string[]): Statement => {
  if (last.length === 0) return end(columns);
  const values = sql.join(
    last.map((each) => sql`${each}`),
    ', ',
  );
  return sql` where (${columns}) > (${values})${end(columns)}`;
};
const one = (table: Statement, name: string): After => {
  const column = sql.name(name);
  return (...last) => sql`select to_jsonb(t) as row from ${table} t${by(column, last)}`;
};
const two = (table: Statement, a: string, b: string): After => {
  const columns = sql`${sql.name(a)}, ${sql.name(b)}`;
  return (...last) => sql`select to_jsonb(t) as row from ${table} t${by(columns, last)}`;
};

/** The tables that are read, with the key that they are read by (reference, section 9.7). */
const tables = {
  LiteLLM_BudgetTable: { keys: ['budget_id'], after: one(sql`"LiteLLM_BudgetTable"`, 'budget_id') },
  LiteLLM_OrganizationTable: { keys: ['organization_id'], after: one(sql`"LiteLLM_OrganizationTable"`, 'organization_id') },
  LiteLLM_OrganizationMembership: {
    keys: ['organization_id', 'user_id'],
    after: two(sql`"LiteLLM_OrganizationMembership"`, 'organization_id', 'user_id'),
  },
  LiteLLM_UserTable: { keys: ['user_id'], after: one(sql`"LiteLLM_UserTable"`, 'user_id') },
  LiteLLM_TeamTable: { keys: ['team_id'], after: one(sql`"LiteLLM_TeamTable"`, 'team_id') },
  LiteLLM_TeamMembership: { keys: ['team_id', 'user_id'], after: two(sql`"LiteLLM_TeamMembership"`, 'team_id', 'user_id') },
  LiteLLM_ProjectTable: { keys: ['project_id'], after: one(sql`"LiteLLM_ProjectTable"`, 'project_id') },
  LiteLLM_AccessGroupTable: { keys: ['access_group_id'], after: one(sql`"LiteLLM_AccessGroupTable"`, 'access_group_id') },
  LiteLLM_VerificationToken: { keys: ['token'], after: one(sql`"LiteLLM_VerificationToken"`, 'token') },
  LiteLLM_JWTKeyMapping: { keys: ['id'], after: one(sql`"LiteLLM_JWTKeyMapping"`, 'id') },
  LiteLLM_EndUserTable: { keys: ['user_id'], after: one(sql`"LiteLLM_EndUserTable"`, 'user_id') },
  LiteLLM_TagTable: { keys: ['tag_name'], after: one(sql`"LiteLLM_TagTable"`, 'tag_name') },
  LiteLLM_ProxyModelTable: { keys: ['model_id'], after: one(sql`"LiteLLM_ProxyModelTable"`, 'model_id') },
  LiteLLM_CredentialsTable: { keys: ['credential_name'], after: one(sql`"LiteLLM_CredentialsTable"`, 'credential_name') },
  LiteLLM_Config: { keys: ['param_name'], after: one(sql`"LiteLLM_Config"`, 'param_name') },
} as const;
export type SourceTable = keyof typeof tables;
export const sourceTables = Object.keys(tables) as readonly SourceTable[];

/** LiteLLM's database, which is only read. */
export interface Source {
  readonly where: string;
  /** All of LiteLLM's tables that are there. */
  readonly tables: ReadonlySet<string>;
  /** 500 rows at a time, in the order of their keys. Nothing where the table is not there. */
  batches(table: SourceTable): AsyncGenerator<readonly SourceRow[]>;
  /** Those of `LiteLLM_ObjectPermissionTable` with these ids. */
  permissions(ids: readonly string[]): Promise<ReadonlyMap<string, SourceRow>>;
  /** Model aliases of teams, by the number of their row. */
  aliases(ids: readonly number[]): Promise<ReadonlyMap<number, SourceRow>>;
  /** What `LiteLLM_TeamMembership` says of the members of these teams. */
  memberships(teamIds: readonly string[]): Promise<readonly SourceRow[]>;
  /** Budgets by their ids: what they say of members of teams belongs to those here. */
  budgets(ids: readonly string[]): Promise<ReadonlyMap<string, SourceRow>>;
  /** Tables beside those, with rows: how many is the server's estimate. */
  others(known: ReadonlySet<string>): Promise<readonly { readonly name: string; readonly rows: number }[]>;
  close(): Promise<void>;
}

/** Of Prisma's connections, and nothing to us. */
const ofPrisma = [
  'pgbouncer',
  'pool_timeout',
  'socket_timeout',
  'statement_cache_size',
  'sslaccept',
  'application_name',
  'max_idle_connection_lifetime',
];

const withoutPrisma = (text: string): string => {
  const url = URL.parse(text);
  if (!url) return text;
  for (const name of ofPrisma) url.searchParams.delete(name);
  return url.href;
};

/** @throws Refusal where it cannot be reached, or is none of LiteLLM's */
export const openSource = async (given: string): Promise<Source> => {
  if (!/^postgres(?:ql)?:/.test(given))
    throw new Refusal("LiteLLM's database is PostgreSQL: --database-url postgres://user:password@host:5432/name.", 2);
  const where = shownDatabase(given);
  let database: Database;
  let names: readonly string[];
  try {
    database = await openDatabase({ url: withoutPrisma(given), poolSize: 2 });
  } catch (cause) {
    throw new Refusal(`LiteLLM's database ${where} cannot be opened: ${words(cause)}`);
  }
  try {
    names = (
      await database.all<{ name: string }>(
        sql`select table_name as name from information_schema.tables where table_schema = any(current_schemas(false)) and table_name like ${'LiteLLM\\_%'}`,
      )
    ).map(({ name }) => name);
  } catch (cause) {
    await database.close();
    throw new Refusal(`LiteLLM's database ${where} cannot be read: ${words(cause)}`);
  }
  if (!names.includes('LiteLLM_VerificationToken')) {
    await database.close();
    throw new Refusal(
      `${where} is no database of LiteLLM's: it has no table "LiteLLM_VerificationToken". Another schema is named as ?schema=name.`,
    );
  }
  return reader(database, where, new Set(names));
};

const reader = (database: Database, where: string, names: ReadonlySet<string>): Source => {
  const rows = async (statement: Statement): Promise<SourceRow[]> =>
    (await database.all<{ row: string }>(statement)).map(({ row }) => JSON.parse(row) as SourceRow);
  return {
    where,
    tables: names,
    async *batches(table) {
      if (!names.has(table)) return;
      const { keys, after } = tables[table];
      let last: readonly string[] = [];
      for (;;) {
        const found = await rows((after as (...last: readonly string[]) => Statement)(...last));
        if (found.length > 0) yield found;
        if (found.length < batch) return;
        last = keys.map((key) => String(found.at(-1)![key]));
      }
    },
    async permissions(ids) {
      if (ids.length === 0 || !names.has('LiteLLM_ObjectPermissionTable')) return new Map();
      const found = await rows(
        sql`select to_jsonb(t) as row from "LiteLLM_ObjectPermissionTable" t where object_permission_id in (${listed(ids)})`,
      );
      return new Map(found.map((row) => [String(row['object_permission_id']), row]));
    },
    async aliases(ids) {
      if (ids.length === 0 || !names.has('LiteLLM_ModelTable')) return new Map();
      const found = await rows(sql`select to_jsonb(t) as row from "LiteLLM_ModelTable" t where id in (${listed(ids)})`);
      return new Map(found.map((row) => [Number(row['id']), row]));
    },
    async memberships(teamIds) {
      if (teamIds.length === 0 || !names.has('LiteLLM_TeamMembership')) return [];
      return rows(sql`select to_jsonb(t) as row from "LiteLLM_TeamMembership" t where team_id in (${listed(teamIds)})`);
    },
    async budgets(ids) {
      if (ids.length === 0 || !names.has('LiteLLM_BudgetTable')) return new Map();
      const found = await rows(sql`select to_jsonb(t) as row from "LiteLLM_BudgetTable" t where budget_id in (${listed(ids)})`);
      return new Map(found.map((row) => [String(row['budget_id']), row]));
    },
    async others(known) {
      const found = await database.all<{ name: string; bytes: number; live: number }>(
        sql`select c.relname as name, pg_relation_size(c.oid) as bytes, coalesce(greatest(s.n_live_tup, c.reltuples::bigint), 0) as live
          from pg_class c left join pg_stat_all_tables s on s.relid = c.oid
          where c.relkind = ${'r'} and c.relnamespace = current_schema()::regnamespace and c.relname like ${'LiteLLM\\_%'} order by c.relname`,
      );
      return found.filter(({ name, bytes }) => bytes > 0 && !known.has(name)).map(({ name, live }) => ({ name, rows: Math.max(1, live) }));
    },
    close: () => database.close(),
  };
};

const listed = (values: readonly (string | number)[]): Statement =>
  sql.join(
    values.map((value) => sql`${value}`),
    ', ',
  );
