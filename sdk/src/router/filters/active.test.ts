import { describe, expect, test } from 'bun:test';
import { activeFilter } from './active.ts';
import { candidate, ids } from './testing.ts';

const night = (now: number): boolean => now >= 100_000;

describe('activeFilter', () => {
  test('without schedules it has nothing to say', () => {
    const all = [candidate('a'), candidate('b')];
    expect(activeFilter<string>().keep(all, {}, 0)).toBe(all);
  });

  test('leaves out those whose time it is not', () => {
    const filter = activeFilter<string>();
    const all = [candidate('a'), candidate('b', { activeAt: night }), candidate('c', { activeAt: (now) => !night(now) })];
    const day = filter.keep(all, {}, 0);
    expect(ids(day)).toBe('a c');
    expect(filter.keep(all, {}, 5000)).toBe(day);
    expect(ids(filter.keep(all, {}, 100_000))).toBe('a b');
  });

  test('nobody is left: 503, which another name may answer', () => {
    const filter = activeFilter<string>();
    expect(filter.keep([candidate('a', { activeAt: night })], {}, 0)).toEqual([]);
    expect(filter.refusal('m', {}).status).toBe(503);
  });
});
