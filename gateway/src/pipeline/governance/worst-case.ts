import { periodAt, SluiceError, type CallFallbacks, type JsonObject, type Needs } from 'sluice/kit';
import type { Deployment } from '../../config/snapshot.ts';
import type { Limit, WorstCase } from '../../limits/index.ts';
import type { CallState } from '../call-state.ts';
import { BodyNeeds } from '../needs.ts';
import { imageTokens } from './image-tokens.ts';
import { mayServe } from './may-serve.ts';
import { nanodollars } from './subject-limits.ts';
import { unpricedNanodollars } from './unpriced.ts';
import { highest, highRates, type HighRates } from './worst-rates.ts';
import { worstUsesOf, type WorstUses } from './worst-uses.ts';

/** What is taken for the length of an answer where neither the client nor the catalog bounds it. */
const unknownOutputTokens = 4096;
/** Of a limit of tokens, what a call takes at most that does not say how long its answer may be. */
const unsaidShare = 4;
/** Prices may change by the hour while a call runs. */
const hourMs = 3_600_000;

/** What is known of a call before it is made. */
export interface CallToBound {
  /** After the aliases of key and team; undefined: none is named. */
  readonly model: string | undefined;
  readonly body?: JsonObject | undefined;
  readonly needs?: (() => Needs) | undefined;
  readonly fallbacks?: CallFallbacks | undefined;
  /** It is a file of calls, and they are bounded already. */
  readonly batch?: BatchWorst | undefined;
  /** It is relayed as it is: nothing of its request was read. */
  readonly relayed?: boolean | undefined;
}

/** The most that a file of calls may use, at the prices of batches. */
export interface BatchWorst extends WorstCase {
  readonly requests: number;
  /** A model in it that has no price there. */
  readonly unpriced?: string | undefined;
  /** Nobody bills any of it. */
  readonly isFree?: boolean;
}

/** The most that a call may use of limits and budgets. */
export interface Bound {
  readonly worst: WorstCase;
  /** Whatever it uses, nobody bills it: budgets have no say in it. */
  readonly isFree: boolean;
}

const nothing: Bound = { worst: { inputTokens: 0, outputTokens: 0, costNanodollars: 0 }, isFree: false };

/**
 * The most that a call may use, of the deployments that may answer it and of those behind its fallbacks the dearest. What may
 * cost more is in docs/spend/budgets.md.
 * @param limits those that hold for it: what none of them counts is not worked out
 * @throws SluiceError `budget_exceeded` for a model without a price, where a budget holds and the settings say so
 */
export const worstCaseOf = (state: CallState, call: CallToBound, limits: readonly Limit[], at: number): Bound => {
  if (call.batch) return boundOfBatch(state, call.batch, limits);
  let hasMoney = false;
  let hasTokens = false;
  let tokensAtMost = Infinity;
  for (const { metric, max } of limits)
    if (metric === 'cost') hasMoney = true;
    else if (metric === 'tokens' || metric === 'output_tokens') {
      hasTokens = true;
      tokensAtMost = Math.min(tokensAtMost, max);
    } else if (metric === 'input_tokens') hasTokens = true;
  if (!hasMoney && !hasTokens) return nothing;
  const { model, needs, relayed } = call;
  const { budgets } = state.live.snapshot;
  if (relayed)
    return hasMoney ? { worst: { ...nothing.worst, costNanodollars: nanodollars(budgets.unknownCostUsd) }, isFree: false } : nothing;
  if (model === undefined || !needs) return nothing;

  const body = call.body ?? {};
  const { said, uses } = usesOf(state.route, body, needs());
  const { asked, fallbacks, changed } = mayServe(state, model, call.fallbacks);
  const sums: Sums = { output: 0, unsaid: false, nano: 0, isFree: true, found: false };
  for (const name of asked) addName(sums, state, name, { uses, limits, hasMoney, at, mustHavePrice: true });
  for (const name of fallbacks) addName(sums, state, name, { uses, limits, hasMoney, at, mustHavePrice: false });
  let inputTokens = said.inputTokens;
  for (const { name, overrides } of changed) {
    const other = { ...body, ...overrides };
    const { said: saidThen, uses: then } = usesOf(state.route, other, new BodyNeeds(other, Number.MAX_SAFE_INTEGER));
    inputTokens = Math.max(inputTokens, saidThen.inputTokens);
    addName(sums, state, name, { uses: then, limits, hasMoney, at, mustHavePrice: false });
  }

  const outputTokens = sums.unsaid ? Math.min(sums.output, Math.max(1, Math.floor(tokensAtMost / unsaidShare))) : sums.output;
  const hedged = state.live.snapshot.router.hedging ? 2 : 1;
  return {
    worst: {
      inputTokens,
      outputTokens,
      costNanodollars: Math.min(Number.MAX_SAFE_INTEGER, Math.ceil(sums.nano) * hedged),
    },
    isFree: hasMoney && sums.found && sums.isFree,
  };
};

