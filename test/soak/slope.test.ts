import { expect, test } from 'bun:test';
import { settled, slopeOf } from './slope.ts';

test('the slope of a line, of noise around one, and of nothing', () => {
  const line = Array.from({ length: 50 }, (_, at) => ({ at, value: 3 + 2 * at }));
  expect(slopeOf(line)).toBeCloseTo(2);
  expect(slopeOf(line.map(({ at, value }) => ({ at, value: value + (at % 2 === 0 ? 5 : -5) })))).toBeCloseTo(2, 0);
  expect(slopeOf([{ at: 1, value: 9 }])).toBe(0);
  expect(slopeOf([])).toBe(0);
});

test('the first third does not count', () => {
  const points = [0, 10, 20, 30, 40, 50, 60].map((at) => ({ at, value: at < 20 ? 100 : 7 }));
  expect(slopeOf(settled(points))).toBe(0);
  expect(settled(points).map(({ at }) => at)).toEqual([20, 30, 40, 50, 60]);
});
