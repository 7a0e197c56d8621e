import type { JsonObject } from 'sluice/kit';
import type { Deployment } from '../../config/snapshot.ts';
import type { Live } from '../live.ts';
import { BodyNeeds } from '../needs.ts';
import { nanodollars } from './subject-limits.ts';
import { unpricedNanodollars } from './unpriced.ts';
import { outputOf, picodollarsOf } from './worst-case.ts';
import { worstUsesOf } from './worst-uses.ts';

/** One request of a batch. */
interface BatchedRequest {
  /** The path that it is for: `/v1/embeddings`. */
  readonly url: string;
  readonly body: JsonObject;
  /** Of its text; 0: not known. */
  readonly length: number;
}

/** The most that one request of a batch may be. */
interface WorstBatched {
  readonly inputTokens: number;
  readonly nanodollars: number;
  readonly isFree: boolean;
  /** No price is known for it. */
  readonly isUnpriced: boolean;
}

/** What a body means at a path, by the routes' names. */
const routes: readonly (readonly [path: RegExp, route: string])[] = [
  [/\/chat\/completions$/, 'chat'],
  [/\/completions$/, 'completions'],
  [/\/responses$/, 'responses'],
  [/\/embeddings$/, 'embeddings'],
  [/\/moderations$/, 'moderations'],
  [/\/images\/generations$/, 'images_generations'],
  [/\/images\/edits$/, 'images_edits'],
  [/\/videos$/, 'videos'],
  [/\/ocr$/, 'ocr'],
  [/\/rerank$/, 'rerank'],
];

/** At one deployment, at the prices of batches. @param model the upstream's name of it @param at Unix milliseconds */
export const worstInBatch = (
  live: Live,
  deployment: Deployment,
  model: string,
  { url, body, length }: BatchedRequest,
  at: number,
): WorstBatched => {
  const { budgets } = live.snapshot;
  const route = routes.find(([path]) => path.test(url))?.[1] ?? 'batch';
  const uses = { ...worstUsesOf(route, body, new BodyNeeds(body, length)), tier: 'batch' };
  const { inputTokens } = uses;
  const provider = live.providerOf(deployment) ?? deployment.provider ?? '';
  const { tokens, said } = outputOf(uses, deployment, model, live.factsOf(deployment, model).maxOutputTokens);
  const billed = (said ? tokens : Math.min(tokens, budgets.unsaidOutputTokens ?? Infinity)) * uses.choices;
  const price = live.prices.priceOf(deployment, provider, model, at);
  const cost = price === 'loading' || price === undefined ? undefined : picodollarsOf(price, uses, billed, at);
  if (cost === 'free') return { inputTokens, nanodollars: 0, isFree: true, isUnpriced: false };
  const known = { inputTokens, isFree: false, isUnpriced: cost === undefined && price !== 'loading' };
  if (cost !== undefined) {
    const most = live.prices.charged(provider, Math.ceil(cost / 1000));
    return { ...known, nanodollars: uses.isUnknown || cost === 0 ? most + nanodollars(budgets.unknownCostUsd) : most };
  }
  return {
    ...known,
    nanodollars: Math.max(nanodollars(budgets.unknownCostUsd), unpricedNanodollars(budgets.unpriced, uses.inputTokensAtMost + billed)),
  };
};
