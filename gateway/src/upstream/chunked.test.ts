import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { ChunkedDecoder } from './chunked.ts';

/** Feeds the pieces, each in a buffer of its own, as a socket does. */
const decode = (pieces: readonly string[]): { text: string; done: boolean; problem: string | undefined; rest: string; reads: number } => {
  const decoder = new ChunkedDecoder(200);
  let text = '';
  let reads = 0;
  let rest = '';
  for (const piece of pieces) {
    const buffer = Buffer.from(piece, 'latin1');
    if (decoder.done || decoder.problem !== undefined) {
      rest += piece;
      continue;
    }
    const payload = decoder.push(buffer, 0);
    if (payload) {
      reads++;
      text += payload.toString('latin1');
    }
    if (decoder.done) rest += buffer.toString('latin1', decoder.endAt);
  }
  return { text, done: decoder.done, problem: decoder.problem, rest, reads };
};

describe('the chunked coding', () => {
  test('comes off, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 40 })),
        fc.constantFrom('', ';name=value', '  ', ' ;a="b;c"'),
        fc.constantFrom('', 'x-trailer: 1\r\n', 'a: b\r\nc: d\r\n'),
        fc.array(fc.nat(2000)),
        (chunks, extension, trailers, cuts) => {
          const wire = `${chunks.map((text) => `${text.length.toString(16)}${extension}\r\n${text}\r\n`).join('')}0\r\n${trailers}\r\nNEXT`;
          const points = [...new Set(cuts.map((cut) => cut % wire.length))].sort((a, b) => a - b);
          const pieces = [...points, wire.length].map((end, index) => wire.slice(points[index - 1] ?? 0, end));
          const { text, done, rest } = decode(pieces);
          expect(text).toBe(chunks.join(''));
          expect(done).toBe(true);
          expect(rest).toBe('NEXT');
        },
      ),
      { numRuns: 500 },
    );
  });

  test('many small chunks in one read are one piece', () => {
    const { text, reads } = decode(['1\r\na\r\n2\r\nbc\r\n3\r\ndef\r\n0\r\n\r\n']);
    expect(text).toBe('abcdef');
    expect(reads).toBe(1);
  });

  test('upper case, leading zeros and bare line feeds are read', () => {
    expect(decode(['000A\r\n0123456789\r\n0\r\n\r\n']).text).toBe('0123456789');
    expect(decode(['3\nabc\n0\n\n'])).toMatchObject({ text: 'abc', done: true });
  });

  test.each([
    ['no size', '\r\nabc'],
    ['an extension without a size', ';x=1\r\nabc'],
    ['a size that is no number', 'xyz\r\nabc'],
    ['a negative size', '-1\r\nabc'],
    ['a size with a prefix', '0x3\r\nabc'],
    ['a size that is too large', 'fffffffffffffff\r\nabc'],
    ['a chunk longer than its size', '3\r\nabcdef\r\n'],
    ['an endless extension', `3;${'x'.repeat(5000)}`],
    ['endless zeros', '0'.repeat(100)],
    ['endless trailers', `0\r\n${'a: b\r\n'.repeat(100)}`],
  ])('refused: %s', (_name, wire) => {
    expect(decode([wire]).problem).toBeString();
    expect(decode([...wire]).problem).toBeString();
  });

  test('an end that is cut off is no end', () => {
    for (const wire of ['3\r\nab', '3\r\nabc\r\n', '3\r\nabc\r\n0\r\n', '3\r\nabc\r\n0\r\nx: 1\r\n']) {
      expect(decode([wire])).toMatchObject({ done: false, problem: undefined });
    }
  });
});
