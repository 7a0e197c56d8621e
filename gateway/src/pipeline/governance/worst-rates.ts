import type { ModelRow, Price } from 'sluice/kit';

export type PricePeriod = ModelRow['prices'][number];
export type Rates = PricePeriod['rates'];

/** The most that one unit of a call may cost, in picodollars. What a model is not billed by is 0. */
export interface HighRates {
  /** Of a token that goes in, also one that is written into the provider's cache on the way. */
  readonly input: number;
  /** The same, where the call asks for it to be kept an hour. */
  readonly inputKept: number;
  /** Of a token of pictures, sound or video that goes in. */
  readonly media: number;
  /** Of a token that comes out, whatever it is: text, reasoning, sound, a picture. */
  readonly output: number;
  readonly requests: number;
  /** Of one search of the web, and of a request that searched at all. */
  readonly searches: number;
  readonly searchedRequests: number;
  readonly tools: Readonly<Record<string, number>>;
  readonly inputCharacters: number;
  readonly outputSeconds: number;
  readonly pages: number;
  readonly queries: number;
  /** By quality and size, as the price list has it: looked up by the call. */
  readonly rates: Rates;
  /** Ten-thousandths, for what is looked up in `rates`. */
  readonly times: number;
  /** Nothing of it costs anything. */
  readonly isFree: boolean;
}

/** Classes of service at the base price, whatever they are called. */
const standard = new Set(['', 'default', 'standard', 'standard_only', 'auto', 'on_demand', 'on-demand', 'ondemand', 'regular', 'none']);

const known = new WeakMap<PricePeriod, Map<string, HighRates | undefined>>();
/** Clients make up names of classes. */
const maxTiers = 64;

/**
 * The highest rates of a price for a class of service and a length of the input. Every price that may hold is in it: those of
 * all the lengths up to that one, and what any region adds.
 * @returns undefined where the class has no known price
 */
export const highRates = (price: Price, period: PricePeriod, tier: string, inputTokens: number): HighRates | undefined => {
  let bracket = 0;
  while (bracket < period.above.length && inputTokens > period.above[bracket]!.tokens) bracket++;
  const id = `${bracket} ${standard.has(tier) ? '' : tier}`;
  let ofPeriod = known.get(period);
  if (!ofPeriod) known.set(period, (ofPeriod = new Map()));
  if (ofPeriod.has(id)) return ofPeriod.get(id);
  const made = make(price, period, standard.has(tier) ? '' : tier, inputTokens);
  if (ofPeriod.size < maxTiers) ofPeriod.set(id, made);
  return made;
};

const make = ({ row, terms }: Price, period: PricePeriod, tier: string, inputTokens: number): HighRates | undefined => {
  let all = upTo(period.rates, period.above, inputTokens);
  let times = 10_000;
  if (tier !== '') {
    const own = Object.hasOwn(period.tiers, tier) ? period.tiers[tier] : undefined;
    const ofVendor = own
      ? undefined
      : (tier === 'batch' ? terms?.batch : terms?.tiers && Object.hasOwn(terms.tiers, tier) ? terms.tiers[tier] : undefined)?.find(
          ({ models }) => !models || models.test(row.id),
        );
    if (own && !('times' in own)) {
      const ofTier = upTo({ ...period.rates, ...own.rates }, own.above, inputTokens);
      // A vendor may serve a call in another class than it asked for; a batch it does not.
      all = tier === 'batch' ? ofTier : [...all, ...ofTier];
    } else if (own || ofVendor) times = (own as { times: number } | undefined)?.times ?? ofVendor!.times;
    else return undefined;
  }
  const regional = Math.max(
    10_000,
    ...(terms?.regional ?? []).filter(({ models }) => !models || models.test(row.id)).map((each) => each.times),
  );
  times = (times / 10_000) * regional;
  const most = (...pick: ((rates: Rates) => number | undefined)[]): number =>
    Math.max(0, ...all.flatMap((rates) => pick.map((one) => one(rates) ?? 0)));
  const token = (...pick: ((rates: Rates) => number | undefined)[]): number => Math.ceil((most(...pick) * times) / 10_000);
  const tools: Record<string, number> = { ...terms?.tools };
  for (const rates of all) for (const [kind, rate] of Object.entries(rates.tools ?? {})) tools[kind] = Math.max(rate, tools[kind] ?? 0);
  const text = [(each: Rates) => each.inputTokens, (each: Rates) => each.cacheWriteTokens];
  return {
    input: token(...text),
    inputKept: token(...text, (each) => each.cacheWrite1hTokens),
    media: token(
      ...text,
      (each) => each.inputImageTokens,
      (each) => each.inputVideoTokens,
      (each) => each.inputAudioTokens,
    ),
    output: token(
      (each) => each.outputTokens,
      (each) => each.reasoningTokens,
      (each) => each.outputAudioTokens,
      (each) => each.outputImageTokens,
    ),
    requests: most(
      (each) => each.requests,
      (each) => highest(each.requestsBy),
    ),
    searches: Math.max(
      terms?.webSearches ?? 0,
      most(
        (each) => each.webSearches,
        (each) => highest(each.webSearchesBy),
      ),
    ),
    searchedRequests: most((each) => each.searchedRequests),
    tools,
    inputCharacters: token((each) => each.inputCharacters),
    outputSeconds: token(
      (each) => each.outputSeconds,
      (each) => highest(each.outputSecondsBySize),
    ),
    pages: token((each) => each.pages),
    queries: token((each) => each.queries),
    rates: period.rates,
    times,
    isFree:
      all.every((rates) => Object.values(rates).every((rate) => rate === 0)) &&
      Object.keys(period.rates).length > 0 &&
      period.above.length === 0 &&
      Object.keys(period.tiers).length === 0,
  };
};

const upTo = (base: Rates, above: PricePeriod['above'], tokens: number): Rates[] => [
  base,
  ...above.filter((each) => tokens > each.tokens).map((each) => ({ ...base, ...each.rates })),
];

export const highest = (table: Readonly<Record<string, number>> | undefined): number | undefined =>
  table ? Math.max(0, ...Object.values(table)) : undefined;
