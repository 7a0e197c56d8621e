import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { base64ToFloats, floatsToBase64 } from './base64-floats.ts';

describe('floats in base64', () => {
  test('little-endian float32', () => {
    expect(floatsToBase64([1, -2])).toBe('AACAPwAAAMA=');
    expect(base64ToFloats('AACAPwAAAMA=')).toEqual([1, -2]);
  });

  test('come back as float32, long lists too', () => {
    fc.assert(fc.property(fc.array(fc.float({ noNaN: true })), (floats) => expect(base64ToFloats(floatsToBase64(floats))).toEqual(floats)));
    const long = Array.from({ length: 100_000 }, (_, at) => at);
    expect(base64ToFloats(floatsToBase64(long))).toEqual(long);
  });
});
