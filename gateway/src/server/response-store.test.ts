import { expect, test } from 'bun:test';
import { createResponseStore } from './response-store.ts';

test('bounded by count: the least recently used goes first', () => {
  const store = createResponseStore<string>((value) => value.length, 2);
  store.set('a', '1');
  store.set('b', '2');
  expect(store.get('a')).toBe('1');
  store.set('c', '3');
  expect([store.get('a'), store.get('b'), store.get('c')]).toEqual(['1', undefined, '3']);
});

test('bounded by size', () => {
  const store = createResponseStore<string>((value) => value.length, 100, 10);
  store.set('a', '12345');
  store.set('b', '12345');
  store.set('c', '1');
  store.set('huge', '12345678901');
  expect([store.get('a'), store.get('b'), store.get('c'), store.get('huge')]).toEqual([undefined, '12345', '1', undefined]);
});
