import { describe, expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { totalInputTokens, totalOutputTokens, type Usage } from '../types/index.ts';
import { adjust } from './cost-adjust.ts';
import { tokenMeasures } from './cost-tokens.ts';
import { costOf, type Price } from './cost.ts';
import type { ModelRow } from './model-row.ts';
import { readRates } from './rates.ts';
import { cpuMs } from '../../../test/kit/cpu.ts';

const rates = readRates({
  input: 1,
  output: 1,
  cacheRead: 1,
  cacheWrite: 1,
  cacheWrite1h: 1,
  inputAudio: 1,
  cacheReadAudio: 1,
  outputAudio: 1,
  outputImage: 1,
});
const row = (prices: ModelRow['prices']): ModelRow => ({ provider: 'p', id: 'm', abilities: [], lacks: [], prices, source: 's' });
const price = (over: Partial<ModelRow> = {}): Price => ({
  row: { ...row([{ rates, above: [], tiers: {} }]), ...over },
  terms: undefined,
});

const anyUsage = fc.record(
  Object.fromEntries(tokenMeasures.map(({ count }) => [count, fc.nat(10_000_000)])) as Record<keyof Usage, fc.Arbitrary<number>>,
) as unknown as fc.Arbitrary<Usage>;

const isSomething = (usage: Usage): boolean => totalInputTokens(usage) + totalOutputTokens(usage) > 0;

describe('costOf', () => {
  test('every token is paid once: at a dollar a million of anything, the cost is the number of all tokens', () => {
    fc.assert(
      fc.property(anyUsage.filter(isSomething), (usage) => {
        const cost = costOf(usage, price());
        expect(cost.known && cost.nanoDollars).toBe((totalInputTokens(usage) + totalOutputTokens(usage)) * 1000);
      }),
    );
  });

  test('a bucket more never costs less', () => {
    fc.assert(
      fc.property(anyUsage.filter(isSomething), fc.constantFrom(...tokenMeasures), fc.nat(1000), (usage, { count }, more) => {
        const before = costOf(usage, price());
        const after = costOf({ ...usage, [count]: (usage[count] ?? 0) + more }, price());
        expect(before.known && after.known && after.nanoDollars >= before.nanoDollars).toBe(true);
      }),
    );
  });

  test('what is not known is said, and is not 0', () => {
    const used: Usage = { inputTokens: 1, outputTokens: 1 };
    expect(costOf(used, undefined)).toEqual({ known: false, why: 'no price is known for this model' });
    expect(costOf(undefined, price())).toEqual({ known: false, why: 'the provider did not say what was used' });
    expect(costOf(used, price({ prices: [] }))).toMatchObject({ known: false });
    expect(costOf({ ...used, units: { images: 1 } }, price())).toMatchObject({ known: true });
    expect(costOf({ inputTokens: 0, outputTokens: 0, units: { images: 1 } }, price())).toMatchObject({
      known: false,
      why: expect.stringContaining('images'),
    });
    expect(costOf({ ...used, webSearchRequests: 1 }, price())).toMatchObject({
      known: false,
      why: expect.stringContaining('webSearchRequests'),
    });
  });

  test('an answer that counts nothing of what is billed has no known cost (FP-14)', () => {
    const at = (published: Parameters<typeof readRates>[0]): Price =>
      price({ prices: [{ rates: readRates(published), above: [], tiers: {} }] });
    const nothing: Usage = { inputTokens: 0, outputTokens: 0 };
    for (const billed of [{ query: 0.002 }, { image: 0.04 }, { inputSecond: 0.0001 }, { page: 0.001 }, { input: 1, output: 2 }])
      expect(costOf(nothing, at(billed))).toMatchObject({ known: false, why: expect.stringContaining('nothing was counted') });
    expect(costOf({ ...nothing, units: { images: 0 } }, at({ image: 0.04 }))).toMatchObject({ known: false });
    // A price for the request needs no count.
    expect(costOf(nothing, at({ request: 0.005 }))).toMatchObject({ known: true, nanoDollars: 5_000_000 });
    // All prices are 0: that is free, whatever was counted.
    for (const usage of [nothing, undefined, { ...nothing, inputTokens: 10 }])
      expect(costOf(usage, at({ input: 0, output: 0 }))).toMatchObject({ known: true, nanoDollars: 0 });
    expect(costOf(undefined, at({ input: 0, output: 1 }))).toMatchObject({ known: false });
  });

  test('a price of the past or of the night holds at its time', () => {
    const at = (from: string | undefined, minutes: [number, number] | undefined, dollars: number) => ({
      ...(from !== undefined && { from: Date.parse(from) }),
      ...(minutes && { minutes }),
      rates: readRates({ input: dollars }),
      above: [],
      tiers: {},
    });
    // Half price from 23:00 to 01:00.
    const prices = [at(undefined, undefined, 4), at('2026-06-01', undefined, 2), at('2026-06-01', [1380, 1500], 1)];
    const dollarsAt = (time: string) => {
      const cost = costOf({ inputTokens: 1_000_000, outputTokens: 0 }, price({ prices }), { at: Date.parse(time) });
      return cost.known && cost.nanoDollars / 1e9;
    };
    expect(dollarsAt('2026-05-31T23:30:00Z')).toBe(4);
    expect(dollarsAt('2026-06-01T22:59:59Z')).toBe(2);
    expect(dollarsAt('2026-06-01T23:00:00Z')).toBe(1);
    expect(dollarsAt('2026-06-02T00:59:59Z')).toBe(1);
    expect(dollarsAt('2026-06-02T01:00:00Z')).toBe(2);
  });

  test("a user's own price goes before the provider's figure, and before free", () => {
    const used: Usage = { inputTokens: 1000, outputTokens: 0, providerCostUsd: 5 };
    const terms = { reportsCost: true, free: true, source: 's' } as const;
    expect(costOf(used, { ...price(), terms })).toMatchObject({ nanoDollars: 5e9 });
    expect(costOf(used, { ...price({ own: true }), terms })).toMatchObject({ nanoDollars: 1_000_000 });
  });

  test('one rounding, at the end, half up', () => {
    const prices = [{ rates: readRates({ input: 0.0001, output: 0.0004 }), above: [], tiers: {} }];
    const nano = (inputTokens: number, outputTokens: number) => {
      const cost = costOf({ inputTokens, outputTokens }, price({ prices }));
      return cost.known && cost.nanoDollars;
    };
    // 0.1 and 0.4 of a nano-dollar a token: each alone rounds to 0, together they do not.
    expect([nano(1, 0), nano(0, 1), nano(1, 1), nano(2, 2)]).toEqual([0, 0, 1, 1]);
  });

  test('it takes less than a microsecond', () => {
    const used: Usage = { inputTokens: 1000, cacheReadTokens: 500, outputTokens: 300, reasoningTokens: 200 };
    const fixed = price();
    for (let index = 0; index < 50_000; index++) costOf(used, fixed, { at: 0 });
    const started = cpuMs();
    for (let index = 0; index < 100_000; index++) costOf(used, fixed, { at: 0 });
    // Five times the goal: the machine of a test is not alone.
    expect((cpuMs() - started) / 100_000).toBeLessThan(0.005);
  });
});

describe('adjust', () => {
  test('first what is taken off, then what is put on', () => {
    expect(adjust(1_000_000, { discount: 0.05, margin: 0.1, fixedUsd: 0.001 })).toEqual({
      original: 1_000_000,
      discount: 50_000,
      margin: 95_000 + 1_000_000,
      total: 950_000 + 95_000 + 1_000_000,
    });
    expect(adjust(7, {})).toEqual({ original: 7, discount: 0, margin: 0, total: 7 });
  });

  test('whole nano-dollars in, whole nano-dollars out', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000_000_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (cost, discount, margin) => {
          const { original, discount: off, margin: on, total } = adjust(cost, { discount, margin });
          expect(Number.isInteger(total)).toBe(true);
          expect(total).toBe(original - off + on);
        },
      ),
    );
  });
});
