import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { createNdjsonParser } from './ndjson.ts';

const encode = (text: string) => new TextEncoder().encode(text);

const parse = (...chunks: Uint8Array[]): string[] => {
  const lines: string[] = [];
  const parser = createNdjsonParser((line) => lines.push(line));
  for (const chunk of chunks) parser.push(chunk);
  parser.close();
  return lines;
};

describe('createNdjsonParser', () => {
  test('hands over lines, skips blank ones, and takes a last line without its break', () => {
    expect(parse(encode('{"a":1}\r\n\n  \n{"b":2}\n{"c":3}'))).toEqual(['{"a":1}', '{"b":2}', '{"c":3}']);
  });

  test('throws on invalid UTF-8, also where it is torn at the end', () => {
    expect(() => parse(new Uint8Array([0xff]))).toThrow(TypeError);
    expect(() => parse(new Uint8Array([0x7b, 0xe2, 0x82]))).toThrow(TypeError);
  });

  test('refuses a line beyond the limit', () => {
    const big = encode('x'.repeat(16 * 1024 * 1024));
    expect(() => parse(big, big, big, big, big)).toThrow(RangeError);
  });

  test('FP-19: any cut of the bytes, inside a character too, gives the same lines', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.array(fc.nat(9)), (values, cuts) => {
        const lines = values.map((value) => JSON.stringify(value));
        const bytes = encode(lines.map((line) => `${line}\n`).join(''));
        const chunks: Uint8Array[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(bytes.subarray(at, at + cut));
          at += cut;
        }
        chunks.push(bytes.subarray(Math.min(at, bytes.length)));
        // JSON.stringify('   ') is never blank, so no line is lost to the trimming.
        expect(parse(...chunks)).toEqual(lines);
      }),
      { numRuns: 100 },
    );
  });
});

test('a line beyond the limit that is asked for is refused, however it comes', () => {
  const lines: string[] = [];
  const parser = createNdjsonParser((line) => lines.push(line), 10);
  const bytes = new TextEncoder().encode('12345678\n123456');
  parser.push(bytes);
  expect(lines).toEqual(['12345678']);
  expect(() => parser.push(new TextEncoder().encode('78901'))).toThrow(RangeError);
});
