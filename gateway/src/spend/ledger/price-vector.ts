import type { PriceLine } from '../event.ts';
import { clean } from './names.ts';

/** Prices that calls were worked out with, once for all of them: rows have their id, and their own counts (FP-13). */
export interface PriceVector {
  readonly id: string;
  /** JSON: `{"source":"…","lines":[["inputTokens",2500000],…]}`, picodollars for one. */
  readonly data: string;
}

/** There are as many as models with prices, and a few for each. */
const maxKnown = 5000;
const known = new Map<string, PriceVector>();

export const priceVectorOf = (prices: readonly PriceLine[], source = ''): PriceVector => {
  const data = JSON.stringify({ source: clean(source), lines: prices.map(([what, , unitPicodollars]) => [clean(what), unitPicodollars]) });
  const found = known.get(data);
  if (found) return found;
  const made = { id: new Bun.CryptoHasher('sha256').update(data).digest('hex').slice(0, 32), data };
  if (known.size >= maxKnown) known.clear();
  known.set(data, made);
  return made;
};

/** What calls cost by these prices, in nano-dollars: each line is rounded to a picodollar, the sum once, as when it was charged. */
export const costByPrices = (units: readonly number[], counts: readonly number[]): number => {
  let sum = 0;
  for (const [at, unit] of units.entries()) {
    const count = counts[at] ?? Number.NaN;
    sum += Number.isInteger(count) ? unit * count : Math.round(unit * count);
  }
  return Math.floor((sum + 500) / 1000);
};
