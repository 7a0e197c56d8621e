import { expect, test } from 'bun:test';
import { ActiveCallers } from './active-callers.ts';

test('counts who has called in the last minute, each once', () => {
  const active = new ActiveCallers();
  expect([active.saw('m', 'a', 0), active.saw('m', 'a', 10), active.saw('m', 'b', 30_000), active.saw('other', 'c', 30_000)]).toEqual([
    1, 1, 2, 1,
  ]);
  expect(active.saw('m', 'c', 60_009)).toBe(3);
  // The last call of a is a minute ago.
  expect(active.saw('m', 'c', 60_010)).toBe(2);
  expect(active.saw('m', 'c', 500_000)).toBe(1);
});

test('is bounded: ten thousand callers of a place, a thousand places', () => {
  const active = new ActiveCallers();
  let most = 0;
  for (let at = 0; at < 10_050; at++) most = Math.max(most, active.saw('m', `k${at}`, 1));
  expect(most).toBe(10_000);
  for (let at = 0; at < 1000; at++) active.saw(`p${at}`, 'a', 1);
  // Its count is gone with its place.
  expect(active.saw('m', 'k1', 1)).toBe(1);
});
