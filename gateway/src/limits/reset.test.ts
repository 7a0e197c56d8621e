import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { durationMs } from '../config/durations.ts';
import { periodOf } from './reset.ts';

const show = (duration: string, at: string, timeZone = 'UTC', startedAt?: string) => {
  const { start, end } = periodOf(duration, { timeZone, ...(startedAt !== undefined && { startedAt: Date.parse(startedAt) }) })(
    Date.parse(at),
  );
  return `${iso(start)} ${iso(end)}`;
};
const iso = (at: number) => new Date(at).toISOString().replace(':00.000Z', 'Z');

// A Wednesday. The resets of LiteLLM: docs.litellm.ai/docs/proxy/budget_reset_and_tz, 2026-10-06.
describe('as LiteLLM aligns them', () => {
  test.each([
    ['1d', '2023-05-17T00:00Z 2023-05-18T00:00Z'],
    ['24h', '2023-05-17T00:00Z 2023-05-18T00:00Z'],
    ['daily', '2023-05-17T00:00Z 2023-05-18T00:00Z'],
    ['7d', '2023-05-15T00:00Z 2023-05-22T00:00Z'],
    ['1w', '2023-05-15T00:00Z 2023-05-22T00:00Z'],
    ['weekly', '2023-05-15T00:00Z 2023-05-22T00:00Z'],
    ['30d', '2023-05-01T00:00Z 2023-06-01T00:00Z'],
    ['1mo', '2023-05-01T00:00Z 2023-06-01T00:00Z'],
    ['monthly', '2023-05-01T00:00Z 2023-06-01T00:00Z'],
    ['1y', '2023-01-01T00:00Z 2024-01-01T00:00Z'],
    ['yearly', '2023-01-01T00:00Z 2024-01-01T00:00Z'],
    ['hourly', '2023-05-17T15:00Z 2023-05-17T16:00Z'],
    ['2h', '2023-05-17T14:00Z 2023-05-17T16:00Z'],
    ['30m', '2023-05-17T15:00Z 2023-05-17T15:30Z'],
    ['5h', '2023-05-17T15:00Z 2023-05-17T20:00Z'],
  ])('%s', (duration, expected) => expect(show(duration, '2023-05-17T15:20:30Z')).toBe(expected));

  test('15s', () => expect(show('15s', '2023-05-17T15:20:37Z')).toBe('2023-05-17T15:20:30.000Z 2023-05-17T15:20:45.000Z'));
  test('midnight cuts short what does not fit into a day', () =>
    expect(show('5h', '2023-05-17T23:00Z')).toBe('2023-05-17T20:00Z 2023-05-18T00:00Z'));
  test.each([
    ['2023-05-17T00:00Z', '2023-05-17T00:00Z 2023-05-18T00:00Z'],
    ['2023-05-16T23:59:59.999Z', '2023-05-16T00:00Z 2023-05-17T00:00Z'],
  ])('its end is the next one’s start: %s', (at, expected) => expect(show('1d', at)).toBe(expected));
});

describe('several at a time count from when the budget was made', () => {
  const made = '2023-05-15T10:30:00Z';
  test.each([
    ['3d', '2023-05-15T10:30Z', '2023-05-15T00:00Z 2023-05-18T00:00Z'],
    ['3d', '2023-05-20T00:00Z', '2023-05-18T00:00Z 2023-05-21T00:00Z'],
    ['2w', '2023-05-16T00:00Z', '2023-05-15T00:00Z 2023-05-29T00:00Z'],
    ['2mo', '2023-06-30T00:00Z', '2023-05-01T00:00Z 2023-07-01T00:00Z'],
    ['2y', '2024-12-31T00:00Z', '2023-01-01T00:00Z 2025-01-01T00:00Z'],
    ['36h', '2023-05-16T13:00Z', '2023-05-16T12:00Z 2023-05-18T00:00Z'],
    ['48h', '2023-05-16T13:00Z', '2023-05-15T00:00Z 2023-05-17T00:00Z'],
    ['7d', '2023-05-16T13:00Z', '2023-05-15T00:00Z 2023-05-22T00:00Z'],
  ])('%s at %s', (duration, at, expected) => expect(show(duration, at, 'UTC', made)).toBe(expected));

  test('by the day of their zone', () =>
    expect(show('3d', '2023-05-15T23:00Z', 'Asia/Tokyo', '2023-05-15T16:00Z')).toBe('2023-05-15T15:00Z 2023-05-18T15:00Z'));
  test('without it, from January 1970', () => expect(show('3mo', '2026-11-22T12:00Z')).toBe('2026-10-01T00:00Z 2027-01-01T00:00Z'));
});

