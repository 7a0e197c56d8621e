import { expect, test } from 'bun:test';
import { endpointsOf, held, nextExpiry, withoutExpired, type Holding } from './hold.ts';

const at = (port: number) => ({ host: 'a', port });
const ports = (holding: Holding) => endpointsOf(holding).map(({ port }) => port);
const none: Holding = new Map();

test('what is missing for less than the grace is kept, and comes back as if it had never been away', () => {
  let holding = held(none, [at(1), at(2)], 0, 100);
  expect(nextExpiry(holding, 100)).toBeUndefined();
  holding = held(holding, [at(1)], 50, 100);
  expect(ports(holding)).toEqual([1, 2]);
  expect(nextExpiry(holding, 100)).toBe(150);
  holding = held(holding, [at(1), at(2)], 120, 100);
  expect(nextExpiry(holding, 100)).toBeUndefined();
  // Away anew: its time begins anew.
  holding = held(holding, [at(1)], 130, 100);
  expect(nextExpiry(holding, 100)).toBe(230);
});

test('the time counts from when it was first missing, however often it is looked', () => {
  let holding = held(held(none, [at(1), at(2)], 0, 100), [at(1)], 10, 100);
  for (const now of [40, 80, 109]) holding = held(holding, [at(1)], now, 100);
  expect(ports(holding)).toEqual([1, 2]);
  expect(ports(held(holding, [at(1)], 110, 100))).toEqual([1]);
  expect(ports(withoutExpired(holding, 109, 100))).toEqual([1, 2]);
  expect(ports(withoutExpired(holding, 110, 100))).toEqual([1]);
});

test('without a grace it is gone at once', () => {
  expect(ports(held(held(none, [at(1), at(2)], 0, 0), [at(2)], 0, 0))).toEqual([2]);
});

test('the order is that of the endpoints, not of the answer', () => {
  expect(ports(held(none, [at(3), at(1), at(2)], 0, 0))).toEqual([1, 2, 3]);
});
