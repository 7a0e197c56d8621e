import { expect, test } from 'bun:test';
import { fanOut } from './fan-out.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('answers are in order, and never more calls at a time than allowed', async () => {
  let running = 0;
  let most = 0;
  const items = Array.from({ length: 40 }, (_, at) => at);
  const answers = await fanOut(items, 6, undefined, async (item) => {
    most = Math.max(most, ++running);
    await pause(item % 3);
    running--;
    return item * 2;
  });
  expect(answers).toEqual(items.map((item) => item * 2));
  expect(most).toBe(6);
});

test('one failure is the failure of all: the others are cancelled, no more begun, and none runs on', async () => {
  const begun: number[] = [];
  let over = 0;
  const failing = fanOut([0, 1, 2, 3, 4, 5], 3, undefined, async (item, signal) => {
    begun.push(item);
    try {
      if (item === 1) throw new Error('second');
      await new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason as Error), { once: true }));
    } finally {
      over++;
    }
  });
  const error: unknown = await failing.catch((cause: unknown) => cause);
  expect(String(error)).toContain('second');
  expect([begun, over]).toEqual([[0, 1, 2], 3]);
});

test("the caller's leaving reaches every call", async () => {
  const leaving = new AbortController();
  const seen: unknown[] = [];
  const calls = fanOut([1, 2], 2, leaving.signal, async (_, signal) => {
    await pause(1);
    seen.push(signal!.aborted);
  });
  leaving.abort();
  await calls;
  expect(seen).toEqual([true, true]);
});

test("one alone is called as it is, with the caller's own signal", async () => {
  const { signal } = new AbortController();
  expect(await fanOut(['a'], 4, signal, (item, given) => Promise.resolve([item, given]))).toEqual([['a', signal]]);
  expect(await fanOut([], 4, signal, () => Promise.reject(new Error('never')))).toEqual([]);
});
