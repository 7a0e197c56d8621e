import { describe, expect, test } from 'bun:test';
import { SluiceError } from 'sluice/kit';
import { RecordCache, type RecordCacheOptions } from './record-cache.ts';

const away = () => new SluiceError('unavailable', 'The database is not reachable.');

/** A cache in front of a table that the test holds: reads wait until the test lets them through, if it wants to. */
const world = (options: Partial<RecordCacheOptions<string>> = {}) => {
  const rows = new Map<string, string>([['a', 'one']]);
  const held: (() => void)[] = [];
  let now = 0;
  let holding = false;
  let failure: Error | undefined;
  let reads = 0;
  let changes = 0;
  const cache = new RecordCache<string>({
    load: async (id) => {
      reads++;
      const found = rows.get(id);
      const failed = failure;
      if (holding) await new Promise<void>((resolve) => void held.push(resolve));
      if (failed) throw failed;
      return found;
    },
    max: 3,
    freshMs: 1000,
    staleMs: 10_000,
    now: () => now,
    changed: () => void changes++,
    ...options,
  });
  return {
    cache,
    rows,
    later: (ms: number) => void (now += ms),
    hold: () => void (holding = true),
    release: () => {
      holding = false;
      for (const each of held.splice(0)) each();
    },
    fail: (cause: Error | undefined) => void (failure = cause),
    reads: () => reads,
    changes: () => changes,
  };
};

describe('things by their ids', () => {
  test('are read once, however many ask', async () => {
    const { cache, hold, release, reads } = world();
    hold();
    const all = Array.from({ length: 100 }, () => cache.get('a'));
    release();
    expect(new Set(await Promise.all(all))).toEqual(new Set(['one']));
    expect(await cache.get('a')).toBe('one');
    expect([reads(), cache.peek('a')]).toEqual([1, { value: 'one', until: 1000 }]);
  });

  test('that there are none of are known as well, unless they are looked for each time', async () => {
    const usual = world();
    expect([await usual.cache.get('b'), await usual.cache.get('b'), usual.reads()]).toEqual([undefined, undefined, 1]);
    expect(usual.cache.peek('b')).toEqual({ value: undefined, until: 1000 });
    const found = world({ onlyFound: true });
    expect([await found.cache.get('b'), await found.cache.get('b'), found.reads(), found.cache.size]).toEqual([undefined, undefined, 2, 0]);
    await found.cache.get('a');
    found.rows.delete('a');
    found.later(2000);
    expect([await found.cache.get('a'), found.cache.has('a')]).toEqual([undefined, false]);
  });

  test('are read again before they are old, and nobody waits for it', async () => {
    const { cache, rows, later, reads, changes } = world();
    await cache.get('a');
    rows.set('a', 'two');
    later(1000);
    expect(cache.peek('a')).toEqual({ value: 'one', until: 1250 });
    await Bun.sleep(0);
    expect([cache.peek('a'), reads(), changes()]).toEqual([{ value: 'two', until: 2000 }, 2, 1]);
    later(2000);
    // Nobody asked in time: who does now waits.
    expect(cache.peek('a')).toBeUndefined();
    expect(await cache.get('a')).toBe('two');
  });

  test('a read that failed is tried again by the next one', async () => {
    const { cache, fail } = world();
    fail(new Error('odd'));
    await expect(cache.get('a')).rejects.toThrow('odd');
    await Bun.sleep(0);
    fail(undefined);
    expect(await cache.get('a')).toBe('one');
  });

  test('what is the same is the same object', async () => {
    const boxes = new RecordCache<{ text: string }>({
      load: async (text) => ({ text }),
      max: 3,
      freshMs: 0,
      staleMs: 0,
      now: () => 0,
      same: (before, after) => before.text === after.text,
      changed: () => void changes++,
    });
    let changes = 0;
    const first = await boxes.get('a');
    expect([(await boxes.get('a')) === first, changes]).toEqual([true, 0]);
  });
});

