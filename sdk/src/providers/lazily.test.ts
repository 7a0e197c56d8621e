import { describe, expect, test } from 'bun:test';
import { lazily } from './lazily.ts';

describe('a function that is loaded when it is called', () => {
  test('is loaded once, and not before', async () => {
    let loads = 0;
    const add = lazily(async () => {
      loads++;
      return async (a: number, b: number) => a + b;
    });
    expect(loads).toBe(0);
    expect(await add(1, 2)).toBe(3);
    expect(await add(3, 4)).toBe(7);
    expect(loads).toBe(1);
  });

  test('is asked for again where it could not be loaded', async () => {
    let loads = 0;
    const say = lazily(async () => {
      loads++;
      if (loads === 1) throw new Error('offline');
      return async (word: string) => word;
    });
    await expect(say('a')).rejects.toThrow('offline');
    expect(await say('b')).toBe('b');
  });
});
