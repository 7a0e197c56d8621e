import type { Wire } from '../../types/index.ts';
import type { Recency, SearchQuestion } from './question.ts';

const days: Readonly<Record<Recency, number>> = { hour: 1 / 24, day: 1, week: 7, month: 31, year: 366 };
const dayMs = 86_400_000;

/** The vendor's word for how new pages must be. One that does not know hours gives the pages of a day. */
export const recencyIn = (
  words: Readonly<Partial<Record<Recency, string>> & { day: string }>,
  recency: Recency | undefined,
  wire: Wire,
): string | undefined => {
  if (recency === undefined) return undefined;
  const word = words[recency];
  if (word !== undefined) return word;
  wire.drop('search_recency_filter', `this vendor does not know '${recency}'; it is asked for a day`);
  return words.day;
};

/** The first day that may be, for vendors that know dates alone. */
export const firstDay = ({ after, recency }: Pick<SearchQuestion, 'after' | 'recency'>, wire: Wire): string | undefined => {
  if (after !== undefined || recency === undefined) return after;
  return today(wire.now() - days[recency] * dayMs);
};

const today = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** `2026-01-01to2026-02-01`, for vendors that want both ends (Brave, You.com). */
export const dateRange = ({ after, before }: Pick<SearchQuestion, 'after' | 'before'>, wire: Wire): string | undefined =>
  after === undefined && before === undefined ? undefined : `${after ?? '1970-01-01'}to${before ?? today(wire.now())}`;

/** `2026-03-05` -> `03/05/2026`. */
export const americanDate = (iso: string): string => {
  const [year, month, day] = iso.split('-');
  return `${month}/${day}/${year}`;
};

/** Google's own `tbs`, which vendors of its results pass on (serper.dev, docs.firecrawl.dev, read 2026-11-22). */
export const googleTbs = ({ after, before, recency }: Pick<SearchQuestion, 'after' | 'before' | 'recency'>): string | undefined => {
  if (after === undefined && before === undefined) return recency === undefined ? undefined : `qdr:${recency[0]}`;
  return [
    'cdr:1',
    ...(after === undefined ? [] : [`cd_min:${americanDate(after)}`]),
    ...(before === undefined ? [] : [`cd_max:${americanDate(before)}`]),
  ].join(',');
};
