import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { LazyHeaders } from './lazy-headers.ts';

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/);
const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);

describe('headers read where they lie', () => {
  test('are what Headers makes of them, looked up or walked through', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 12 }), (pairs) => {
        const lazy = new LazyHeaders(pairs.map(([key, text]) => `\n${key}: ${text}\r`).join(''));
        const real = new Headers(pairs);
        for (const key of [...real.keys(), 'absent']) {
          expect(lazy.get(key)).toBe(real.get(key));
          expect(lazy.has(key.toUpperCase())).toBe(real.has(key));
        }
        const walked: [string, string][] = [];
        lazy.forEach((text, key) => walked.push([key, text]));
        expect(walked.toSorted()).toEqual([...real].toSorted());
        expect([...lazy]).toEqual([...real]);
        lazy.forEach((text, key) => expect(real.get(key)).toBe(text));
        for (const key of real.keys()) expect(lazy.get(key)).toBe(real.get(key));
      }),
    );
  });

  test('a name is found whole, and at the start of a line', () => {
    const headers = new LazyHeaders('\nx-content-type: a\r\nnote: content-type: b\r\ncontent-type2: c\r');
    expect(headers.get('content-type')).toBeNull();
    expect(headers.get('type')).toBeNull();
  });

  test('a continued line is joined with a space', () => {
    const headers = new LazyHeaders('\nx-long: one\r\n\t two\r\n three\r\nnext: 1\r');
    expect(headers.get('x-long')).toBe('one two three');
    expect([...headers]).toEqual([
      ['next', '1'],
      ['x-long', 'one two three'],
    ]);
  });

  test('lines that are no headers are left out', () => {
    expect([...new LazyHeaders('\nno colon\r\nbad name: 1\r\n: none\r\nzero: a\0b\r\ngood: yes\r')]).toEqual([['good', 'yes']]);
  });

  test('can be changed, as any Headers', () => {
    const headers = new LazyHeaders('\na: 1\r\nset-cookie: x\r\nset-cookie: y\r');
    headers.delete('A');
    headers.set('b', '2');
    headers.append('b', '3');
    expect(headers.get('a')).toBeNull();
    expect(headers.has('a')).toBe(false);
    expect(headers.get('b')).toBe('2, 3');
    expect(headers.getSetCookie()).toEqual(['x', 'y']);
    expect(new Headers([...headers]).get('b')).toBe('2, 3');
  });
});
