import { expect, test } from 'bun:test';
import { SluiceError } from '../types/index.ts';
import { keyOrder, noteKeyFailure } from './key-rotation.ts';

test('keys are used in turn', () => {
  const keys = ['a', 'b', 'c'];
  expect([0, 1, 2, 3].map(() => keyOrder(keys, 0)[0])).toEqual([0, 1, 2, 0]);
  expect(keyOrder(['a', 'b', 'c'], 0)[0]).toBe(0);
});

test('a bad key rests, and comes back', () => {
  const keys = ['a', 'b'];
  noteKeyFailure(keys, 0, new SluiceError('authentication', 'no'), 1000);
  expect(keyOrder(keys, 2000)).toEqual([1, 0]);
  expect(keyOrder(keys, 2000)).toEqual([1, 0]);
  expect(keyOrder(keys, 62_000)).toEqual([0, 1]);
});

test('a used-up key rests as long as the provider says; other failures are not its own', () => {
  const keys = ['a', 'b'];
  noteKeyFailure(keys, 0, new SluiceError('rate_limited', 'slow down', { retryAfterMs: 500 }), 1000);
  noteKeyFailure(keys, 1, new SluiceError('unavailable', 'down'), 1000);
  expect(keyOrder(keys, 1400)).toEqual([1, 0]);
  keyOrder(keys, 1400);
  expect(keyOrder(keys, 1600)).toEqual([0, 1]);
});
