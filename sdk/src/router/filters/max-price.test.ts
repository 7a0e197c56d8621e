import { describe, expect, test } from 'bun:test';
import { maxPriceFilter } from './max-price.ts';
import { candidate, ids } from './testing.ts';

const cheap = candidate('cheap', {}, { inputUsdPerToken: 0.15e-6, outputUsdPerToken: 0.6e-6 });
const dear = candidate('dear', {}, { inputUsdPerToken: 3e-6, outputUsdPerToken: 15e-6 });
const free = candidate('free', {}, { inputUsdPerToken: 0, outputUsdPerToken: 0 });
const unknown = candidate('unknown');
const all = [cheap, dear, free, unknown];

describe('maxPriceFilter', () => {
  test('without a limit the array stays', () => {
    expect(maxPriceFilter<string>().keep(all, {}, 0)).toBe(all);
  });

  test('what is dearer is left out, and what nobody knows the price of', () => {
    const filter = maxPriceFilter<string>();
    expect(ids(filter.keep(all, { maxInputUsdPerMillion: 0.15 }, 0))).toBe('cheap free');
    expect(ids(filter.keep(all, { maxInputUsdPerMillion: 3, maxOutputUsdPerMillion: 15 }, 0))).toBe('cheap dear free');
    expect(ids(filter.keep(all, { maxInputUsdPerMillion: 3, maxOutputUsdPerMillion: 14.99 }, 0))).toBe('cheap free');
    expect(ids(filter.keep(all, { maxOutputUsdPerMillion: 0 }, 0))).toBe('free');
    const paid = [cheap, dear];
    expect(filter.keep(paid, { maxInputUsdPerMillion: 3 }, 0)).toBe(paid);
  });

  test('a price that is exactly the limit is within it, whatever its fractions', () => {
    for (let usd = 1; usd < 1000; usd++) {
      const one = [candidate('a', {}, { inputUsdPerToken: usd / 100 / 1e6 })];
      expect(maxPriceFilter<string>().keep(one, { maxInputUsdPerMillion: usd / 100 }, 0)).toBe(one);
    }
  });

  test('is refused with the limits', () => {
    expect(maxPriceFilter<string>().refusal('m', { maxInputUsdPerMillion: 1, maxOutputUsdPerMillion: 2 }).message).toBe(
      "No deployment of the model 'm' is known to cost, in USD for a million tokens, at most 1 of input and 2 of output.",
    );
    expect(maxPriceFilter<string>().refusal('m', { maxOutputUsdPerMillion: 2 }).message).toEndWith('at most 2 of output.');
  });
});
