import type { Database, Transaction } from '../../storage/sql/database.ts';
import { sql, type Statement } from '../../storage/sql/statement.ts';
import { namesOf, recordsOf, type Columns } from './records.ts';
import type { SumsOfRows } from './sums.ts';

export const countColumns: Columns = [
  ['requests', 'bigint'],
  ['failed', 'bigint'],
  ['input_tokens', 'bigint'],
  ['output_tokens', 'bigint'],
  ['cache_read_tokens', 'bigint'],
  ['cache_write_tokens', 'bigint'],
  ['cache_hits', 'bigint'],
  ['nanodollars', 'bigint'],
];

/** The tables of sums, and what a row of each is of. */
export const sumTables = {
  details: {
    table: sql`spend_details`,
    by: [
      ['kind', 'text'],
      ['day', 'integer'],
      ['entity', 'text'],
      ['key_id', 'text'],
      ['model', 'text'],
      ['upstream_model', 'text'],
      ['provider', 'text'],
      ['route', 'text'],
    ],
  },
  hours: {
    table: sql`spend_hours`,
    by: [
      ['kind', 'text'],
      ['hour', 'bigint'],
      ['entity', 'text'],
    ],
  },
  days: {
    table: sql`spend_days`,
    by: [
      ['kind', 'text'],
      ['day', 'integer'],
      ['entity', 'text'],
    ],
  },
} as const satisfies Record<string, { table: Statement; by: Columns }>;

/** The rows that all share come last: others wait for them no longer than this transaction still takes. */
const order = ['details', 'hours', 'days'] as const;

export const addSums = async (tx: Transaction, kind: Database['kind'], sums: SumsOfRows): Promise<void> => {
  for (const name of order) {
    if (sums[name].length === 0) continue;
    const { table, by } = sumTables[name];
    const columns: Columns = [...by, ...countColumns];
    const added = countColumns.map(([column]) => sql`${sql.name(column)} = ${table}.${sql.name(column)} + excluded.${sql.name(column)}`);
    await tx.run(
      sql`insert into ${table} (${namesOf(columns)}) select ${namesOf(columns)} from ${recordsOf(kind, columns, sums[name])}
          where true on conflict (${namesOf(by)}) do update set ${sql.join(added, ', ')}`,
    );
  }
};
