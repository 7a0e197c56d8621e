import type { Limit, Metric, Used, WorstCase } from './types.ts';

/** What a call may use of a metric at worst. */
export const worstOf = (metric: Metric, { requests = 1, inputTokens, outputTokens, costNanodollars }: WorstCase): number => {
  if (metric === 'requests') return requests;
  if (metric === 'parallel') return 1;
  if (metric === 'cost') return costNanodollars;
  return metric === 'tokens' ? inputTokens + outputTokens : metric === 'input_tokens' ? inputTokens : outputTokens;
};

/** What a call used of a metric. */
export const usedOf = (metric: Metric, { requests = 1, inputTokens = 0, outputTokens = 0, costNanodollars = 0 }: Used): number => {
  if (metric === 'requests') return requests;
  // A call that has ended is under way no more.
  if (metric === 'parallel') return 0;
  return worstOf(metric, { inputTokens, outputTokens, costNanodollars });
};

/** @throws RangeError */
export const checkWorst = ({ requests = 1, inputTokens, outputTokens, costNanodollars }: WorstCase): void => {
  checkAmount('requests', requests);
  checkAmount('inputTokens', inputTokens);
  checkAmount('outputTokens', outputTokens);
  checkAmount('costNanodollars', costNanodollars);
};

/** @throws RangeError */
export const checkUsed = ({ requests = 0, inputTokens = 0, outputTokens = 0, costNanodollars = 0 }: Used): void => {
  checkAmount('requests', requests);
  checkWorst({ inputTokens, outputTokens, costNanodollars });
};

/** One amount that is none would make a sum none for ever, and what is compared with that is let in or refused for ever. */
export const checkAmount = (name: string, value: number): void => {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${name} must be a whole number from 0, not ${value}`);
};

/** @throws RangeError for what cannot be counted */
export const checkLimit = ({ subject, metric, max, windowMs, period }: Limit): void => {
  if (!(max >= 0)) throw new RangeError(`${subject}: the maximum of ${metric} must be a number from 0, not ${max}`);
  if (windowMs === undefined && !period) return;
  if (metric === 'parallel' || (windowMs !== undefined && period))
    throw new RangeError(`${subject}: ${metric} has a window or a period that it cannot have`);
  if (windowMs !== undefined && !(Number.isSafeInteger(windowMs) && windowMs > 0))
    throw new RangeError(`${subject}: the window of ${metric} must be milliseconds, not ${windowMs}`);
};
