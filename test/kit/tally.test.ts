import { expect, test } from 'bun:test';
import { Tally } from './tally.ts';

const one = (name: string, format: string, differences: string[]) => ({ provider: 'p', format, name, check: async () => differences });

test('counts what holds, complains of new misses and of known ones that hold', async () => {
  const tally = new Tally('answers', [
    { use: 'answers', name: 'a#1', formats: ['x'], reason: 'known' },
    { use: 'answers', name: 'a#2', reason: 'stale' },
    { use: 'errors', name: 'a#3', reason: 'of another use' },
  ]);
  const complaints = await tally.run([
    one('a#1', 'x', ['text']),
    one('a#1', 'y', ['text']),
    one('a#2', 'x', []),
    one('a#3', 'x', ['usage']),
    one('a#4', 'x', []),
  ]);
  expect(complaints).toEqual(['a#1 (y): text', 'a#2 (x) holds, but is listed as a known miss', 'a#3 (x): usage']);
  expect(tally.total).toEqual({ held: 2, total: 5 });
  expect(tally.misses.find(({ name, format }) => name === 'a#1' && format === 'x')?.known).toBe('known');
  expect(tally.table()).toContain('p        2/4  0/1');
});
