import { describe, expect, test } from 'bun:test';
import { cut, hash, seededRandom } from './chunks.ts';

const bytes = new TextEncoder().encode('data: {"text":"grüße 🌍"}\n\n'.repeat(30));

describe('cut', () => {
  test('pieces join to the input, and none is empty', () => {
    for (let seed = 0; seed < 50; seed++) {
      const pieces = cut(bytes, seed);
      expect(pieces.every((piece) => piece.length > 0)).toBe(true);
      expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
    }
  });

  test('the same seed cuts the same way, another one elsewhere', () => {
    const large = new Uint8Array(10_000);
    const lengths = (seed: number) => cut(large, seed).map((piece) => piece.length);
    expect(lengths(7)).toEqual(lengths(7));
    expect(lengths(7)).not.toEqual(lengths(8));
  });

  test('some small bodies come byte by byte', () => {
    const single = Array.from({ length: 40 }, (_, seed) => cut(bytes, seed)).filter((pieces) => pieces.length === bytes.length);
    expect(single.length).toBeGreaterThan(0);
    expect(single.length).toBeLessThan(40);
  });
});

test('hash and random are deterministic', () => {
  expect(hash('a')).not.toBe(hash('b'));
  expect(seededRandom(1)()).toBe(seededRandom(1)());
});