type UsesAt = (deployment: Deployment) => WorstUses;

const usesOf = (route: string, body: JsonObject, needs: Needs): { said: WorstUses; uses: UsesAt } => {
  const said = worstUsesOf(route, body, needs);
  // What the configuration adds to a call (a class of service, choices, tools) is billed as if the call had asked for it.
  const uses: UsesAt = ({ defaults, extraBody }) =>
    addsToBill(defaults) || addsToBill(extraBody) ? worstUsesOf(route, { ...defaults, ...body, ...extraBody }, needs) : said;
  return { said, uses };
};

const boundOfBatch = (
  { live }: CallState,
  { requests, inputTokens, outputTokens, costNanodollars, unpriced: model, isFree = false }: BatchWorst,
  limits: readonly Limit[],
): Bound => {
  const holding = model !== undefined && live.snapshot.budgets.unpriced.policy === 'refuse' ? holdingOf(limits) : undefined;
  if (holding) throw unpriced(model!, 'batch', holding);
  return { worst: { requests, inputTokens, outputTokens, costNanodollars }, isFree };
};

const holdingOf = (limits: readonly Limit[]): Limit | undefined => limits.find(({ metric, soft }) => metric === 'cost' && !soft);

interface Sums {
  output: number;
  /** Nobody says how long an answer may be. */
  unsaid: boolean;
  nano: number;
  isFree: boolean;
  found: boolean;
}

interface Asking {
  readonly uses: UsesAt;
  readonly limits: readonly Limit[];
  readonly hasMoney: boolean;
  readonly at: number;
  /** A budget must not be passed by what nobody knows the price of (FP-25). */
  readonly mustHavePrice: boolean;
}

/** Members by which a call costs more, beside the length of its answer. */
const billed: readonly string[] = ['service_tier', 'serviceTier', 'n', 'best_of', 'tools', 'web_search_options', 'generationConfig'];
const addsToBill = (members: Readonly<Record<string, unknown>>): boolean => {
  for (const name of billed) if (members[name] !== undefined) return true;
  return false;
};

const addName = (sums: Sums, state: CallState, name: string, { uses: usesAt, limits, hasMoney, at, mustHavePrice }: Asking): void => {
  const { live } = state;
  const { budgets } = live.snapshot;
  for (const { deployment, model } of live.router.match(name)) {
    const { payload } = deployment;
    if (payload.autoRouter) continue;
    sums.found = true;
    const uses = usesAt(payload);
    const { tokens, said } = outputOf(uses, payload, model, live.factsOf(payload, model).maxOutputTokens);
    sums.output = Math.max(sums.output, tokens * uses.choices);
    if (!said) sums.unsaid = true;
    if (!hasMoney) continue;
    // What an answer of nobody's bound is taken for may be less than the model's maximum, where the operator says so.
    const output = (said ? tokens : Math.min(tokens, budgets.unsaidOutputTokens ?? Infinity)) * uses.choices;
    const provider = live.providerOf(payload) ?? payload.provider ?? '';
    const price = live.prices.priceOf(payload, provider, model, at);
    const cost = price === 'loading' ? undefined : price && picodollarsOf(price, uses, output, at);
    if (cost === 'free') continue;
    sums.isFree = false;
    if (price !== undefined && cost !== undefined) {
      const bound = live.prices.charged(provider, Math.ceil(cost / 1000));
      sums.nano = Math.max(sums.nano, uses.isUnknown || cost === 0 ? bound + nanodollars(budgets.unknownCostUsd) : bound);
    } else if (price !== 'loading' && !price?.terms?.reportsCost && mustHavePrice && budgets.unpriced.policy === 'refuse') {
      const holding = holdingOf(limits);
      if (holding) throw unpriced(name, price === undefined ? '' : uses.tier, holding);
    }
    if (cost === undefined) {
      // What is charged for a model without a price is known, as far as its tokens are.
      const isCharged = price === undefined && budgets.unpriced.policy !== 'refuse' && !uses.isUnknown;
      const fixed = price === undefined ? unpricedNanodollars(budgets.unpriced, uses.inputTokensAtMost + output) : 0;
      sums.nano = Math.max(sums.nano, fixed, isCharged ? 0 : nanodollars(budgets.unknownCostUsd));
    }
  }
};

