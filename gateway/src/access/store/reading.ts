import type { Queries } from '../../storage/sql/database.ts';
import { sql, type SqlValue, type Statement } from '../../storage/sql/statement.ts';
import type { Kind } from '../records/kinds.ts';
import { storedOf, type Stored, type StoredRow } from './stored.ts';

/** What rows must be like. Members are columns of the kind's table, or `id`, `created_by`, `updated_by`. */
export interface Where {
  /** Equal to it, or to one of a list; `null`: not set. */
  readonly is?: Readonly<Record<string, SqlValue | readonly SqlValue[] | undefined>>;
  /** Contains it, in whichever case. */
  readonly contains?: Readonly<Record<string, string | undefined>>;
  /** Below it. */
  readonly below?: Readonly<Record<string, number | undefined>>;
  /** It, or above it. */
  readonly from?: Readonly<Record<string, number | undefined>>;
  /** At least one of these holds. */
  readonly anyOf?: readonly Where[];
  /** Each of these holds. */
  readonly allOf?: readonly Where[];
}

export interface PageQuery extends Where {
  /** A column, or `created_at` (default), `updated_at`, `id`. */
  readonly sortBy?: string;
  /** What is sorted by where no column says it, or one that may be null; nulls come last. Wins over `sortBy`. */
  readonly sortByValue?: Statement;
  readonly descending?: boolean;
  /** From 1. */
  readonly page: number;
  readonly size: number;
}

export interface Page<T> {
  readonly rows: readonly Stored<T>[];
  readonly total: number;
}

/** More than this are never read at once; lists have pages. */
const maxRows = 10_000;

/** Reads things of every kind, from the database or inside a transaction. */
export class Reading {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async get<T>(kind: Kind<T>, id: string): Promise<Stored<T> | undefined> {
    const row = await this.#queries.one<StoredRow>(sql`select * from ${sql.name(kind.table)} where id = ${id}`);
    return row && storedOf<T>(row);
  }

  /** Those of these ids that there are. */
  async getAll<T>(kind: Kind<T>, ids: readonly string[]): Promise<readonly Stored<T>[]> {
    return ids.length === 0 ? [] : this.find(kind, { is: { id: ids } });
  }

  /** In the order in which they were made. */
  async find<T>(kind: Kind<T>, where: Where = {}): Promise<readonly Stored<T>[]> {
    const rows = await this.#queries.all<StoredRow>(
      sql`select * from ${sql.name(kind.table)}${conditions(where)} order by created_at, id limit ${maxRows}`,
    );
    return rows.map((row) => storedOf<T>(row));
  }

  async first<T>(kind: Kind<T>, where: Where): Promise<Stored<T> | undefined> {
    const row = await this.#queries.one<StoredRow>(
      sql`select * from ${sql.name(kind.table)}${conditions(where)} order by created_at, id limit 1`,
    );
    return row && storedOf<T>(row);
  }

  async count<T>(kind: Kind<T>, where: Where = {}): Promise<number> {
    const row = await this.#queries.one<{ count: number }>(sql`select count(*) as count from ${sql.name(kind.table)}${conditions(where)}`);
    return row?.count ?? 0;
  }

  async page<T>(kind: Kind<T>, query: PageQuery): Promise<Page<T>> {
    const where = conditions(query);
    const order = query.descending ? sql` desc` : sql` asc`;
    const by = query.sortByValue ? sql`(${query.sortByValue} is null), ${query.sortByValue}` : sql.name(query.sortBy ?? 'created_at');
    const rows = await this.#queries.all<StoredRow>(
      sql`select * from ${sql.name(kind.table)}${where} order by ${by}${order}, id${order} limit ${query.size} offset ${(query.page - 1) * query.size}`,
    );
    return { rows: rows.map((row) => storedOf<T>(row)), total: await this.count(kind, query) };
  }
}

const conditions = (where: Where): Statement => {
  const all = conditionsOf(where);
  return all.length === 0 ? sql`` : sql` where ${sql.join(all, ' and ')}`;
};

const conditionsOf = ({ is = {}, contains = {}, below = {}, from = {}, anyOf, allOf = [] }: Where): Statement[] => {
  const all: Statement[] = [];
  for (const [column, value] of Object.entries(is)) {
    if (value === undefined) continue;
    if (value === null) all.push(sql`${sql.name(column)} is null`);
    else if (Array.isArray(value)) all.push(among(column, value as readonly SqlValue[]));
    else all.push(sql`${sql.name(column)} = ${value as SqlValue}`);
  }
  for (const [column, text] of Object.entries(contains))
    // Both sides by the database, whose idea of letters beyond ASCII is its own.
    if (text !== undefined) all.push(sql`lower(${sql.name(column)}) like lower(${`%${escapeLike(text)}%`}) escape '\\'`);
  for (const [column, value] of Object.entries(below)) if (value !== undefined) all.push(sql`${sql.name(column)} < ${value}`);
  for (const [column, value] of Object.entries(from)) if (value !== undefined) all.push(sql`${sql.name(column)} >= ${value}`);
  if (anyOf) all.push(either(anyOf));
  for (const each of allOf) all.push(...conditionsOf(each));
  return all;
};

const among = (column: string, values: readonly SqlValue[]): Statement =>
  values.length === 0
    ? nothing
    : sql`${sql.name(column)} in (${sql.join(
        values.map((value) => sql`${value}`),
        ', ',
      )})`;

/** Nobody is one of nobody: an empty list must never mean everything. */
const either = (wheres: readonly Where[]): Statement => {
  const ways = wheres.map((where) => conditionsOf(where)).map((all) => (all.length === 0 ? sql`1 = 1` : sql`(${sql.join(all, ' and ')})`));
  return ways.length === 0 ? nothing : sql`(${sql.join(ways, ' or ')})`;
};

const nothing = sql`1 = 0`;

const escapeLike = (text: string): string => text.replaceAll(/[\\%_]/g, (character) => `\\${character}`);
