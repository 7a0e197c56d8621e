import { SluiceError } from 'sluice/kit';
import { sql, type Statement } from '../../storage/sql/statement.ts';
import { daysOfTime, type DaySpan } from './days.ts';
import { eventConditions, type EventFilter } from './event-filter.ts';
import { eventColumns, type EventRow } from './event-row.ts';
import type { EventSource } from './event-source.ts';

/** What a page of calls can be sorted by. */
const sortings = {
  startTime: sql`at`,
  endTime: sql`ended_at`,
  spend: sql`nanodollars`,
  total_tokens: sql`(input_tokens + output_tokens)`,
  request_duration_ms: sql`(ended_at - at)`,
  model: sql`coalesce(model, '')`,
  ttft_ms: sql`coalesce(first_output_at - at, 0)`,
} as const;
export type EventSort = keyof typeof sortings;

/** Days are put together here, by the texts' codes: a database that sorts texts as a language does would leave some out. */
const sortKeyOf = (sortBy: EventSort, kind: EventSource['kind']): Statement =>
  sortBy === 'model' && kind === 'postgres' ? sql`${sortings.model} collate "C"` : sortings[sortBy];
export const eventSorts = Object.keys(sortings) as readonly EventSort[];

export interface PageAsked {
  readonly filter: EventFilter;
  readonly sortBy: EventSort;
  readonly descending: boolean;
  /** From 1. */
  readonly page: number;
  readonly size: number;
}

export interface EventPage {
  readonly rows: readonly EventRow[];
  /** How many there are, as far as they were counted. */
  readonly total: number;
  /** False: there are at least so many. */
  readonly exact: boolean;
}

/** Counting ends there: nobody reads two hundred pages, and counting ten million rows takes longer than showing fifty. */
const maxCounted = 10_000;
/** Pages end there; what is beyond has filters, and the export. */
const maxReached = 100_000;
/** Sorted by another thing than time, each day has to be read: this many at most, and this far into them. */
const [maxSortedDays, maxSortedReached] = [31, 5000];

/** All days that there can be. */
const everyDay: DaySpan = { first: 0, last: 10_000_000 };

/** A page of calls, the newest first or as it is asked for. @throws SluiceError `invalid_request` for a page too far away */
export const eventPage = async (source: EventSource, asked: PageAsked): Promise<EventPage> => {
  const { filter, page, size, sortBy } = asked;
  const end = page * size;
  const most = sortBy === 'startTime' ? maxReached : maxSortedReached;
  if (end > most)
    throw new SluiceError('invalid_request', `Pages end after ${most} rows here. Name an earlier end_date or a filter, or export them.`, {
      param: 'page',
    });
  const days = await source.days(filter.time ? daysOfTime(filter.time) : everyDay);
  return sortBy === 'startTime' ? byTime(source, days, asked) : sorted(source, days, asked);
};

const byTime = async (source: EventSource, days: readonly number[], { filter, descending, page, size }: PageAsked): Promise<EventPage> => {
  const [start, end] = [(page - 1) * size, page * size];
  const bound = Math.max(maxCounted, end + 1);
  const order = descending ? sql`desc` : sql`asc`;
  const rows: EventRow[] = [];
  let total = 0;
  for (const day of descending ? days : days.toReversed()) {
    const where = whereOf(source, day, filter);
    const counted = await countOf(source, day, where, bound - total);
    const from = Math.max(0, start - total);
    if (from < counted && rows.length < size)
      rows.push(
        ...(await source.read<EventRow>(
          day,
          sql`select ${eventColumns} from ${source.table(day)} where ${where} order by at ${order}, id ${order}
            limit ${size - rows.length} offset ${from}`,
        )),
      );
    total += counted;
    if (total >= bound) break;
  }
  return { rows, total: Math.min(total, bound), exact: total < bound };
};

const sorted = async (
  source: EventSource,
  days: readonly number[],
  { filter, sortBy, descending, page, size }: PageAsked,
): Promise<EventPage> => {
  if (days.length > maxSortedDays)
    throw new SluiceError(
      'invalid_request',
      `Sorted by ${sortBy}, at most ${maxSortedDays} days can be shown: name start_date and end_date.`,
      {
        param: 'sort_by',
      },
    );
  const end = page * size;
  const order = descending ? sql`desc` : sql`asc`;
  const by = sortKeyOf(sortBy, source.kind);
  let best: (EventRow & { readonly sort_key: number | string })[] = [];
  let total = 0;
  for (const day of days) {
    const where = whereOf(source, day, filter);
    best.push(
      ...(await source.read<(typeof best)[number]>(
        day,
        sql`select ${eventColumns}, ${by} as sort_key from ${source.table(day)} where ${where}
          order by ${by} ${order}, at ${order}, id ${order} limit ${end}`,
      )),
    );
    best = best
      .toSorted((a, b) => (descending ? -1 : 1) * (compare(a.sort_key, b.sort_key) || a.at - b.at || compare(a.id, b.id)))
      .slice(0, end);
    if (total < maxCounted) total += await countOf(source, day, where, maxCounted - total);
  }
  const rows = best.slice((page - 1) * size).map(({ sort_key: _, ...row }) => row);
  return { rows, total: Math.max(total, (page - 1) * size + rows.length), exact: total < maxCounted };
};

const compare = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0);

const whereOf = ({ kind }: EventSource, day: number, filter: EventFilter): Statement =>
  sql.join(eventConditions(day, filter, kind), ' and ');

const countOf = async (source: EventSource, day: number, where: Statement, bound: number): Promise<number> => {
  const [row] = await source.read<{ count: number }>(
    day,
    sql`select count(*) as count from (select 1 from ${source.table(day)} where ${where} limit ${bound}) as counted`,
  );
  return row?.count ?? 0;
};

/** The calls of an id, the newest first: clients may make up the ids of their calls, so there may be several. */
export const eventsOfRequest = async (
  source: EventSource,
  filter: EventFilter & { readonly requestId: string },
): Promise<readonly EventRow[]> => {
  const rows: EventRow[] = [];
  for (const day of await source.days(filter.time ? daysOfTime(filter.time) : everyDay)) {
    rows.push(
      ...(await source.read<EventRow>(
        day,
        sql`select ${eventColumns} from ${source.table(day)} where ${whereOf(source, day, filter)} order by at desc, id desc limit ${maxOfRequest}`,
      )),
    );
    if (rows.length >= maxOfRequest) break;
  }
  return rows.slice(0, maxOfRequest);
};

const maxOfRequest = 100;

/** Rows are read so many at a time. */
const perRead = 1000;

/** All calls that fit, the oldest first, a thousand at a time: however many there are, a thousand are in memory. */
export async function* eachEvent(source: EventSource, filter: EventFilter): AsyncGenerator<readonly EventRow[], void, undefined> {
  const days = await source.days(filter.time ? daysOfTime(filter.time) : everyDay);
  for (const day of days.toReversed()) {
    const where = whereOf(source, day, filter);
    for (let last: EventRow | undefined; ;) {
      const after: Statement = last ? sql` and (at > ${last.at} or (at = ${last.at} and id > ${last.id}))` : sql``;
      const rows: readonly EventRow[] = await source.read<EventRow>(
        day,
        sql`select ${eventColumns} from ${source.table(day)} where ${where}${after} order by at, id limit ${perRead}`,
      );
      if (rows.length > 0) yield rows;
      if (rows.length < perRead) break;
      last = rows.at(-1);
    }
  }
}
