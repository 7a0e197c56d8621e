import type { Database } from '../../storage/sql/database.ts';
import { sql, type Statement } from '../../storage/sql/statement.ts';
import { storedJson } from './names.ts';

/** Columns with their kinds, in the order of the table. */
export type Columns = readonly (readonly [name: string, kind: 'text' | 'integer' | 'bigint'])[];

const kinds = { text: sql`text`, integer: sql`integer`, bigint: sql`bigint` };

export const namesOf = (columns: Columns): Statement =>
  sql.join(
    columns.map(([name]) => sql.name(name)),
    ', ',
  );

/**
 * Objects as something to select from. They go over as one text: the statement is the same however many there are, and
 * PostgreSQL's 65,535 values at most are no bound.
 */
export const recordsOf = (kind: Database['kind'], columns: Columns, objects: readonly object[]): Statement => {
  const text = storedJson(objects);
  if (kind === 'postgres') {
    const typed = columns.map(([name, type]) => sql`${sql.name(name)} ${kinds[type]}`);
    return sql`json_to_recordset(${text}::json) as record(${sql.join(typed, ', ')})`;
  }
  const members = columns.map(([name]) => sql`json_extract(value, ${`$.${name}`}) as ${sql.name(name)}`);
  return sql`(select ${sql.join(members, ', ')} from json_each(${text})) as record`;
};