const unpriced = (name: string, tier: string, { label }: Limit): SluiceError =>
  new SluiceError(
    'budget_exceeded',
    `No price is known for the model '${name.slice(0, 200)}'${tier === '' ? '' : ` in the service tier '${tier.slice(0, 100)}'`}, and the budget of ${label} must not be passed: set its prices ` +
      '(`litellm_params.input_cost_per_token`, `output_cost_per_token`), or let such calls be charged a fixed price (`sluice_settings.budgets.unpriced: charge`).',
    { param: 'model', status: 400 },
  );

/** How many tokens one answer of a deployment may have, and whether that is said by anybody but the model's maker. */
export const outputOf = (
  uses: WorstUses,
  { defaults, extraBody }: Deployment,
  model: string,
  most: number | undefined,
): { tokens: number; said: boolean } => {
  if (uses.noOutput) return { tokens: 0, said: true };
  if (uses.images > 0) {
    // What the configuration adds holds over what the call says, and what it presumes only where the call says nothing.
    const quality = textIn(extraBody['quality']) ?? uses.imageQuality ?? textIn(defaults['quality']);
    const size = textIn(extraBody['size']) ?? uses.imageSize ?? textIn(defaults['size']);
    return {
      tokens: imageTokens(model, { quality, size, partials: numberIn(extraBody['partial_images']) ?? uses.partialImages }),
      said: true,
    };
  }
  const wanted = maxIn(extraBody) ?? uses.outputTokens ?? maxIn(defaults);
  return wanted === undefined
    ? { tokens: most ?? unknownOutputTokens, said: false }
    : { tokens: Math.ceil(Math.min(wanted, most ?? Infinity)), said: true };
};

/** As the configuration sets it for all calls of a deployment. */
const maxIn = (members: Readonly<Record<string, unknown>>): number | undefined =>
  numberIn(members['max_completion_tokens']) ?? numberIn(members['max_tokens']) ?? numberIn(members['max_output_tokens']);

const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const numberIn = (value: unknown): number | undefined => (typeof value === 'number' && value > 0 ? value : undefined);

type PriceOf = Exclude<ReturnType<CallState['live']['prices']['priceOf']>, undefined | 'loading'>;

/** @returns picodollars; `free`: nobody bills it; undefined: its price is not known */
export const picodollarsOf = (price: PriceOf, uses: WorstUses, outputTokens: number, at: number): number | 'free' | undefined => {
  const { row, terms } = price;
  if (terms?.free && !row.own) return 'free';
  let most: number | undefined;
  let isFree = true;
  for (const moment of [at, at + hourMs]) {
    const period = periodAt(row.prices, moment);
    const rates = period && highRates(price, period, uses.tier, uses.inputTokensAtMost);
    if (!rates) return undefined;
    isFree &&= rates.isFree;
    most = Math.max(most ?? 0, sumOf(rates, uses, outputTokens));
    if (row.prices.length === 1 && !period.minutes) break;
  }
  return isFree ? 'free' : most;
};

const sumOf = (rates: HighRates, uses: WorstUses, outputTokens: number): number => {
  const perInput = Math.max(
    rates.inputKept > rates.input && uses.keepsAnHour() ? rates.inputKept : rates.input,
    uses.hasMedia ? rates.media : 0,
  );
  const byTokens = uses.inputTokensAtMost * perInput + outputTokens * rates.output;
  const byUnits =
    uses.images * imageRate(rates, uses) +
    uses.inputCharacters * rates.inputCharacters +
    uses.outputSeconds * rates.outputSeconds +
    uses.pages * rates.pages +
    uses.queries * rates.queries;
  let sum = Math.max(byTokens, byUnits) + rates.requests;
  if (uses.searches > 0) sum += Math.max(uses.searches * rates.searches, rates.searchedRequests);
  for (const [kind, count] of uses.tools) sum += count * (rates.tools[kind] ?? 0);
  return sum;
};

/** By what the request says of it, else the dearest that there is. */
const imageRate = ({ rates, times }: HighRates, { imageQuality: quality, imageSize: size }: WorstUses): number => {
  const by = rates.imagesBy;
  const said =
    by &&
    ((quality !== undefined && size !== undefined ? by[`${quality}/${size}`] : undefined) ?? (size === undefined ? undefined : by[size]));
  return Math.ceil(((said ?? Math.max(highest(by) ?? 0, rates.images ?? 0)) * times) / 10_000);
};
