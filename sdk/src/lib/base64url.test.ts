import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { fromBase64Url, toBase64Url } from './base64url.ts';

describe('base64url', () => {
  test('writes the alphabet of RFC 4648 section 5, without padding', () => {
    expect(toBase64Url('>>>???')).toBe('Pj4-Pz8_');
    expect(toBase64Url('a')).toBe('YQ');
    expect(toBase64Url('')).toBe('');
  });

  test('any text comes back, long ones too', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => fromBase64Url(toBase64Url(text)) === text));
    const long = 'é€😀'.repeat(50_000);
    expect(fromBase64Url(toBase64Url(long))).toBe(long);
  });

  test('what is not base64url of UTF-8 is undefined', () => {
    expect(fromBase64Url('!')).toBeUndefined();
    expect(fromBase64Url('_w')).toBeUndefined();
  });
});
