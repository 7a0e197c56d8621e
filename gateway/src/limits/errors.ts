import { SluiceError } from 'sluice/kit';
import type { Limit, Metric, Refusal, WorstCase } from './types.ts';

export interface RefusalErrorOptions {
  /** Unix milliseconds. */
  readonly now: number;
  /**
   * The status of a spent budget (`budget_exceeded_status_code`): LiteLLM has had 400 (v1.81), 429 (mid-2026) and 422 (v1.104).
   * Default: 400.
   */
  readonly budgetExceededStatusCode?: number;
  /** It is a file of calls that had no room, and so much is in it. */
  readonly batch?: WorstCase | undefined;
}

/** Where nobody knows when a parallel call ends. */
const usualWaitMs = 1000;

/**
 * What a client is told of a refusal: which limit, its value, what is used of it, and when there is room. Budgets are
 * `budget_exceeded`, all else is `rate_limited`, with a type of its own by which clients of OpenAI's format can tell it from a
 * provider's (LiteLLM's `throttling_error`, github.com/BerriAI/litellm/pull/31300, read 2026-11-22). What never fits has no
 * wait, and is not to be tried again.
 */
export const refusalError = (refusal: Refusal, { now, budgetExceededStatusCode = 400, batch }: RefusalErrorOptions): SluiceError => {
  const { limit, resetsAt } = refusal;
  const message = batch
    ? `The batch has ${batch.requests} requests and about ${batch.inputTokens} input tokens. ${reasonOf(refusal, 'The batch')} ${adviceOfBatch(refusal, now)}`
    : `${reasonOf(refusal, 'This call')} ${adviceOf(refusal, now)}`;
  const waitMs =
    resetsAt !== undefined ? Math.max(0, resetsAt - now) : fits(refusal) && limit.metric === 'parallel' ? usualWaitMs : undefined;
  const wait = waitMs !== undefined && { retryAfterMs: waitMs };
  const error =
    limit.metric === 'cost'
      ? new SluiceError('budget_exceeded', message, { status: budgetExceededStatusCode, ...wait })
      : new SluiceError('rate_limited', message, { type: 'throttling_error', retry: waitMs !== undefined, ...wait });
  refusals.set(error, refusal);
  return error;
};

const refusals = new WeakMap<SluiceError, Refusal>();

/** The limit that an error is about; undefined: it is about none of the gateway's. */
export const refusalOf = (error: unknown): Refusal | undefined => (SluiceError.is(error) ? refusals.get(error) : undefined);

const fits = ({ limit, asked }: Refusal): boolean => limit.max > 0 && asked <= limit.max;

const reasonOf = (refusal: Refusal, who: string): string => {
  const { limit, used, asked } = refusal;
  const { metric, max, label } = limit;
  const show = (amount: number): string => (metric === 'cost' ? `$${dollars(amount)}` : String(amount));
  const what = names[metric];
  if (max === 0) return `The limit of ${label} is 0 ${what}${spanOf(limit)}: it lets nothing through.`;
  if (!fits(refusal))
    return `${who} may use ${show(asked)} ${what}, more than the whole limit of ${label}, which is ${show(max)} ${what}${spanOf(limit)}.`;
  return `The limit of ${label} is reached: ${show(used)} of ${show(max)} ${what}${spanOf(limit)} are used or reserved, and ${who.toLowerCase()} may use ${show(asked)}.`;
};

const adviceOf = (refusal: Refusal, now: number): string => {
  const { limit, resetsAt } = refusal;
  if (resetsAt !== undefined)
    return `It has room again at ${new Date(resetsAt).toISOString()}, in ${Math.max(1, Math.ceil((resetsAt - now) / 1000))} s.${hintOf(refusal)}`;
  if (limit.max > 0 && !fits(refusal)) return 'Ask for less (a lower `max_tokens`, a shorter prompt), or have the limit raised.';
  return fits(refusal) && limit.metric === 'parallel'
    ? 'Try again when another call has ended.'
    : `It never resets: have the limit raised.${hintOf(refusal)}`;
};

const adviceOfBatch = (refusal: Refusal, now: number): string =>
  refusal.limit.max > 0 && !fits(refusal) ? 'Make smaller batches of it, or have the limit raised.' : adviceOf(refusal, now);

/** What is taken is the most that the call may cost: one that says how long its answer may be needs less. */
const hintOf = ({ limit, used }: Refusal): string =>
  limit.metric === 'cost' && used < limit.max ? ' Something is left: a call with a lower `max_tokens` may fit.' : '';

const names: Readonly<Record<Metric, string>> = {
  requests: 'requests',
  tokens: 'tokens',
  input_tokens: 'input tokens',
  output_tokens: 'output tokens',
  parallel: 'parallel calls',
  cost: 'of spend',
};

const spanOf = ({ windowMs, period }: Limit): string => {
  if (windowMs !== undefined) return windowMs === 60_000 ? ' a minute' : ` in ${windowMs / 1000} s`;
  return period ? ' in this period' : '';
};

/** At least cents, and no more digits than are needed. */
const dollars = (nanodollars: number): string => (nanodollars / 1e9).toFixed(9).replace(/0{1,7}$/, '');
