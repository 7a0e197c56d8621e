import { totalInputTokens, totalOutputTokens, type Usage } from '../types/index.ts';
import type { ModelRow, PricePeriod } from './model-row.ts';
import type { Rates } from './rates.ts';
import type { ProviderTerms } from './terms.ts';
import { units } from './cost-units.ts';
import { tokenMeasures } from './cost-tokens.ts';

/** What a model costs: its row, and what its provider says of all prices. Looked up once for a deployment and a model. */
export interface Price {
  row: ModelRow;
  terms: ProviderTerms | undefined;
}

/** What else decides of a call's price. */
export interface CostFacts {
  /** What the answer says that it was served at goes before it. */
  serviceTier?: string;
  batch?: boolean;
  /** `eu`, `us-east-1`, `global`. */
  region?: string;
  /** Unix milliseconds. */
  at?: number;
  /** How much a search was let read: `low`, `medium`, `high`. */
  searchContextSize?: string;
}

/** One line of a bill: `count` times `unitPicodollars`, rounded to a whole picodollar where the count has fractions. */
export interface CostLine {
  /** A member of `Usage` or of its `units`, a tool as `tool:<kind>`. */
  what: string;
  count: number;
  unitPicodollars: number;
  picodollars: number;
}

/** What a call cost. What is not known is said to be unknown and is never 0; 0 is known to be free. */
export type Cost =
  | {
      known: true;
      /** Billionths of a US dollar: the sum of the lines, rounded once, half up. */
      nanoDollars: number;
      lines: readonly CostLine[];
      /** Where the price comes from, and when it was read. */
      source: string;
    }
  | { known: false; why: string };

const unknown = (why: string): Cost => ({ known: false, why });

const nanoOf = (picodollars: number): number => Math.floor((picodollars + 500) / 1000);

/** One line alone, for what is not priced by the unit. */
const figure = (what: string, picodollars: number, source: string): Cost => ({
  known: true,
  nanoDollars: nanoOf(picodollars),
  lines: [{ what, count: 1, unitPicodollars: picodollars, picodollars }],
  source,
});

const free = (source: string): Cost => ({ known: true, nanoDollars: 0, lines: [], source });

/** Classes of service at the base price, whatever they are called. */
const standard = new Set(['default', 'standard', 'standard_only', 'auto', 'on_demand', 'on-demand', 'ondemand', 'regular', 'none', '']);

const minuteOf = (at: number): number => Math.floor(at / 60_000) % 1440;

const holds = ({ from, minutes }: PricePeriod, at: number): boolean => {
  if (from !== undefined && at < from) return false;
  if (!minutes) return true;
  const minute = minuteOf(at);
  return (minute >= minutes[0] && minute < minutes[1]) || minute + 1440 < minutes[1];
};

/** The last period that holds; most models have one alone. @param at Unix milliseconds */
export const periodAt = (prices: readonly PricePeriod[], at: number): PricePeriod | undefined => {
  for (let index = prices.length - 1; index >= 0; index--) if (holds(prices[index]!, at)) return prices[index];
  return undefined;
};

interface Charged {
  rates: Rates;
  /** What the rates are multiplied by, in ten-thousandths. */
  times: number;
}

const isAbove = (above: PricePeriod['above'], tokens: number): boolean => above.some((each) => tokens > each.tokens);

const aboveOf = (rates: Rates, above: PricePeriod['above'], tokens: number): Rates => {
  for (let index = above.length - 1; index >= 0; index--) if (tokens > above[index]!.tokens) return { ...rates, ...above[index]!.rates };
  return rates;
};

const multipleOf = (multiples: readonly { models?: RegExp; times: number }[] | undefined, model: string): number | undefined =>
  multiples?.find(({ models }) => !models || models.test(model))?.times;

const chargedAt = (period: PricePeriod, { row, terms }: Price, tier: string, batch: boolean, tokens: number): Charged | string => {
  const base = aboveOf(period.rates, period.above, tokens);
  const name = batch ? 'batch' : tier;
  if (!batch && standard.has(name)) return { rates: base, times: 10_000 };
  const own = Object.hasOwn(period.tiers, name) ? period.tiers[name] : undefined;
  if (own) {
    if ('times' in own) return { rates: base, times: own.times };
    if (isAbove(period.above, tokens) && !isAbove(own.above, tokens))
      return `${row.id} has no known price for the service tier '${name}' with so long an input`;
    return { rates: { ...base, ...aboveOf(own.rates, own.above, tokens) }, times: 10_000 };
  }
  const times = batch
    ? multipleOf(terms?.batch, row.id)
    : multipleOf(terms?.tiers && Object.hasOwn(terms.tiers, name) ? terms.tiers[name] : undefined, row.id);
  return times === undefined
    ? `${row.id} has no known price for ${batch ? 'batches' : `the service tier '${name}'`}`
    : { rates: base, times };
};

/** Every price is said, and is nothing. */
const isFree = ({ rates, above, tiers }: PricePeriod): boolean => {
  const prices = Object.values(rates);
  return prices.length > 0 && prices.every((each) => each === 0) && above.length === 0 && Object.keys(tiers).length === 0;
};

