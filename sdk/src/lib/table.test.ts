import { expect, test } from 'bun:test';
import { table } from './table.ts';

test('knows its rows and nothing else', () => {
  const rows = table({ a: 1, b: 2 });
  expect([rows['a'], rows['b'], rows['c']]).toEqual([1, 2, undefined]);
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    expect(rows[name]).toBeUndefined();
    expect(name in rows).toBe(false);
  }
  expect(Object.entries({ ...rows })).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
});
