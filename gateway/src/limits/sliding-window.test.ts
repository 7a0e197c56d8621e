import { describe, expect, test } from 'bun:test';
import { SlidingWindow } from './sliding-window.ts';

const minute = 60_000;

describe('a minute of 60 seconds', () => {
  test('counts until its whole bucket has left: a minute at least, a second more at most', () => {
    for (const at of [0, 1, 500, 999]) {
      const window = new SlidingWindow(minute);
      window.take(1, at);
      expect([window.used(at + minute), window.used(60_999), window.used(61_000)]).toEqual([1, 1, 0]);
    }
  });

  test('FP-6: no burst of twice the limit at the turn of a minute', () => {
    const window = new SlidingWindow(minute);
    window.take(100, 59_999);
    expect(window.used(60_000)).toBe(100);
    expect(window.freeAt(1, 100, 60_000)).toBe(120_000);
  });

  test('tells when enough has left', () => {
    const window = new SlidingWindow(minute);
    for (const second of [0, 10, 20]) window.take(3, second * 1000);
    const freeAt = (amount: number, max = 9) => window.freeAt(amount, max, 30_000);
    expect([freeAt(1), freeAt(3), freeAt(4), freeAt(9), freeAt(10), freeAt(0, 0)]).toEqual([
      61_000,
      61_000,
      71_000,
      81_000,
      undefined,
      undefined,
    ]);
    expect([window.emptyAt(30_000), new SlidingWindow(minute).emptyAt(5)]).toEqual([81_000, 5]);
  });
});

test.each([1, 7, 59, 60, 61, 100, 1000, 3_600_000])('a window of %i ms', (windowMs) => {
  const window = new SlidingWindow(windowMs);
  const at = 123_456_789;
  window.take(1, at);
  expect(window.used(at + windowMs - 1)).toBe(1);
  expect(window.used(at + windowMs)).toBeLessThanOrEqual(1);
  expect(window.used(at + windowMs + 2 * Math.ceil(windowMs / 60))).toBe(0);
});

describe('a clock that steps back', () => {
  test('a little: what is counted counts as of then', () => {
    const window = new SlidingWindow(minute);
    window.take(5, 100_000);
    window.take(1, 70_000);
    expect([window.used(70_000), window.used(160_999), window.used(161_000)]).toEqual([6, 6, 0]);
  });

  test('far: it counts for one window, not for ever, and settling takes no more than there is', () => {
    const window = new SlidingWindow(minute);
    const hour = 3_600_000;
    const place = window.take(5, 10 * hour);
    window.take(2, 1000);
    expect([window.used(1000), window.used(61_999), window.used(62_000)]).toEqual([7, 7, 0]);
    window.take(1, 10 * hour);
    window.settle(place, 5, 5, 0, 10 * hour);
    expect(window.used(10 * hour)).toBe(0);
  });
});
