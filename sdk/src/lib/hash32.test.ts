import { describe, expect, test } from 'bun:test';
import { hash32, join32, unit32 } from './hash32.ts';

describe('hashes of 32 bits', () => {
  test('are the same on every machine', () => {
    expect([hash32(''), hash32('session-1'), hash32('session-2')]).toEqual([2_872_998_923, 599_268_235, 2_640_278_501]);
    expect(join32(1, 2)).not.toBe(join32(2, 1));
  });
  test('of texts that differ little are spread evenly', () => {
    const buckets = Array.from({ length: 16 }, () => 0);
    for (let at = 0; at < 16_000; at++) buckets[Math.floor(unit32(hash32(`user-${at}`)) * 16)]!++;
    for (const count of buckets) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
  test('as units are never 0 or 1', () => {
    expect(unit32(0)).toBeGreaterThan(0);
    expect(unit32(0xffffffff)).toBeLessThan(1);
  });
});
