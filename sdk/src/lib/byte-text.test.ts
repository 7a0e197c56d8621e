import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { base64Pieces, blobToBase64, hexPieces } from './byte-text.ts';

const join = (pieces: Iterable<Uint8Array>): Buffer => Buffer.concat([...pieces]);

test('any bytes go there and back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const text = await blobToBase64(new Blob([bytes as Uint8Array<ArrayBuffer>]));
      expect(text).toBe(Buffer.from(bytes).toString('base64'));
      expect(join(base64Pieces(text))).toEqual(Buffer.from(bytes));
      expect(join(base64Pieces(Buffer.from(bytes).toString('base64url')))).toEqual(Buffer.from(bytes));
      expect(join(hexPieces(Buffer.from(bytes).toString('hex')))).toEqual(Buffer.from(bytes));
    }),
  );
});

test.each([49_151, 49_152, 49_153, 150_001])('%p bytes are taken in pieces', async (size) => {
  const bytes = Buffer.from(Uint8Array.from({ length: size }, (_, at) => at * 7));
  const text = await blobToBase64(new Blob([bytes]));
  expect(text).toBe(bytes.toString('base64'));
  const broken = text.replace(/.{76}/g, '$&\n');
  expect(join(base64Pieces(broken))).toEqual(bytes);
  expect([...base64Pieces(text)].every((piece) => piece.length <= 49_152 + 3)).toBe(true);
  expect(join(hexPieces(bytes.toString('hex').toUpperCase()))).toEqual(bytes);
});

test('what is neither is said', () => {
  expect(() => join(base64Pieces('a*b='))).toThrow();
  expect(() => join(hexPieces('0'))).toThrow(RangeError);
  expect(() => join(hexPieces('0g'))).toThrow(RangeError);
});
