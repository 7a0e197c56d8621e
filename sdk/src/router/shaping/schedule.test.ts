import { describe, expect, test } from 'bun:test';
import { activeAt, type Schedule } from './schedule.ts';

const timeZone = 'Europe/Berlin';
const at = (time: string): number => Date.parse(time);
const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
const windowOf = (from: string, to: string, more: Partial<Schedule> = {}) =>
  activeAt({ timeZone, fromMinute: minutes(from), toMinute: minutes(to), ...more });

describe('a schedule', () => {
  test('is of the wall clock of its zone, its end not in it', () => {
    const active = windowOf('08:00', '18:00');
    expect(active(at('2026-01-15T06:59:59Z'))).toBe(false);
    expect(active(at('2026-01-15T07:00:00Z'))).toBe(true);
    expect(active(at('2026-01-15T16:59:59Z'))).toBe(true);
    expect(active(at('2026-01-15T17:00:00Z'))).toBe(false);
    // Summer.
    expect(active(at('2026-07-15T06:00:00Z'))).toBe(true);
    expect(active(at('2026-07-15T16:00:00Z'))).toBe(false);
  });
  test('over midnight is of the day on which it begins', () => {
    // Friday night.
    const active = windowOf('22:00', '06:00', { days: [5] });
    expect(active(at('2026-01-16T20:59:00Z'))).toBe(false);
    expect(active(at('2026-01-16T21:00:00Z'))).toBe(true);
    expect(active(at('2026-01-17T04:59:00Z'))).toBe(true);
    expect(active(at('2026-01-17T05:00:00Z'))).toBe(false);
    expect(active(at('2026-01-17T21:00:00Z'))).toBe(false);
    // The night before Friday is Thursday's; Saturday's to Sunday goes over the end of the week.
    expect(active(at('2026-01-16T00:00:00Z'))).toBe(false);
    expect(windowOf('22:00', '06:00', { days: [6] })(at('2026-01-18T01:00:00Z'))).toBe(true);
  });
  test('whole days', () => {
    const active = windowOf('00:00', '00:00', { days: [0, 6] });
    expect(active(at('2026-01-16T22:59:00Z'))).toBe(false);
    expect(active(at('2026-01-16T23:00:00Z'))).toBe(true);
    expect(active(at('2026-01-18T22:59:00Z'))).toBe(true);
    expect(active(at('2026-01-18T23:00:00Z'))).toBe(false);
  });
  test('an hour that is skipped in spring is in no window, and one that comes twice in autumn is in it twice', () => {
    const lengthOf = (active: (now: number) => boolean, day: string): number => {
      let count = 0;
      for (let minute = -180; minute < 30 * 60; minute++) if (active(at(`${day}T00:00:00Z`) + minute * 60_000)) count++;
      return count;
    };
    const night = windowOf('01:30', '04:00', { days: [0] });
    // 29 March 2026: 02:00 becomes 03:00. 25 October 2026: 03:00 becomes 02:00.
    expect(lengthOf(night, '2026-03-29')).toBe(90);
    expect(lengthOf(night, '2026-10-25')).toBe(210);
    expect(lengthOf(night, '2026-03-22')).toBe(150);
    const skipped = windowOf('02:00', '03:00', { days: [0] });
    expect(lengthOf(skipped, '2026-03-29')).toBe(0);
    expect(lengthOf(skipped, '2026-10-25')).toBe(120);
  });
  test('zones with halves of hours, and far from here', () => {
    const active = activeAt({ timeZone: 'Asia/Kathmandu', fromMinute: 0, toMinute: 1, days: [4] });
    expect(active(at('2026-01-14T18:15:00Z'))).toBe(true);
    expect(active(at('2026-01-14T18:16:00Z'))).toBe(false);
  });
  test('a zone that does not exist is an error', () => {
    expect(() => activeAt({ timeZone: 'Mars/Olympus', fromMinute: 0, toMinute: 0 })).toThrow(RangeError);
  });
});
