import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createUniqueIds } from './unique-ids.ts';

const named = (...ids: string[]): string[] => {
  const unique = createUniqueIds();
  return ids.map((id) => unique(id));
};

test('an id that comes again is told apart, the first one stays', () => {
  expect(named('x', 'x', 'y', 'x')).toEqual(['x', 'x_2', 'y', 'x_3']);
  expect(named('x_2', 'x', 'x')).toEqual(['x_2', 'x', 'x_3']);
});

test('no id grows beyond what OpenAI takes back, unless it was longer', () => {
  expect(named('a'.repeat(40), 'a'.repeat(40))[1]).toBe(`${'a'.repeat(38)}_2`);
  expect(named('a'.repeat(64), 'a'.repeat(64))[1]).toHaveLength(64);
});

test('whatever comes, no two are the same', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('', 'x', 'x_2', 'x_3', 'a'.repeat(40), `${'a'.repeat(38)}_2`), { maxLength: 20 }), (ids) => {
      expect(new Set(named(...ids)).size).toBe(ids.length);
    }),
  );
});
