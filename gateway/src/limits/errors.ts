import { SluiceError } from 'sluice/kit';
import type { Limit, Metric, Refusal } from './types.ts';

export interface RefusalErrorOptions {
  /** Unix milliseconds. */
  readonly now: number;
  /**
   * The status of a spent budget (`budget_exceeded_status_code`): LiteLLM has had 400 (v1.81), 429 (mid-2026) and 422 (v1.104).
   * Default: 400.
   */
  readonly budgetExceededStatusCode?: number;
}

/** Where nobody knows when a parallel call ends. */
const usualWaitMs = 1000;

/**
 * What a client is told of a refusal: which limit, its value, what is used of it, and when there is room. Budgets are
 * `budget_exceeded`, all else is `rate_limited`. What never fits has no wait, and is not to be tried again.
 */
export const refusalError = (refusal: Refusal, { now, budgetExceededStatusCode = 400 }: RefusalErrorOptions): SluiceError => {
  const { limit, resetsAt } = refusal;
  const message = `${reasonOf(refusal)} ${adviceOf(refusal, now)}`;
  const waitMs =
    resetsAt !== undefined ? Math.max(0, resetsAt - now) : fits(refusal) && limit.metric === 'parallel' ? usualWaitMs : undefined;
  const wait = waitMs !== undefined && { retryAfterMs: waitMs };
  return limit.metric === 'cost'
    ? new SluiceError('budget_exceeded', message, { status: budgetExceededStatusCode, ...wait })
    : new SluiceError('rate_limited', message, { retry: waitMs !== undefined, ...wait });
};

const fits = ({ limit, asked }: Refusal): boolean => limit.max > 0 && asked <= limit.max;

const reasonOf = (refusal: Refusal): string => {
  const { limit, used, asked } = refusal;
  const { metric, max, label } = limit;
  const show = (amount: number): string => (metric === 'cost' ? `$${dollars(amount)}` : String(amount));
  const what = names[metric];
  if (max === 0) return `The limit of ${label} is 0 ${what}${spanOf(limit)}: it lets nothing through.`;
  if (!fits(refusal))
    return `This call may use ${show(asked)} ${what}, more than the whole limit of ${label}, which is ${show(max)} ${what}${spanOf(limit)}.`;
  return `The limit of ${label} is reached: ${show(used)} of ${show(max)} ${what}${spanOf(limit)} are used or reserved, and this call may use ${show(asked)}.`;
};

const adviceOf = (refusal: Refusal, now: number): string => {
  const { limit, resetsAt } = refusal;
  if (resetsAt !== undefined)
    return `It has room again at ${new Date(resetsAt).toISOString()}, in ${Math.max(1, Math.ceil((resetsAt - now) / 1000))} s.`;
  if (limit.max > 0 && !fits(refusal)) return 'Ask for less (a lower `max_tokens`, a shorter prompt), or have the limit raised.';
  return fits(refusal) && limit.metric === 'parallel'
    ? 'Try again when another call has ended.'
    : 'It never resets: have the limit raised.';
};

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
