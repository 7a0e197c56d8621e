import { SluiceError } from 'sluice/kit';
import type { Database, Queries, Transaction } from '../../storage/sql/database.ts';
import { spendEventTable } from '../../storage/sql/migrations/0003-spend.ts';
import { spendContentTable } from '../../storage/sql/migrations/0006-contents.ts';
import { unavailable } from '../../storage/sql/failure.ts';
import { sql, type Statement } from '../../storage/sql/statement.ts';

/** Where the rows of days are: each day's are in a table of their own, which is made when it is needed and goes as a whole. */
export interface EventDays {
  /** Sees to it that rows of these days can be written. */
  prepare(days: readonly number[]): Promise<void>;
  /** The same where the transaction is open already, as far as that can be. */
  prepareInside(tx: Transaction, days: readonly number[]): Promise<void>;
  /** Somebody else may have dropped one: what was prepared is prepared again. */
  forget(): void;
  /** What a day's rows are written to. */
  tableOf(day: number): Statement;
  /** All that there are, the oldest first. */
  list(queries: Queries): Promise<readonly number[]>;
  /** The rows of some days, with the columns of `spend_events`, as something to select from. */
  rowsOf(days: readonly number[]): Statement;
  /** With all that is in it. @throws SluiceError `unavailable` where somebody reads it for too long: again later */
  drop(tx: Transaction, day: number): Promise<void>;
}

/** A table that is parted by day. In SQLite, `parts` says which days have tables of their own. */
interface Parted {
  readonly name: string;
  readonly parts: string;
  readonly columns: Statement;
  /** Made for each day in SQLite; the parent has them in PostgreSQL. */
  readonly indexes: readonly { readonly name: string; readonly on: Statement }[];
}

const daysOf = (database: Database, table: Parted): EventDays =>
  database.kind === 'sqlite' ? sqliteDays(table) : postgresDays(database, table);

/** What calls cost. */
export const eventDays = (database: Database): EventDays =>
  daysOf(database, { name: 'spend_events', parts: 'spend_event_days', ...spendEventTable });

/** What was said in them. */
export const contentDays = (database: Database): EventDays =>
  daysOf(database, { name: 'spend_contents', parts: 'spend_content_days', ...spendContentTable });

/** Those of gateways that keep no rows say nothing of their calls. */
export const keptRows = (rows: Statement): Statement => sql`select * from (${rows}) as kept where route <> ''`;

const sqliteDays = ({ name, parts, columns, indexes }: Parted): EventDays => {
  const tableOf = (day: number): Statement => sql.name(`${name}_${day}`);
  const known = sql.name(parts);
  return {
    async prepare() {},
    async prepareInside(tx, days) {
      for (const day of days) {
        if (await tx.one(sql`select day from ${known} where day = ${day}`)) continue;
        await tx.run(sql`create table if not exists ${tableOf(day)} (${columns})`);
        for (const index of indexes)
          await tx.run(sql`create index if not exists ${sql.name(`${name}_${day}_${index.name}`)} on ${tableOf(day)} ${index.on}`);
        await tx.run(sql`insert into ${known} (day) values (${day})`);
      }
    },
    forget() {},
    tableOf,
    async list(queries) {
      return (await queries.all<{ day: number }>(sql`select day from ${known} order by day`)).map(({ day }) => day);
    },
    rowsOf: (days) =>
      unionOf(
        days.map((day) => sql`select * from ${tableOf(day)}`),
        name,
      ),
    async drop(tx, day) {
      await tx.run(sql`drop table if exists ${tableOf(day)}`);
      await tx.run(sql`delete from ${known} where day = ${day}`);
    },
  };
};

/** A day's table may be dropped while somebody is about to read it. @throws SluiceError `unavailable` in the place of what SQLite says then */
export const dayIsGone = (cause: unknown): never => {
  if (SluiceError.is(cause) && /no such table: spend_events_/.test(cause.detail ?? ''))
    throw unavailable('Days that are asked for were dropped meanwhile: ask again.');
  throw cause;
};

/** SQLite takes 500 of them in one statement, nested ones more. */
const perUnion = 400;

const unionOf = (selects: readonly Statement[], name: string): Statement => {
  // It has no rows of its own.
  if (selects.length === 0) return sql`select * from ${sql.name(name)}`;
  if (selects.length <= perUnion) return sql.join(selects, ' union all ');
  const groups: Statement[] = [];
  for (let at = 0; at < selects.length; at += perUnion)
    groups.push(sql`select * from (${sql.join(selects.slice(at, at + perUnion), ' union all ')})`);
  return unionOf(groups, name);
};

/** Days that are known to be there. More are forgotten. */
const maxKnown = 1000;

const postgresDays = (database: Database, { name }: Parted): EventDays => {
  const parent = sql.name(name);
  const tableOf = (day: number): Statement => sql.name(`${name}_${day}`);
  const known = new Set<number>();
  const list = async (queries: Queries): Promise<readonly number[]> => {
    const rows = await queries.all<{ day: number }>(
      sql`select cast(substr(cast(c.relname as text), length(${`${name}_`}) + 1) as integer) as day
          from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = to_regclass(${name}) order by 1`,
    );
    return rows.map(({ day }) => day);
  };
  return {
    async prepare(days) {
      for (const day of days) {
        if (known.has(day)) continue;
        await database.transaction((tx) => makePartition(tx, name, day));
        if (known.size >= maxKnown) known.clear();
        known.add(day);
      }
    },
    // Nearly always all are there. Who drops one has the lock of spend alone, so that from here on it stays.
    async prepareInside(tx, days) {
      const there = new Set(await list(tx));
      for (const day of days) if (!there.has(day)) await makePartition(tx, name, day);
    },
    forget: () => known.clear(),
    tableOf: () => parent,
    list,
    rowsOf: (days) =>
      days.length === 0
        ? sql`select * from ${parent} where false`
        : sql`select * from ${parent} where day in (${sql.join(
            days.map((day) => sql`${day}`),
            ', ',
          )})`,
    async drop(tx, day) {
      known.delete(day);
      // Who reads for long must not have all others wait behind this.
      await tx.run(sql`set local lock_timeout = '2s'`);
      await tx.run(sql`drop table if exists ${tableOf(day)}`);
    },
  };
};

/**
 * Made apart and attached, which does not wait for those that write to other days as making it there would
 * (postgresql.org/docs/current/ddl-partitioning.html, read 2026-11-22).
 */
const makePartition = async (tx: Transaction, parent: string, day: number): Promise<void> => {
  const name = `${parent}_${day}`;
  const table = sql.name(name);
  const of = sql.name(parent);
  const attached = sql`select 1 as found from pg_inherits where inhrelid = to_regclass(${name})`;
  if (await tx.one(attached)) return;
  await tx.lock('spend days');
  if (await tx.one(attached)) return;
  await tx.run(sql`create table if not exists ${table} (like ${of} including defaults including constraints)`);
  await tx.run(sql`alter table ${of} attach partition ${table} for values from (${sql.whole(day)}) to (${sql.whole(day + 1)})`);
};
