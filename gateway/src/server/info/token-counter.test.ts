import { expect, test } from 'bun:test';
import { createTokenCounter } from './token-counter.ts';

/** A worker that answers what it is told to, or nothing. */
const fake = (answer: ((id: number) => object) | undefined) => {
  const listeners = new Map<string, (event: unknown) => void>();
  let made = 0;
  const worker = {
    addEventListener: (type: string, listener: (event: unknown) => void) => void listeners.set(type, listener),
    postMessage: ({ id }: { id: number }) => answer && queueMicrotask(() => listeners.get('message')!({ data: answer(id) })),
    terminate: () => {},
  };
  return {
    make: () => {
      made += 1;
      return worker as unknown as Worker;
    },
    fail: () => listeners.get('error')!({}),
    made: () => made,
  };
};

test('counts in its worker, made once', async () => {
  const { make, made } = fake((id) => ({ id, found: { tokens: 7, tokenizer: 'o200k_base' } }));
  const counter = createTokenCounter(make);
  expect(await counter.count('gpt-4o', { text: 'x' })).toEqual({ tokens: 7, tokenizer: 'o200k_base' });
  expect(await counter.count('gpt-4o', { text: 'x' })).toMatchObject({ tokens: 7 });
  expect(made()).toBe(1);
  counter.stop();
});

test('turns ids into texts in its own thread; what cannot be told is undefined', async () => {
  const counter = createTokenCounter();
  expect(await counter.textsOf('text-embedding-3-small', [[9906, 1917], []])).toEqual(['Hello world', '']);
  expect(await counter.textsOf('whatever', [[999_999_999]])).toBeUndefined();
  counter.stop();
});

test('a worker that fails or breaks leaves estimates, and the next count has another one', async () => {
  const refuses = createTokenCounter(fake((id) => ({ id, error: 'out of memory' })).make);
  expect(await refuses.count('gpt-4o', { text: 'x'.repeat(400) })).toMatchObject({ tokenizer: 'estimate' });
  refuses.stop();

  const broken = fake(undefined);
  const counter = createTokenCounter(broken.make);
  const counted = counter.count('gpt-4o', { text: 'x'.repeat(400) });
  broken.fail();
  expect(await counted).toMatchObject({ tokenizer: 'estimate' });
  const next = counter.count('gpt-4o', { text: 'x' });
  expect(broken.made()).toBe(2);
  counter.stop();
  expect(await next).toMatchObject({ tokenizer: 'estimate' });
});

test('no more wait than can be waited for', async () => {
  const counter = createTokenCounter(fake(undefined).make);
  const waiting = Array.from({ length: 64 }, () => counter.count('gpt-4o', { text: 'x' }));
  expect(await counter.count('gpt-4o', { text: 'x'.repeat(40) })).toMatchObject({ tokenizer: 'estimate' });
  counter.stop();
  expect((await Promise.all(waiting)).every(({ tokenizer }) => tokenizer === 'estimate')).toBe(true);
});
