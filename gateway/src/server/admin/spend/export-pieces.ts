import { noCounts, usdOf } from '../../../spend/reports/counts.ts';
import { dateOf, type DaySpan } from '../../../spend/reports/days.ts';
import type { EventFilter } from '../../../spend/reports/event-filter.ts';
import { eachEvent } from '../../../spend/reports/event-page.ts';
import type { EventSource, Reader } from '../../../spend/reports/event-source.ts';
import type { EntityKind } from '../../../spend/reports/lens.ts';
import { sumsBy, type Sum } from '../../../spend/reports/sums.ts';
import { csvLine } from './csv.ts';
import { logColumns, logShown } from './log-shown.ts';

export type ExportFormat = 'csv' | 'jsonl';

type Pieces = AsyncGenerator<string, void, undefined>;

/** All calls that fit, the oldest first, a thousand lines at a time. */
export async function* logPieces(source: EventSource, filter: EventFilter, format: ExportFormat): Pieces {
  if (format === 'csv') yield csvLine(Object.keys(logColumns));
  for await (const rows of eachEvent(source, filter)) {
    const logs = rows.map(logShown);
    yield format === 'csv'
      ? logs.map((log) => csvLine(Object.values(logColumns).map((column) => column(log)))).join('')
      : logs.map((log) => `${JSON.stringify(log)}\n`).join('');
  }
}

export interface DaysExport {
  readonly format: ExportFormat;
  readonly by: EntityKind;
  readonly span: DaySpan;
}

/** The sums of each day: a day is in memory, and not a year. */
export async function* dayPieces(reader: Reader, { format, by, span }: DaysExport): Pieces {
  if (format === 'csv') yield csvLine(Object.keys(lineOf(nothing, by)));
  for (let day = span.first; day <= span.last; day++) {
    const sums = await sumsBy(reader, { lens: { kind: by }, span: { first: day, last: day }, by: ['day', 'entity'] });
    if (sums.length === 0) continue;
    yield sums
      .map((sum) => lineOf(sum, by))
      .map((line) => (format === 'csv' ? csvLine(Object.values(line)) : `${JSON.stringify(line)}\n`))
      .join('');
  }
}

const lineOf = (sum: Sum<'day' | 'entity'>, kind: EntityKind) => ({
  date: dateOf(sum.day),
  kind,
  entity: sum.entity,
  spend: usdOf(sum.nanodollars),
  api_requests: sum.requests,
  failed_requests: sum.failed,
  prompt_tokens: sum.input_tokens,
  completion_tokens: sum.output_tokens,
  cache_read_input_tokens: sum.cache_read_tokens,
  cache_creation_input_tokens: sum.cache_write_tokens,
  cache_hits: sum.cache_hits,
});

/** For the names of the columns alone. */
const nothing: Sum<'day' | 'entity'> = { day: 0, entity: '', ...noCounts };
