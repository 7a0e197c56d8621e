import { describe, expect, test } from 'bun:test';
import { changed, filled } from './patch.ts';

interface Thing {
  readonly name?: string | null;
  readonly limit?: number | null;
  readonly list: readonly string[];
}
const thing: Thing = { name: 'a', limit: 1, list: ['x'] };

describe('what a request changes', () => {
  test('FP-69: what is not named is not touched, null takes away', () => {
    expect(changed(thing, { limit: 0 })).toEqual({ name: 'a', limit: 0, list: ['x'] });
    expect(changed(thing, { limit: null })).toEqual({ name: 'a', list: ['x'] });
    expect(changed(thing, { limit: undefined })).toBe(thing);
  });

  test('nothing changes: the same object, so that nothing is written', () => {
    expect(changed(thing, { name: 'a', list: ['x'] })).toBe(thing);
    const nameless: Thing = { list: [] };
    expect(changed(nameless, { name: null })).toBe(nameless);
  });

  test('FP-68: 0 and false are there, null is not', () => {
    expect(filled({ a: 0, b: null, c: undefined, d: false, e: '' })).toEqual({ a: 0, d: false, e: '' });
  });
});