describe('time zones and the days on which clocks change', () => {
  test.each([
    ['1d', 'Asia/Kolkata', '2023-05-15T22:30Z', '2023-05-15T18:30Z 2023-05-16T18:30Z'],
    ['1h', 'Asia/Kolkata', '2023-05-15T22:10Z', '2023-05-15T21:30Z 2023-05-15T22:30Z'],
    ['1mo', 'America/New_York', '2026-03-20T00:00Z', '2026-03-01T05:00Z 2026-04-01T04:00Z'],
    // 23 hours, then 25.
    ['1d', 'America/New_York', '2026-03-08T12:00Z', '2026-03-08T05:00Z 2026-03-09T04:00Z'],
    ['1d', 'Europe/Berlin', '2026-10-25T12:00Z', '2026-10-24T22:00Z 2026-10-25T23:00Z'],
    ['6h', 'Europe/Berlin', '2026-10-25T00:30Z', '2026-10-24T22:00Z 2026-10-25T05:00Z'],
    // Between 2 and 3 o'clock twice: each its own hour.
    ['1h', 'Europe/Berlin', '2026-10-25T00:30Z', '2026-10-25T00:00Z 2026-10-25T01:00Z'],
    ['1h', 'Europe/Berlin', '2026-10-25T01:30Z', '2026-10-25T01:00Z 2026-10-25T02:00Z'],
    // A beginning in the hour that is skipped comes with its end; one in the hour that comes twice comes once.
    ['150m', 'America/New_York', '2026-03-08T06:59Z', '2026-03-08T05:00Z 2026-03-08T07:00Z'],
    ['150m', 'America/New_York', '2026-03-08T07:10Z', '2026-03-08T07:00Z 2026-03-08T09:00Z'],
    ['90m', 'America/New_York', '2026-11-01T05:15Z', '2026-11-01T04:00Z 2026-11-01T05:30Z'],
    ['90m', 'America/New_York', '2026-11-01T06:15Z', '2026-11-01T05:30Z 2026-11-01T08:00Z'],
    // There was no midnight in Beirut on 26 March 2023, nor in Cairo on 28 April 2023.
    ['1d', 'Asia/Beirut', '2023-03-26T12:00Z', '2023-03-25T22:00Z 2023-03-26T21:00Z'],
    ['1d', 'Africa/Cairo', '2023-04-27T12:00Z', '2023-04-26T22:00Z 2023-04-27T22:00Z'],
    // Havana's midnight comes twice on 5 November 2023: the first counts.
    ['1d', 'America/Havana', '2023-11-05T05:30Z', '2023-11-05T04:00Z 2023-11-06T05:00Z'],
    // Samoa had no 30 December 2011.
    ['1d', 'Pacific/Apia', '2011-12-30T12:00Z', '2011-12-30T10:00Z 2011-12-31T10:00Z'],
  ])('%s in %s at %s', (duration, zone, at, expected) => expect(show(duration, at, zone)).toBe(expected));

  test('at another time of day', () => {
    const noonInJerusalem = { timeZone: 'Asia/Jerusalem', resetTimeMs: 12 * 3_600_000 };
    const at = Date.parse('2023-05-15T22:30:00Z');
    const ends = ['1d', '7d', '1mo', '2h'].map((duration) => iso(periodOf(duration, noonInJerusalem)(at).end));
    expect(ends).toEqual(['2023-05-16T09:00Z', '2023-05-22T09:00Z', '2023-06-01T09:00Z', '2023-05-15T23:00Z']);
  });

  test('periods hold their moment, follow one another, and never overlap', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'America/Havana', 'Asia/Beirut', 'Africa/Casablanca', 'Asia/Kathmandu'];
    const durations = ['15m', '45m', '1h', '90m', '150m', '5h', '6h', '1d', '3d', '36h', '1w', '2w', '1mo', '3mo', '1y'];
    const any = fc.date({ min: new Date('2015-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
    // New York, Berlin, Havana, Beirut.
    const changes = ['2026-03-08T07:00Z', '2026-11-01T06:00Z', '2026-10-25T01:00Z', '2023-11-05T05:00Z', '2023-03-25T22:00Z'];
    const near = fc
      .tuple(fc.constantFrom(...changes), fc.integer({ min: -300, max: 300 }))
      .map(([at, minutes]) => new Date(Date.parse(at) + minutes * 60_000));
    const moment = fc.oneof(any, near);
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.constantFrom(...durations), moment, moment, (timeZone, duration, now, made) => {
        const options = { timeZone, startedAt: made.getTime() };
        const { start, end } = periodOf(duration, options)(now.getTime());
        expect(start).toBeLessThanOrEqual(now.getTime());
        expect(end).toBeGreaterThan(now.getTime());
        expect(periodOf(duration, options)(end).start).toBe(end);
        expect(periodOf(duration, options)(start - 1).end).toBe(start);
        expect(periodOf(duration, options)(end - 1)).toEqual({ start, end });
      }),
      { numRuns: 2000, seed: 6 },
    );
  });

  test('one period answers for all times, also backwards', () => {
    const period = periodOf('1d');
    const starts = [0, 2, 1, 2, 0].map((days) => period(days * 86_400_000 + 5).start / 86_400_000);
    expect(starts).toEqual([0, 2, 1, 2, 0]);
  });
});

test.each(['', 'soon', '0d', '1 fortnight', 'constructor'])('%p is no duration', (text) => {
  expect(durationMs(text)).toBeUndefined();
  expect(() => periodOf(text)).toThrow(/is no duration: write one such as 1h/);
});
test('nor are thousands of years', () => expect(() => periodOf('9999y')).toThrow(/too long/));
test('a zone that does not exist', () => expect(() => periodOf('1d', { timeZone: 'Mars/Olympus' })).toThrow(RangeError));