/** What the region adds, where the row is not the region's own. */
const regionalOf = ({ row, terms }: Price, region: string | undefined): number =>
  (region !== undefined &&
    !row.id.startsWith(`${region}/`) &&
    terms?.regional?.find(({ models, regions }) => regions.test(region) && (!models || models.test(row.id)))?.times) ||
  10_000;

/**
 * What a call cost. Pure: the same for a whole answer, a stream, a batch, a realtime session and one that was passed
 * through. An answer that counts nothing of what the model is billed by (a reranker's without its search units) is of an
 * unknown cost: 0 is what counted to 0 or is known to be free. Prices are whole picodollars and counts are whole, so that lines are exact; the sum is rounded once.
 * @param usage disjoint counts (`types/usage.ts`)
 */
export const costOf = (usage: Usage | undefined, price: Price | undefined, facts: CostFacts = {}): Cost => {
  if (!price) return unknown('no price is known for this model');
  const { row, terms } = price;
  // A bill of nothing for tokens that have a price is no bill (FP-14): they are counted.
  const said = usage?.providerCostUsd;
  if (usage && said !== undefined && terms?.reportsCost && !row.own && (said > 0 || isNothing(usage)))
    return figure('provider', Math.round(said * 1e12), `said by the provider; ${terms.source}`);
  if (terms?.free && !row.own) return free(terms.source);
  if (row.prices.length === 0) return unknown(`no price is known for ${row.provider}/${row.id}`);
  const period = periodAt(row.prices, facts.at ?? Date.now());
  if (!period) return unknown(`no price of ${row.provider}/${row.id} holds at that time`);
  if (!usage) return isFree(period) ? free(row.source) : unknown('the provider did not say what was used');
  const tier = (usage.serviceTier ?? facts.serviceTier ?? '').toLowerCase();
  const charged = chargedAt(period, price, tier, facts.batch === true, totalInputTokens(usage));
  if (typeof charged === 'string') return unknown(charged);
  const { rates } = charged;
  const times = (charged.times / 10_000) * regionalOf(price, facts.region);
  const lines: CostLine[] = [];
  let sum = 0;
  const add = (what: string, count: number, rate: number, multiplied: boolean): void => {
    const unitPicodollars = multiplied && times !== 10_000 ? Math.round((rate * times) / 10_000) : rate;
    const picodollars = Number.isInteger(count) ? unitPicodollars * count : Math.round(unitPicodollars * count);
    lines.push({ what, count, unitPicodollars, picodollars });
    sum += picodollars;
  };

  const tokens = totalInputTokens(usage) + totalOutputTokens(usage);
  const byUnit = units(usage, rates, facts);
  const byToken = tokens > 0 && (rates.inputTokens !== undefined || rates.outputTokens !== undefined);
  if (byToken) {
    for (const { count, rate } of tokenMeasures) {
      const number = usage[count];
      if (!number) continue;
      const unit = rate(rates, terms);
      if (unit === undefined) return unknown(`${row.provider}/${row.id} has no known price for ${count}`);
      add(count, number, unit, true);
    }
  } else if (tokens > 0 && !byUnit.some(({ rate }) => rate !== undefined))
    return unknown(`${row.provider}/${row.id} has no known price for tokens`);
  for (const { what, count, rate, besides } of byUnit) {
    // The same work told by another measure: it is billed by tokens.
    if (byToken && !besides) continue;
    if (rate === undefined) return unknown(`${row.provider}/${row.id} has no known price for ${what}`);
    add(what, count, rate, !besides);
  }
  for (const { what, count, rate } of toolUses(usage, rates, terms, facts)) {
    if (rate === undefined) return unknown(`${row.provider}/${row.id} has no known price for ${what}`);
    add(what, count, rate, false);
  }
  if (lines.length === 0 && !isFree(period)) return unknown(`nothing was counted that ${row.provider}/${row.id} is billed by`);
  if (!Number.isSafeInteger(sum)) return unknown('the sum is larger than can be counted exactly');
  return { known: true, nanoDollars: nanoOf(sum), lines, source: row.source };
};

const isNothing = (usage: Usage): boolean => totalInputTokens(usage) + totalOutputTokens(usage) === 0 && !usage.units;

interface Use {
  what: string;
  count: number;
  rate: number | undefined;
}

const toolUses = (usage: Usage, rates: Rates, terms: ProviderTerms | undefined, { searchContextSize = 'medium' }: CostFacts): Use[] => {
  const uses: Use[] = [];
  const searches = usage.webSearchRequests;
  if (searches) {
    if (rates.searchedRequests !== undefined) uses.push({ what: 'webSearchRequests', count: 1, rate: rates.searchedRequests });
    else
      uses.push({
        what: 'webSearchRequests',
        count: searches,
        rate: rates.webSearchesBy?.[searchContextSize] ?? rates.webSearches ?? terms?.webSearches,
      });
  }
  const tools = usage.units?.tools;
  if (tools)
    for (const [kind, count] of Object.entries(tools))
      if (count > 0) uses.push({ what: `tool:${kind}`, count, rate: rates.tools?.[kind] ?? terms?.tools?.[kind] });
  return uses;
};
