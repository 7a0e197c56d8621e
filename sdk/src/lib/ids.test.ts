import { describe, expect, test } from 'bun:test';
import { newId } from './ids.ts';

describe('newId', () => {
  test('is the prefix and 24 letters or digits', () => {
    expect(newId('chatcmpl-')).toMatch(/^chatcmpl-[A-Za-z0-9]{24}$/);
  });

  test('does not repeat', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => newId(''))).size).toBe(10_000);
  });
});
