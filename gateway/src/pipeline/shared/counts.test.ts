import { describe, expect, test } from 'bun:test';
import { UsageWindow } from 'sluice/kit';
import { Instances } from './instances.ts';
import { Limited } from './limited.ts';
import { StoreClock } from './store-clock.ts';

describe('a window', () => {
  test('counts sixty-one seconds, and says when there is room', () => {
    const window = new UsageWindow();
    window.add(1000, 2, 20, true);
    window.add(1030, 1, 5, true);
    expect([window.requests(1060), window.tokens(1060), window.requests(1060, 1001)]).toEqual([3, 25, 1]);
    expect([window.freedAt('requests', 2, 1060), window.freedAt('requests', 3, 1060), window.freedAt('tokens', 21, 1060)]).toEqual([
      1061, 1091, 1091,
    ]);
    expect([window.requests(1061), window.tokens(1061), window.requests(1091)]).toEqual([1, 5, 0]);
    // What is corrected too late is not counted for another second.
    window.add(1061, 1, 1, true);
    window.add(1000, 0, -20, true);
    expect(window.tokens(1061)).toBe(6);
  });

  test('knows what the store was not told, until it is', () => {
    const window = new UsageWindow();
    window.add(1000, 1, 10, true);
    window.add(1000, 2, 30, false);
    window.add(1000, 0, 3, true, 3);
    window.add(1000, 0, 4, false, 4);
    const buckets = window.buckets(1001);
    expect(buckets).toEqual([
      { second: 1000, requests: 3, tokens: 47, outputTokens: 7, untoldRequests: 2, untoldTokens: 34, untoldOutputTokens: 4 },
    ]);
    expect([window.inputTokens(1001), window.outputTokens(1001)]).toEqual([40, 7]);
    expect([window.freedAt('inputTokens', 40, 1060), window.freedAt('outputTokens', 7, 1060)]).toEqual([1061, 1061]);
    window.told(buckets);
    expect(window.buckets(1001)[0]).toMatchObject({ untoldRequests: 0, untoldTokens: 0, untoldOutputTokens: 0 });
    window.told(buckets, -1);
    expect(window.buckets(1001)).toEqual(buckets);
    expect(window.buckets(1061)).toEqual([]);
  });
});

describe('shares, where the store is away', () => {
  const keys = ['{k}:used', '{k}:leases'] as const;
  test('each its part, at least one, and none of nothing', () => {
    const limited = new Limited('d', keys);
    expect(limited.refusal({ rpm: 0 }, 0, 4, 1_000_000)).toMatchObject({ why: 'rpm' });
    expect(limited.refusal({ rpm: 2, tpm: 3, maxParallelRequests: 1 }, 1, 4, 1_000_000)).toBeUndefined();
    limited.window.add(1000, 1, 1, false);
    expect(limited.refusal({ rpm: 2 }, 0, 4, 1_000_000)).toEqual({ why: 'rpm', retryAfterMs: 61_000 });
    expect(limited.refusal({ rpm: 8 }, 0, 4, 1_000_000)).toBeUndefined();
    expect(limited.refusal({ tpm: 40 }, 10, 4, 1_000_000)).toMatchObject({ why: 'tpm' });
    expect(limited.refusal({ tpm: 40 }, 9, 4, 1_000_000)).toBeUndefined();
    expect(limited.refusal({ itpm: 40 }, 10, 4, 1_000_000)).toMatchObject({ why: 'itpm' });
    expect(limited.refusal({ itpm: 40 }, 9, 4, 1_000_000)).toBeUndefined();
    limited.window.add(1000, 0, 9, false, 9);
    expect(limited.refusal({ itpm: 40, otpm: 40 }, 9, 4, 1_000_000)).toBeUndefined();
    limited.window.add(1000, 0, 1, false, 1);
    expect(limited.refusal({ otpm: 40 }, 0, 4, 1_000_000)).toEqual({ why: 'otpm', retryAfterMs: 61_000 });
    expect(limited.refusal({ otpm: 0 }, 0, 4, 1_000_000)).toMatchObject({ why: 'otpm' });
  });

  test('what all had taken counts for all, and less with every second', () => {
    const limited = new Limited('d', keys);
    limited.heard({ born: '1', requests: 100, tokens: 500, outputTokens: 400 }, 1000);
    const room = (second: number) => limited.refusal({ rpm: 100 }, 0, 4, second * 1000) === undefined;
    expect([room(1000), room(1002), room(1004)]).toEqual([false, false, true]);
    const reasons = [{ itpm: 100 }, { otpm: 400 }, { itpm: 200, otpm: 500 }].map((limits) => limited.refusal(limits, 1, 4, 1_000_000)?.why);
    expect(reasons).toEqual(['itpm', 'otpm', undefined]);
    for (let at = 0; at < 10; at++) limited.window.add(1030, 1, 0, false);
    // Half of the hundred counts at half of the minute: twelve of 25, and the ten of its own.
    expect(room(1030)).toBe(true);
    for (let at = 0; at < 3; at++) limited.window.add(1030, 1, 0, false);
    expect(room(1030)).toBe(false);
    expect(room(1061)).toBe(true);
  });
});

describe('instances', () => {
  test('those of before an outage count until they are back, or have had time to be', () => {
    let now = 0;
    const instances = new Instances(() => now);
    instances.heard(4);
    expect([instances.count, instances.doubtful]).toEqual([4, false]);
    instances.lost();
    expect([instances.count, instances.doubtful]).toEqual([4, true]);
    instances.heard(1);
    expect([instances.count, instances.doubtful]).toEqual([4, true]);
    instances.heard(4);
    expect([instances.count, instances.doubtful]).toEqual([4, false]);
    instances.lost();
    instances.heard(2);
    now = 40_000;
    instances.heard(2);
    expect([instances.count, instances.doubtful]).toEqual([2, false]);
    // A new one counts at once.
    instances.heard(3);
    expect(instances.count).toBe(3);
  });
});

test('the store has a clock of its own', () => {
  let now = 5000;
  const clock = new StoreClock(() => now);
  expect([clock.known, clock.now()]).toEqual([false, 5000]);
  clock.heard(65_000);
  now = 6000;
  expect([clock.now(), clock.second(), clock.toLocal(70_000), clock.until(8000)]).toEqual([66_000, 66, 10_000, 2000]);
});
