import { expect, test } from 'bun:test';
import { seededRandom } from '../../../../test/kit/chunks.ts';
import { exactUpTo, lowest, sampleSize, someOf } from './lowest.ts';

test('the lowest, equals by chance', () => {
  const random = seededRandom(1);
  const counts = [0, 0, 0, 0];
  for (let time = 0; time < 3000; time++) counts[lowest([0, 1, 2, 3], random, (at) => [1, 2, 1, 1][at]!)]!++;
  expect(counts[1]).toBe(0);
  for (const at of [0, 2, 3]) expect(Math.abs(counts[at]! - 1000)).toBeLessThan(120);
});

test('of a large group a few, whose best is a good one', () => {
  const random = seededRandom(2);
  const small = Array.from({ length: exactUpTo }, (_, at) => at);
  expect(someOf(small, random)).toBe(small);
  const large = Array.from({ length: 10_000 }, (_, at) => at);
  let good = 0;
  for (let time = 0; time < 1000; time++) {
    const some = someOf(large, random);
    expect(some).toHaveLength(sampleSize);
    if (lowest(some, random, (member) => member) < 2500) good++;
  }
  expect(good).toBeGreaterThan(870);
});
