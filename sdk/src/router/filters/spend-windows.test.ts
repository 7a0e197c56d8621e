import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { SpendWindows } from './spend-windows.ts';

const day = 86_400_000;
const budget = { limitUsd: 15, periodMs: day };
const usd = 1e9;

describe('SpendWindows', () => {
  test('is over when the limit is reached, and not before (FP-70)', () => {
    const spend = new SpendWindows();
    spend.add('k', 0.4 * usd, budget, 0);
    expect(spend.over('k', budget, 1)).toBe(false);
    spend.add('k', 14.599999999 * usd, budget, 1);
    expect(spend.over('k', budget, 2)).toBe(false);
    spend.add('k', 1, budget, 2);
    expect(spend.over('k', budget, 2)).toBe(true);
    expect(spend.spentUsd('k', budget, 2)).toBe(15);
    expect(spend.over('other', budget, 2)).toBe(false);
  });

  test('a window begins with its first cost, and ends a period later', () => {
    const spend = new SpendWindows();
    spend.add('k', 20 * usd, budget, 5 * day + 7);
    expect(spend.endsAt('k', budget, 5 * day + 8)).toBe(6 * day + 7);
    expect(spend.over('k', budget, 6 * day + 6)).toBe(true);
    expect(spend.over('k', budget, 6 * day + 7)).toBe(false);
    expect(spend.endsAt('k', budget, 6 * day + 7)).toBeUndefined();
    spend.add('k', usd, budget, 9 * day);
    expect(spend.spentUsd('k', budget, 9 * day)).toBe(1);
    expect(spend.endsAt('k', budget, 9 * day)).toBe(10 * day);
  });

  test('a cost after the end begins the next window', () => {
    const spend = new SpendWindows();
    spend.add('k', 14 * usd, budget, 0);
    spend.add('k', 14 * usd, budget, day);
    expect(spend.spentUsd('k', budget, day)).toBe(14);
  });

  test('aligned, windows are the same wherever they are counted, and can be set to what was spent elsewhere', () => {
    const from = 4 * day;
    const [one, other] = [new SpendWindows({ alignedTo: from }), new SpendWindows({ alignedTo: from })];
    const now = from + 10 * day + 5000;
    one.add('k', 14 * usd, budget, now);
    other.add('k', usd, budget, now + 3_600_000);
    expect(one.endsAt('k', budget, now)).toBe(from + 11 * day);
    expect(other.endsAt('k', budget, now + 3_600_000)).toBe(from + 11 * day);
    one.set('k', 15 * usd, budget, now + 1);
    expect(one.over('k', budget, now + 2)).toBe(true);
    expect(one.over('k', budget, from + 11 * day)).toBe(false);
    one.set('k', 0, budget, now + 3);
    expect(one.spentUsd('k', budget, now + 4)).toBe(0);
    // Before the moment that they are aligned to as well.
    expect(new SpendWindows({ alignedTo: from }).startOf(day, from - 1)).toBe(from - day);
  });

  test('nothing may be spent of nothing', () => {
    expect(new SpendWindows().over('k', { limitUsd: 0, periodMs: day }, 0)).toBe(true);
  });

  test('adds up without drift', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e12), { maxLength: 50 }), (costs) => {
        const spend = new SpendWindows();
        for (const cost of costs) spend.add('k', cost, budget, 0);
        expect(spend.spentUsd('k', budget, 0)).toBe(costs.reduce((sum, each) => sum + each, 0) / usd);
      }),
    );
  });

  test('forgets the oldest beyond ten thousand', () => {
    const spend = new SpendWindows();
    for (let key = 0; key <= 10_000; key++) spend.add(String(key), usd, budget, 0);
    expect(spend.spentUsd('0', budget, 0)).toBe(0);
    expect(spend.spentUsd('1', budget, 0)).toBe(1);
  });
});
