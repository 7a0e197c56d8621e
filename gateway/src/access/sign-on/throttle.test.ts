import { expect, test } from 'bun:test';
import { Throttle } from './throttle.ts';

test('counts within its window, forgets afterwards, and knows a bounded number', () => {
  let now = 0;
  const throttle = new Throttle({ now: () => now, max: 2, windowMs: 1000, maxKnown: 10 });
  throttle.demand('a');
  throttle.demand('a');
  expect(() => throttle.demand('a')).toThrow(expect.objectContaining({ code: 'rate_limited', retryAfterMs: 1000 }));
  throttle.demand('b');
  now = 1000;
  throttle.demand('a');
  throttle.demand('a');
  throttle.forgive('a');
  throttle.demand('a');
  for (let at = 0; at < 100; at++) throttle.demand(`x${at}`);
  expect(throttle.size).toBe(10);
});
