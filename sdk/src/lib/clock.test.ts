import { expect, test } from 'bun:test';
import { systemClock } from './clock.ts';

test('sleeps', async () => {
  const start = performance.now();
  await systemClock.sleep(20);
  expect(performance.now() - start).toBeGreaterThanOrEqual(15);
});

test('an abort ends the sleep at once, with its reason', async () => {
  const controller = new AbortController();
  const reason = new Error('left');
  const sleep = systemClock.sleep(60_000, controller.signal);
  controller.abort(reason);
  expect(await sleep.catch((error: unknown) => error)).toBe(reason);
  expect(await systemClock.sleep(60_000, controller.signal).catch((error: unknown) => error)).toBe(reason);
});
