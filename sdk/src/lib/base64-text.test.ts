import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { fromBase64, toBase64 } from './base64-text.ts';

test('what was written is read', () => {
  expect(toBase64('grün')).toBe('Z3LDvG4=');
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 20_000 }), (text) => expect(fromBase64(toBase64(text))).toBe(text)));
});

test('what is not base64, or not UTF-8, is told', () => {
  expect(fromBase64('***')).toBeUndefined();
  expect(fromBase64('/w==')).toBeUndefined();
});
