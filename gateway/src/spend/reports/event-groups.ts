import { SluiceError } from 'sluice/kit';
import { sql, type Statement } from '../../storage/sql/statement.ts';
import { daysOfTime } from './days.ts';
import { eventConditions, type EventFilter } from './event-filter.ts';
import type { EventSource } from './event-source.ts';

/** Rows are read for these figures, so that there is an end to how many. */
const maxEventDays = 31;
/** Groups of one day, and of all. */
const [maxOfDay, maxGroups] = [20_000, 100_000];

export interface GroupsAsked {
  /** With a time: `maxEventDays` at most. */
  readonly filter: EventFilter & { readonly time: NonNullable<EventFilter['time']> };
  /** Columns that say what a group is, and figures of it. */
  readonly select: Statement;
  readonly by: readonly Statement[];
  /** Further conditions. */
  readonly where?: Statement;
}

/**
 * Figures that no sum has, from rows, day by day.
 * @returns rows of `select`, and the day that they are of
 * @throws SluiceError `invalid_request` for too many days or groups
 */
export const eventGroups = async <Row>(
  source: EventSource,
  { filter, select, by, where }: GroupsAsked,
): Promise<readonly (Row & { readonly day: number })[]> => {
  const span = daysOfTime(filter.time);
  if (span.last - span.first >= maxEventDays)
    throw new SluiceError(
      'invalid_request',
      `This is worked out call by call, of at most ${maxEventDays} days: name start_date and end_date.`,
      {
        param: 'start_date',
      },
    );
  const groups: (Row & { readonly day: number })[] = [];
  for (const day of await source.days(span)) {
    const conditions = eventConditions(day, filter, source.kind);
    if (where) conditions.push(where);
    const rows = await source.read<Row>(
      day,
      sql`select ${select} from ${source.table(day)} where ${sql.join(conditions, ' and ')} group by ${sql.join(by, ', ')} limit ${maxOfDay + 1}`,
    );
    if (rows.length > maxOfDay || groups.length + rows.length > maxGroups)
      throw new SluiceError('invalid_request', 'There are too many figures in this report. Ask for fewer days, or with a filter.');
    for (const row of rows) groups.push({ ...row, day });
  }
  return groups;
};

/** The figures of sums, of rows. */
export const countsOfEvents = sql`count(*) as requests, sum(case when status >= 400 then 1 else 0 end) as failed,
  sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens, sum(cache_read_tokens) as cache_read_tokens,
  sum(cache_write_tokens) as cache_write_tokens, sum(cache_hit) as cache_hits, sum(nanodollars) * 1.0 as nanodollars`;
