import { expect, test } from 'bun:test';
import { seededRandom } from '../../../../test/kit/chunks.ts';
import { exactUpTo, lowest, sampleSize } from './lowest.ts';

test('the lowest of a small group, equals by chance', () => {
  const random = seededRandom(1);
  const counts = [0, 0, 0, 0];
  for (let time = 0; time < 3000; time++) counts[lowest([0, 1, 2, 3], random, (at) => [1, 2, 1, 1][at]!)]!++;
  expect(counts[1]).toBe(0);
  for (const at of [0, 2, 3]) expect(Math.abs(counts[at]! - 1000)).toBeLessThan(120);
});

test('one of the better ones of a large group, without a look at all', () => {
  const random = seededRandom(2);
  const members = Array.from({ length: 10_000 }, (_, at) => at);
  let looked = 0;
  let good = 0;
  for (let time = 0; time < 1000; time++) {
    const found = lowest(members, random, (member) => {
      looked++;
      return member;
    });
    if (found < 2500) good++;
  }
  expect(looked).toBe(1000 * sampleSize);
  expect(good).toBeGreaterThan(870);
  expect(lowest(members.slice(0, exactUpTo), random, (member) => -member)).toBe(exactUpTo - 1);
});
