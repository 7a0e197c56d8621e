import { sql } from '../../storage/sql/statement.ts';
import { daysOfTime } from './days.ts';
import { eventConditions, type EventFilter } from './event-filter.ts';
import type { EventSource } from './event-source.ts';

export interface FacetAsked {
  readonly column: 'customer_id' | 'user_id' | 'team_id' | 'key_id' | 'model' | 'provider' | 'session_id' | 'user_agent';
  readonly filter: EventFilter & { readonly time: NonNullable<EventFilter['time']> };
  /** A part of it, in whichever case. */
  readonly part: string | undefined;
  /** From 1. */
  readonly page: number;
  readonly size: number;
}

/** So many different values of a day are looked at, and so many of all are known at a time. */
const [maxOfDay, maxKnown] = [10_000, 50_000];

/** The different values of a column in the order of their texts: one page of them, and one more if there is one. */
export const facetOf = async (source: EventSource, { column, filter, part, page, size }: FacetAsked): Promise<readonly string[]> => {
  const values = new Set<string>();
  const name = sql.name(column);
  for (const day of await source.days(daysOfTime(filter.time))) {
    const conditions = [...eventConditions(day, filter, source.kind), sql`${name} is not null`];
    if (part !== undefined)
      conditions.push(sql`lower(${name}) like lower(${`%${part.replaceAll(/[\\%_]/g, (each) => `\\${each}`)}%`}) escape '\\'`);
    const rows = await source.read<{ value: string }>(
      day,
      sql`select distinct ${name} as value from ${source.table(day)} where ${sql.join(conditions, ' and ')} limit ${maxOfDay}`,
    );
    for (const { value } of rows) if (values.size < maxKnown) values.add(value);
  }
  return [...values].toSorted().slice((page - 1) * size, page * size + 1);
};
