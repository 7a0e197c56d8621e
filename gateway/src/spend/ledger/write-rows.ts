import type { Database, Transaction } from '../../storage/sql/database.ts';
import { sql, type SqlValue, type Statement } from '../../storage/sql/statement.ts';
import { namesOf, recordsOf, type Columns } from './records.ts';
import type { LedgerRow } from './row.ts';
import type { PriceVector } from './price-vector.ts';

/** Those of the table (`0003-spend`); a test holds them together. */
export const rowColumns: Columns = [
  ['day', 'integer'],
  ['id', 'text'],
  ['call_id', 'text'],
  ['at', 'bigint'],
  ['ended_at', 'bigint'],
  ['first_output_at', 'bigint'],
  ['route', 'text'],
  ['status', 'integer'],
  ['error_code', 'text'],
  ['model', 'text'],
  ['upstream_model', 'text'],
  ['deployment_id', 'text'],
  ['provider', 'text'],
  ['stream', 'integer'],
  ['cache_hit', 'integer'],
  ['key_id', 'text'],
  ['user_id', 'text'],
  ['team_id', 'text'],
  ['organization_id', 'text'],
  ['project_id', 'text'],
  ['customer_id', 'text'],
  ['agent_id', 'text'],
  ['session_id', 'text'],
  ['tags', 'text'],
  ['user_agent', 'text'],
  ['input_tokens', 'bigint'],
  ['output_tokens', 'bigint'],
  ['cache_read_tokens', 'bigint'],
  ['cache_write_tokens', 'bigint'],
  ['nanodollars', 'bigint'],
  ['cost_known', 'integer'],
  ['price_id', 'text'],
  ['details', 'text'],
];

/** @returns the ids of those that were not there yet */
export const insertRows = async (
  tx: Transaction,
  kind: Database['kind'],
  tableOf: (day: number) => Statement,
  rows: readonly LedgerRow[],
): Promise<ReadonlySet<string>> => {
  const fresh = new Set<string>();
  for (const [day, some] of byDay(rows)) {
    if (kind === 'sqlite') {
      const changes = await tx.runEach(sql.each(insertOf(tableOf(day)), some.map(valuesOf)));
      for (const [at, changed] of changes.entries()) if (changed > 0) fresh.add(some[at]!.id);
      continue;
    }
    const found = await tx.all<{ id: string }>(
      sql`insert into ${tableOf(day)} (${names}) select ${names} from ${recordsOf(kind, rowColumns, some)} where true
          on conflict (day, id) do nothing returning id`,
    );
    for (const { id } of found) fresh.add(id);
  }
  return fresh;
};

const names = namesOf(rowColumns);
const places = sql.tuples([rowColumns.map(() => null)]);
const members = rowColumns.map(([name]) => name as keyof LedgerRow);
const valuesOf = (row: LedgerRow): readonly SqlValue[] => members.map((name) => row[name]);

/**
 * One row in a statement, in SQLite: values that are bound cost a fifth of what they cost as JSON, more rows in a statement
 * gain nothing, and to ask for the ids of what is new (`returning`) costs as much as an index (measured 2026-11-22).
 */
const insertOf = (table: Statement): Statement => sql`insert into ${table} (${names}) values ${places} on conflict (day, id) do nothing`;

/** In one order, so that two writers who have the same rows do not wait for each other. */
const byDay = (rows: readonly LedgerRow[]): readonly (readonly [number, readonly LedgerRow[]])[] => {
  const days = Map.groupBy(rows, ({ day }) => day);
  return [...days].toSorted(([a], [b]) => a - b).map(([day, some]) => [day, some.toSorted((a, b) => (a.id < b.id ? -1 : 1))]);
};

export const insertPrices = async (
  tx: Transaction,
  kind: Database['kind'],
  vectors: readonly PriceVector[],
  now: number,
): Promise<void> => {
  if (vectors.length === 0) return;
  const columns: Columns = [
    ['id', 'text'],
    ['data', 'text'],
  ];
  const inOrder = vectors.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  await tx.run(sql`insert into spend_prices (id, data, first_used_at) select id, data, ${now} from ${recordsOf(kind, columns, inOrder)}
    where true on conflict (id) do nothing`);
};
