import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { base64ToFloats } from './base64-floats.ts';

test('little-endian float32', () => {
  expect(base64ToFloats('AACAPwAAAMA=')).toEqual([1, -2]);
  expect(base64ToFloats('')).toEqual([]);
});

test('any numbers that float32 can hold', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true })), (numbers) => {
      const bytes = new Uint8Array(Float32Array.from(numbers).buffer);
      expect(base64ToFloats(btoa(String.fromCharCode(...bytes)))).toEqual(numbers);
    }),
  );
});
