import { expect, test } from 'bun:test';
import { backoffMs } from './backoff.ts';

test('doubles from half a second to eight', () => {
  expect([0, 1, 2, 3, 4, 5, 5000].map((retry) => backoffMs(retry, () => 0))).toEqual([500, 1000, 2000, 4000, 8000, 8000, 8000]);
});

test('adds at most the jitter', () => {
  expect(backoffMs(0, () => 0.5)).toBe(875);
  expect(backoffMs(9, () => 0.999)).toBeLessThan(8750);
});

test('a caller may bring its own numbers', () => {
  expect(backoffMs(2, () => 1, { initialMs: 1, maxMs: 3, jitterMs: 2 })).toBe(5);
  expect(backoffMs(0, () => 0, { initialMs: 0, maxMs: 0, jitterMs: 0 })).toBe(0);
});