describe('what is changed', () => {
  test('is gone at once', async () => {
    const { cache, rows, changes } = world();
    await cache.get('a');
    rows.set('a', 'two');
    cache.drop('a');
    expect([cache.peek('a'), changes(), await cache.get('a')]).toEqual([undefined, 1, 'two']);
  });

  test('FP-15: is not revived by a read that began before', async () => {
    const { cache, rows, hold, release } = world();
    hold();
    const before = cache.get('a');
    rows.delete('a');
    cache.drop('a');
    release();
    expect(await before).toBe('one');
    expect(cache.peek('a')).toBeUndefined();
    expect(await cache.get('a')).toBeUndefined();
  });

  test('FP-15: nor by one that looks again in the background', async () => {
    const { cache, rows, later, hold, release } = world();
    await cache.get('a');
    later(1500);
    hold();
    cache.peek('a');
    rows.set('a', 'revoked');
    cache.drop('a');
    release();
    await Bun.sleep(0);
    expect(cache.peek('a')).toBeUndefined();
  });

  test('FP-15: a read that began before does not end the one that began after', async () => {
    const { cache, rows, hold, release, reads } = world();
    hold();
    const before = cache.get('a');
    rows.set('a', 'two');
    cache.drop('a');
    const after = cache.get('a');
    release();
    expect([await before, await after, cache.peek('a')?.value, reads()]).toEqual(['one', 'two', 'two', 2]);
  });

  test('and when it may have been missed, all is read again before it is used', async () => {
    const { cache, rows, hold, release, changes } = world();
    await cache.get('a');
    hold();
    const b = cache.get('b');
    rows.set('a', 'two');
    rows.set('b', 'made');
    cache.suspectAll();
    release();
    expect([await b, cache.peek('a'), cache.peek('b'), changes()]).toEqual([undefined, undefined, undefined, 1]);
    expect([await cache.get('a'), await cache.get('b')]).toEqual(['two', 'made']);
    expect(cache.peek('a')?.value).toBe('two');
  });
});

describe('FP-11: while the database is away', () => {
  test('what is known goes on, for the grace time', async () => {
    const { cache, later, fail } = world();
    await cache.get('a');
    fail(away());
    cache.suspectAll();
    expect(cache.peek('a')).toBeUndefined();
    expect(await cache.get('a')).toBe('one');
    later(9999);
    expect(await cache.get('a')).toBe('one');
    later(1);
    await expect(cache.get('a')).rejects.toThrow('not reachable');
  });

  test('what is not known is not nobody', async () => {
    const { cache, fail } = world();
    fail(away());
    await expect(cache.get('c')).rejects.toMatchObject({ code: 'unavailable' });
    await Bun.sleep(0);
    expect(cache.has('c')).toBe(false);
  });

  test('what was changed before is not used, however long the grace time is', async () => {
    const { cache, fail } = world();
    await cache.get('a');
    cache.drop('a');
    fail(away());
    await expect(cache.get('a')).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('another failure than that is told', async () => {
    const { cache, later, fail } = world();
    await cache.get('a');
    later(5000);
    fail(new SluiceError('internal', 'a mistake of ours'));
    await expect(cache.get('a')).rejects.toThrow('a mistake of ours');
  });
});

test('no more than so many are known, and who was read longest ago goes', async () => {
  const { cache, rows, later } = world();
  for (const id of ['a', 'b', 'c', 'd', 'e']) rows.set(id, id);
  for (const id of ['a', 'b', 'c']) await cache.get(id);
  later(2000);
  await cache.get('a');
  await cache.get('d');
  expect([cache.size, ['a', 'b', 'c', 'd'].filter((id) => cache.has(id))]).toEqual([3, ['a', 'c', 'd']]);
  for (let each = 0; each < 100; each++) await cache.get(`none ${each}`);
  expect(cache.size).toBe(3);
});
