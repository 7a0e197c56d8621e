import { describe, expect, test } from 'bun:test';
import { Secret } from 'sluice/kit';
import { createSecretCache, type CacheOptions, type ReadOutcome } from './cache.ts';
import { ManagerFailure } from './manager.ts';
import { never } from './testing.ts';

const prepare = (more: Partial<CacheOptions> = {}) => {
  const state = { now: 1_000_000, value: 'v-1' as string | undefined, failure: undefined as Error | undefined, asked: [] as string[] };
  const outcomes: ReadOutcome[] = [];
  const cache = createSecretCache({
    manager: {
      async read(name) {
        state.asked.push(name);
        await Promise.resolve();
        if (state.failure) throw state.failure;
        return state.value === undefined ? undefined : new Secret(state.value);
      },
    },
    ttlMs: 300_000,
    maxStaleMs: 3600_000,
    now: () => state.now,
    onRead: (outcome) => outcomes.push(outcome),
    ...more,
  });
  const get = async (name = 'A', fresh = false) => (await cache.get(name, never, { fresh }))?.reveal();
  return { state, get, outcomes };
};
const away = new ManagerFailure('it cannot be reached', { passes: true });
const forbidden = new ManagerFailure('it answered 403');

describe('cache', () => {
  test('a value holds for its time; questions for the same name share one', async () => {
    const { state, get } = prepare();
    expect(await Promise.all([get(), get(), get()])).toEqual(['v-1', 'v-1', 'v-1']);
    state.value = 'v-2';
    state.now += 299_999;
    expect(await get()).toBe('v-1');
    expect(state.asked).toEqual(['A']);
    state.now += 1;
    expect(await get()).toBe('v-2');
  });

  test('what must be fresh is asked for', async () => {
    const { state, get } = prepare();
    await get();
    state.value = 'v-2';
    expect(await get('A', true)).toBe('v-2');
    expect(await get()).toBe('v-2');
  });

  test('that something is missing is believed for a short while', async () => {
    const { state, get, outcomes } = prepare();
    state.value = undefined;
    expect([await get(), await get()]).toEqual([undefined, undefined]);
    expect(state.asked).toHaveLength(1);
    state.value = 'v-1';
    state.now += 10_000;
    expect(await get()).toBe('v-1');
    expect(outcomes).toEqual(['missing', 'read']);
  });

  test('a manager that is away: the old value, but not for ever; the others are not asked for then', async () => {
    const { state, get, outcomes } = prepare();
    await get();
    await get('B');
    state.failure = away;
    state.now += 300_000;
    expect([await get(), await get('B')]).toEqual(['v-1', 'v-1']);
    expect(state.asked).toEqual(['A', 'B', 'A']);
    await expect(get('C')).rejects.toThrow('cannot be reached');
    state.now += 3300_000;
    await expect(get()).rejects.toThrow('cannot be reached');
    state.failure = undefined;
    state.now += 5000;
    expect(await get()).toBe('v-1');
    expect(outcomes).toContain('stale');
  });

  test('an old value that is given at once does not stay for ever', async () => {
    const { state, get } = prepare();
    await get();
    state.failure = away;
    state.now += 300_000;
    expect([await get(), await get()]).toEqual(['v-1', 'v-1']);
    state.failure = undefined;
    state.value = 'v-2';
    state.now += 5000;
    expect(await get()).toBe('v-2');
  });

  test('a refusal says nothing of other names, and takes no old value away', async () => {
    const { state, get } = prepare();
    await get();
    state.failure = forbidden;
    await expect(get('B')).rejects.toThrow('403');
    state.failure = undefined;
    expect(await get('C')).toBe('v-1');
    state.failure = forbidden;
    state.now += 300_000;
    expect(await get()).toBe('v-1');
  });

  test('that there was none is an old value too', async () => {
    const { state, get } = prepare();
    state.value = undefined;
    await get();
    state.failure = away;
    state.now += 60_000;
    expect(await get()).toBeUndefined();
  });

  test('a failure is not kept', async () => {
    const { state, get } = prepare();
    state.failure = forbidden;
    await expect(get()).rejects.toThrow('403');
    await Bun.sleep(0);
    state.failure = undefined;
    expect(await get()).toBe('v-1');
  });

  test('what was deleted is missing, whatever it was', async () => {
    const { state, get } = prepare();
    await get();
    state.value = undefined;
    state.now += 300_000;
    expect(await get()).toBeUndefined();
  });

  test('holds a bounded number of names', async () => {
    const { state, get } = prepare();
    for (let at = 0; at < 2001; at++) await get(`N${at}`);
    expect(state.asked).toHaveLength(2001);
    await get('N2000');
    expect(state.asked).toHaveLength(2001);
    await get('N0');
    expect(state.asked).toHaveLength(2002);
  });
});
