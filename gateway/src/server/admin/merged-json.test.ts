import { expect, test } from 'bun:test';
import { mergedJson } from './merged-json.ts';

test('merging JSON, as RFC 7386 has it', () => {
  expect(mergedJson({ a: 1, b: { c: 2, d: 3 }, e: [1] }, { a: null, b: { c: 4 }, e: [2], f: { g: null, h: 1 } })).toEqual({
    b: { c: 4, d: 3 },
    e: [2],
    f: { h: 1 },
  });
  expect(mergedJson(null, { a: { b: 1 } })).toEqual({ a: { b: 1 } });
  expect(mergedJson({ a: 'text' }, { a: { b: 1 } })).toEqual({ a: { b: 1 } });
});

test('no member reaches what all objects share', () => {
  const merged = mergedJson({}, JSON.parse('{ "__proto__": { "polluted": 1 } }') as Record<string, unknown>);
  expect(Object.keys(merged)).toEqual(['__proto__']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
