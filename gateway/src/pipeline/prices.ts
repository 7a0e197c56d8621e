import {
  adjust,
  costOf,
  loadCatalog,
  namesPrices,
  withOverride,
  type AdjustedCost,
  type Adjustment,
  type CallFacts,
  type Cost,
  type ModelRow,
  type Price,
  type PriceBook,
} from 'sluice/kit';
import type { ConfigSnapshot, Deployment } from '../config/snapshot.ts';

/** What a call cost, and what its caller is charged. */
export interface CallCost {
  cost: Cost;
  /** Where the cost is known. */
  charged?: AdjustedCost;
  /** Whether anything was taken off or put on. */
  adjusted: boolean;
}

/** The prices of one configuration. */
export interface Prices {
  /** What an answered call cost. @param deployment absent: the call was relayed @param at Unix milliseconds */
  costOf(deployment: Deployment | undefined, facts: CallFacts, at: number): CallCost;
  /** The price of a deployment's model; undefined: none is known; `loading`: prices are not there yet. @param at Unix milliseconds */
  priceOf(deployment: Deployment, provider: string, model: string, at: number): Price | 'loading' | undefined;
  /** What is charged for so much of a provider's bill: less its discount, with its margin. Nano-dollars. */
  charged(provider: string, nanodollars: number): number;
  /** What is known of a deployment's model, with what the configuration says of it. */
  rowOf(deployment: Deployment, provider: string, model: string, at: number): ModelRow | undefined;
}

/** Where prices are looked up; another book takes its place when newer prices were loaded. */
export interface PriceSource {
  readonly book: PriceBook | undefined;
}

/** More different models than this are asked for through wildcards only by mistake. */
const maxKnown = 2000;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const hostRegion = /^(eu|us)\.api\./;

/** The region that a price may hang on: as it is configured, by the address, or as the answer says. */
const regionOf = (options: Deployment['options'], { host, usage }: Pick<CallFacts, 'host' | 'usage'>): string | undefined => {
  const raw = usage?.raw as { inference_geo?: unknown } | undefined;
  return text(options?.['vertex_location']) ?? text(options?.['aws_region_name']) ?? hostRegion.exec(host)?.[1] ?? text(raw?.inference_geo);
};

/** Before it is known who answers. */
const nowhere = { host: '', usage: undefined };

/** What the configuration says of a deployment's model, in LiteLLM's names. */
const saidOf = (deployment: Deployment | undefined): Readonly<Record<string, unknown>> => ({
  ...deployment?.modelInfo,
  ...deployment?.prices,
});

/** A relayed call of nobody's model, whose price the configuration says (`cost_per_request`). */
const asSaid = (usd: number): Cost => {
  const picodollars = Math.round(usd * 1e12);
  const line = { what: 'requests', count: 1, unitPicodollars: picodollars, picodollars };
  return { known: true, nanoDollars: Math.round(picodollars / 1000), lines: [line], source: 'the configuration' };
};

export const createPrices = ({ costs }: ConfigSnapshot, source: PriceSource): Prices => {
  /** Looked up once for a deployment and a model, and anew when there are other prices. */
  let known = new Map<string, Price | undefined>();
  let of = source.book;

  const lookUp = (
    book: PriceBook,
    deployment: Deployment | undefined,
    provider: string,
    model: string,
    region: string | undefined,
    at: number,
  ): Price | undefined => {
    const baseModel = deployment?.baseModel;
    // `base_model` may say its provider, as LiteLLM's users write it: `azure/gpt-4o`.
    const slash = baseModel?.indexOf('/') ?? -1;
    const real = baseModel === undefined ? undefined : baseModel.slice(0, slash) === provider ? baseModel.slice(slash + 1) : baseModel;
    const price = (real === undefined ? undefined : book.price(provider, real, region)) ?? book.price(provider, model, region);
    const said = saidOf(deployment);
    if (Object.keys(said).length === 0) return price;
    const row = withOverride(price?.row, { provider, id: real ?? model, fields: said, at, source: 'the configuration' });
    if (!price && !namesPrices(said)) return undefined;
    return { row, terms: price?.terms };
  };

  const priceOf = (
    deployment: Deployment | undefined,
    provider: string,
    model: string,
    region: string | undefined,
    at: number,
  ): Price | undefined => {
    const { book } = source;
    if (!book) return undefined;
    if (book !== of || known.size >= maxKnown) {
      known = new Map();
      of = book;
    }
    const key = `${deployment?.id ?? ''}\n${provider}\n${model}\n${region ?? ''}`;
    const found = known.get(key);
    if (found || known.has(key)) return found;
    const price = lookUp(book, deployment, provider, model, region, at);
    known.set(key, price);
    return price;
  };

  const adjustmentOf = (provider: string): { adjustment: Adjustment; adjusted: boolean } => {
    const discount = Object.hasOwn(costs.discounts, provider) ? costs.discounts[provider] : undefined;
    const margin = Object.hasOwn(costs.margins, provider) ? costs.margins[provider] : costs.margins['global'];
    return {
      adjustment: { discount: discount ?? 0, margin: margin?.share ?? 0, fixedUsd: margin?.fixedUsd ?? 0 },
      adjusted: discount !== undefined || margin !== undefined,
    };
  };

  return {
    costOf(deployment, facts, at) {
      const { provider, model, usage } = facts;
      const region = regionOf(deployment?.options, facts);
      const price = priceOf(deployment, provider, model, region, at);
      const cost =
        price || deployment || usage?.providerCostUsd === undefined
          ? costOf(usage, price, { at, ...(region !== undefined && { region }), ...(facts.batch === true && { batch: true }) })
          : asSaid(usage.providerCostUsd);
      if (!cost.known) return { cost, adjusted: false };
      const { adjustment, adjusted } = adjustmentOf(provider);
      return { cost, charged: adjust(cost.nanoDollars, adjustment), adjusted };
    },
    priceOf: (deployment, provider, model, at) => {
      if (!source.book) return 'loading';
      return priceOf(deployment, provider, model, regionOf(deployment.options, nowhere), at);
    },
    charged: (provider, nanodollars) => adjust(nanodollars, adjustmentOf(provider).adjustment).total,
    rowOf: (deployment, provider, model, at) => priceOf(deployment, provider, model, undefined, at)?.row,
  };
};

/** The prices that Sluice comes with; they are there a few milliseconds after they are asked for. */
export const builtInPrices = (): { book: PriceBook | undefined; readonly ready: Promise<PriceBook> } => {
  const source: { book: PriceBook | undefined; ready: Promise<PriceBook> } = {
    book: undefined,
    ready: loadCatalog().then((book) => (source.book ??= book)),
  };
  return source;
};
