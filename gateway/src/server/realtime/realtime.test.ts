import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { sendableCode, shortReason } from './close-codes.ts';
import { readOffered } from './subprotocols.ts';

describe('closing', () => {
  test.each([
    [1000, 1000],
    [1001, 1001],
    [1012, 1012],
    [3000, 3000],
    [4999, 4999],
    [1005, 1000],
    [1006, 7],
    [1004, 7],
    [1015, 7],
    [0, 7],
    [5000, 7],
  ])('%d is told as %d', (code, told) => expect(sendableCode(code, 7)).toBe(told));

  test('a reason fits into its frame, in whole characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (reason) => {
        const short = shortReason(reason.toWellFormed());
        expect(Buffer.byteLength(short)).toBeLessThanOrEqual(123);
        expect(reason.toWellFormed().startsWith(short)).toBe(true);
      }),
    );
    expect(shortReason('why')).toBe('why');
  });
});

describe('subprotocols', () => {
  test.each([
    [null, {}],
    ['', {}],
    ['realtime', { chosen: 'realtime' }],
    ['realtime, openai-insecure-api-key.sk-1, openai-beta.realtime-v1', { key: 'sk-1', beta: 'realtime=v1', chosen: 'realtime' }],
    ['openai-insecure-api-key.sk-1,realtime', { key: 'sk-1', chosen: 'realtime' }],
    ['openai-insecure-api-key.', {}],
  ])('%p', (header, expected) => expect<object>(readOffered(header)).toEqual(expected));
});
