import { partsOfDuration } from '../config/durations.ts';
import { timeZone, type TimeZone } from './time-zone.ts';
import type { Period, PeriodSpan } from './types.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** 5 January 1970, the first Monday that computers know. */
const firstMonday = 4 * dayMs;
/** Further than dates go. */
const longestMs = 1000 * 365 * dayMs;

export interface PeriodOptions {
  /** IANA name. Default: UTC. */
  readonly timeZone?: string;
  /** When what has the budget was made, Unix milliseconds: where periods of several days, weeks, months or years begin. */
  readonly startedAt?: number;
  /** After midnight, by the wall clock: when days, weeks, months and years begin (LiteLLM's `budget_reset_time`). Default: 0. */
  readonly resetTimeMs?: number;
}

/** A period by the wall clock. */
type Frame = PeriodSpan;
/** The period that holds a wall clock time. */
type FrameOf = (wall: number) => Frame;

/**
 * The periods of a `budget_duration`, by the wall clock of a time zone, as LiteLLM aligns them
 * (docs.litellm.ai/docs/proxy/budget_reset_and_tz, 2026-10-06):
 *
 * | duration | a period begins |
 * |---|---|
 * | `1d`, `24h`, `daily` | at midnight |
 * | `7d`, `1w`, `weekly` | on Monday |
 * | `30d`, `1mo`, `monthly` | on the first of the month |
 * | `1y`, `yearly` | on 1 January |
 * | other `Nd`, `Nw` | every N days or weeks from the midnight before `startedAt` |
 * | `Nmo`, `Ny` | every N months or years from the first of the month or year of `startedAt` |
 * | less than a day | at multiples from midnight (`2h`: 0:00, 2:00, …); midnight cuts the last one short where they do not fit |
 * | hours and less that make up more than a day, such as `36h` | every so long from the midnight before `startedAt` |
 *
 * Without `startedAt` they count from Monday 5 January 1970, and months and years from that January. A day on which clocks
 * change has 23 or 25 hours. The answer is remembered for as long as the period runs, so make it once for a budget.
 * @throws RangeError for what is no duration, or a time zone that does not exist
 */
export const periodOf = (duration: string, options: PeriodOptions = {}): Period => {
  const zone = timeZone(options.timeZone ?? 'UTC');
  const find = finderOf(duration, zone, options);
  let span: PeriodSpan = { start: 0, end: 0 };
  return (now) => {
    if (now < span.start || now >= span.end) span = find(now);
    return span;
  };
};

const finderOf = (duration: string, zone: TimeZone, { startedAt, resetTimeMs = 0 }: PeriodOptions): Period => {
  const parts = partsOfDuration(duration);
  if (!parts) throw new RangeError(`\`${duration}\` is no duration: write one such as 1h, 1d, 30d, 1mo or monthly.`);
  const { count, unit, ms } = parts;
  if (ms > longestMs) throw new RangeError(`\`${duration}\` is too long a duration: take at most 1000y, or no reset at all.`);

  // What fits into the hour has no use for a day, on which an hour may come twice.
  if (hourMs % ms === 0) return (now) => from(now - (zone.wallOf(now) % ms), ms);
  if (ms < dayMs) return byWallClock(zone, 0, slotsOfDay(ms));

  const isClock = unit === 's' || unit === 'm' || unit === 'h';
  const shiftMs = isClock && ms !== dayMs ? 0 : resetTimeMs;
  const started = startedAt === undefined ? firstMonday : zone.wallOf(startedAt) - shiftMs;
  if (unit === 'y') return byWallClock(zone, shiftMs, months(12 * count, monthOf(started) - (monthOf(started) % 12)));
  if (unit === 'mo') return byWallClock(zone, shiftMs, months(count, monthOf(started)));
  if (unit === 'd' && count === 30) return byWallClock(zone, shiftMs, months(1, 0));
  const isWeek = !isClock && ms === 7 * dayMs;
  return byWallClock(zone, shiftMs, steps(ms, isWeek ? firstMonday : started - (started % dayMs)));
};

const from = (start: number, ms: number): Frame => ({ start, end: start + ms });

const steps =
  (ms: number, anchor: number): FrameOf =>
  (wall) =>
    from(anchor + Math.floor((wall - anchor) / ms) * ms, ms);

const slotsOfDay =
  (ms: number): FrameOf =>
  (wall) => {
    const midnight = wall - (wall % dayMs);
    const start = midnight + Math.floor((wall - midnight) / ms) * ms;
    return { start, end: Math.min(start + ms, midnight + dayMs) };
  };

const months =
  (count: number, anchor: number): FrameOf =>
  (wall) => {
    const start = anchor + Math.floor((monthOf(wall) - anchor) / count) * count;
    return { start: Date.UTC(1970, start - epochMonth), end: Date.UTC(1970, start + count - epochMonth) };
  };

const epochMonth = 1970 * 12;

/** Months since the year 0. */
const monthOf = (wall: number): number => {
  const date = new Date(wall);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
};

/** @param shiftMs how long after the frames' own beginnings the periods begin */
const byWallClock =
  (zone: TimeZone, shiftMs: number, frameOf: FrameOf): Period =>
  (now) => {
    let frame = frameOf(zone.wallOf(now) - shiftMs);
    // Times that come twice belong to what has begun by then, not to what their first coming belonged to.
    while (zone.momentOf(frame.end + shiftMs) <= now) frame = frameOf(frame.end);
    return { start: zone.momentOf(frame.start + shiftMs), end: zone.momentOf(frame.end + shiftMs) };
  };
