import { expect, test } from 'bun:test';
import { idSegment } from './id-segment.ts';

test.each(['', '.', '..'])('%p is no id', (id) => expect(() => idSegment(id)).toThrow('no id'));

test.each([
  ['file-1', 'file-1'],
  ['a/../b?c#d', 'a%2F..%2Fb%3Fc%23d'],
  ['...', '...'],
  ['\r\nx: y', '%0D%0Ax%3A%20y'],
  ['\ud800', '%EF%BF%BD'],
])('%p stays where it is', (id, segment) => expect(idSegment(id)).toBe(segment));
