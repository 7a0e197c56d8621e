import { describe, expect, test } from 'bun:test';
import { shortHash } from './short-hash.ts';

describe('shortHash', () => {
  test('is stable, of fixed length, and safe in names', () => {
    expect(shortHash('get_weather')).toBe(shortHash('get_weather'));
    for (const text of ['', 'a', 'ü', 'x'.repeat(5000)]) expect(shortHash(text)).toMatch(/^[0-9a-z]{14}$/);
  });

  test('tells near texts apart', () => {
    const hashes = new Set(Array.from({ length: 20_000 }, (_, at) => shortHash(`call_${at}`)));
    expect(hashes.size).toBe(20_000);
  });
});
