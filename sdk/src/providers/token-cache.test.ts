import { describe, expect, test } from 'bun:test';
import { createTokenCache } from './token-cache.ts';

const hourMs = 3_600_000;
const setUp = () => {
  const state = { now: 1_000_000, asked: 0, fail: false };
  const cache = createTokenCache(() => state.now);
  const fetch = async () => {
    state.asked++;
    await Promise.resolve();
    if (state.fail) throw new Error('no');
    return { value: `token-${state.asked}`, expiresAtMs: state.now + hourMs };
  };
  const get = (id = 'a', secret = 's') => cache.get(id, secret, fetch).then(({ value }) => value);
  return { state, get };
};

describe('held tokens', () => {
  test('one fetch serves all who wait, and those who come until shortly before its end', async () => {
    const { state, get } = setUp();
    expect(new Set(await Promise.all(Array.from({ length: 50 }, () => get())))).toEqual(new Set(['token-1']));
    state.now += hourMs - 5 * 60_000 - 1;
    expect(await get()).toBe('token-1');
    state.now += 1;
    expect(new Set(await Promise.all(Array.from({ length: 50 }, () => get())))).toEqual(new Set(['token-2']));
    expect(state.asked).toBe(2);
  });

  test('another secret gets a token of its own', async () => {
    const { get } = setUp();
    expect([await get('a', 's'), await get('a', 'other'), await get('b', 's')]).toEqual(['token-1', 'token-2', 'token-3']);
  });

  test('a failure is thrown to all who wait and not kept', async () => {
    const { state, get } = setUp();
    state.fail = true;
    const results = await Promise.allSettled([get(), get()]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(state.asked).toBe(1);
    state.fail = false;
    expect(await get()).toBe('token-2');
  });

  test('where no new one is to be had, the old one serves until its end, and is not asked for with every call', async () => {
    const { state, get } = setUp();
    await get();
    state.now += hourMs - 60_000;
    state.fail = true;
    expect([await get(), await get()]).toEqual(['token-1', 'token-1']);
    expect(state.asked).toBe(2);
    state.now += 61_000;
    expect(get()).rejects.toThrow('no');
  });

  test('no more are held than any program has', async () => {
    const { state, get } = setUp();
    for (let each = 0; each < 300; each++) await get(`id-${each}`);
    await get('id-299');
    expect(state.asked).toBe(300);
    await get('id-0');
    expect(state.asked).toBe(301);
  });
});
