import { z } from 'zod';
import { dayMs, dayOf, type DaySpan, type TimeSpan } from '../../../spend/reports/days.ts';
import { hashOfNamed } from '../../../access/keys/secret.ts';
import { anId } from '../fields.ts';

/** An absent one is an empty one, as pages of forms send it. */
export const emptyIsAbsent = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' || value === 'null' || value === 'undefined' ? undefined : value), schema.optional());

export const wantedText = emptyIsAbsent(z.string().max(512));
export const wantedId = emptyIsAbsent(anId);

/** A key itself, or its hash, which is what sums and rows know it by. */
export const aKey = z.string().min(1).max(512).transform(hashOfNamed);
export const wantedKey = emptyIsAbsent(aKey);

const day = /^\d{4}-\d{2}-\d{2}$/;
/** Without a zone it is UTC; a query has a space for the T, or for the plus of a zone. */
const moment = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(?:[Zz]|([+ -])(\d{2}):?(\d{2}))?$/;

const momentOf = (text: string): number => {
  if (day.test(text)) return Date.parse(text);
  const parts = moment.exec(text);
  if (!parts) return NaN;
  const [, date, time, sign, hours, minutes] = parts;
  return Date.parse(`${date}T${time}${sign === undefined ? 'Z' : `${sign === '-' ? '-' : '+'}${hours}:${minutes}`}`);
};

const isMoment = (text: string): boolean => {
  const ms = momentOf(text);
  // A day that no month has (2026-02-31) is another day to some clocks.
  const date = text.slice(0, 10);
  return Number.isFinite(ms) && ms >= 0 && new Date(Date.parse(date)).toISOString().startsWith(date);
};

const aMoment = z
  .string()
  .max(64)
  .refine(isMoment, { error: 'must be a day or a moment since 1970 such as 2026-11-22 or 2026-11-22T08:30:00Z' });

/** Unix milliseconds. */
export const startMoment = aMoment.transform(momentOf);
/** The last day is part of it, and so is the last moment. */
export const endMoment = aMoment.transform((text) => momentOf(text) + (day.test(text) ? dayMs : secondOf(text)));
/** Written to the second, all of that second is meant. */
const secondOf = (text: string): number => (/\.\d+/.test(text) ? 1 : 1000);

/** `start_date` and `end_date`; each may be left out. */
export const dates = { start_date: emptyIsAbsent(startMoment), end_date: emptyIsAbsent(endMoment) };

export interface Dates {
  readonly start_date?: number | undefined;
  readonly end_date?: number | undefined;
}

const end = (now: number): number => (dayOf(now) + 1) * dayMs;

/** Undefined: no date was said, so all time is meant. */
export const timeOf = ({ start_date: from, end_date: before }: Dates, now: number): TimeSpan | undefined =>
  from === undefined && before === undefined ? undefined : { from: from ?? 0, before: before ?? end(now) };

/** Reports without dates are of so many days. */
const usualDays = 30;

/** The days of a report. */
export const daysOf = ({ start_date: from, end_date: before }: Dates, now: number): DaySpan => {
  const last = before === undefined ? dayOf(now) : dayOf(before - 1);
  return { first: from === undefined ? last - usualDays + 1 : dayOf(from), last };
};

/** Lists of ids with commas between them. */
export const idList = emptyIsAbsent(
  z
    .string()
    .max(100_000)
    .transform((text) => text.split(',').map((each) => each.trim()))
    .transform((all) => all.filter((each) => each !== ''))
    .pipe(z.array(anId).max(1000, { error: 'must have at most 1000 entries' })),
);
