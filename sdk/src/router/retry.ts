import { backoffMs, defaultBackoff, type Backoff } from '../lib/backoff.ts';
import type { ErrorCode, SluiceError } from '../types/index.ts';
import { failureClassOf, type ByFailureClass } from './settings.ts';

/** What a failed try allows: the same deployment again, only another one, or nothing. */
export type Retry = 'again' | 'elsewhere' | 'no';

/** Failures that are this deployment's own (its key, its rights, its account, its models): another one may answer. */
const elsewhere: ReadonlySet<ErrorCode> = new Set(['authentication', 'permission_denied', 'payment_required', 'not_found']);

/** @param policy counts by kind of failure: where one is set, it decides alone */
export const retryOf = (error: SluiceError, policy?: ByFailureClass): Retry => {
  if (error.code === 'client_closed_request') return 'no';
  const count = retriesByPolicy(error, policy);
  if (count !== undefined) return count > 0 ? 'again' : 'no';
  if (error.retry) return 'again';
  return elsewhere.has(error.code) ? 'elsewhere' : 'no';
};

/** How often such a failure is tried again, where a policy says. */
export const retriesByPolicy = (error: SluiceError, policy: ByFailureClass | undefined): number | undefined => {
  const kind = policy && failureClassOf(error.code);
  return kind && policy[kind];
};

/** A vendor that asks for a longer wait than this is not waited for so long. */
const maxRetryAfterMs = 60_000;

export interface WaitOptions {
  backoff?: Backoff;
  /** Least wait before the same deployment is tried again. */
  minWaitMs?: number;
  random: () => number;
}

/**
 * The wait before a deployment that has been tried is tried again, in milliseconds: what the vendor asked for, up to a
 * minute, else growing waits with jitter.
 * @param retry 0 for the first such wait
 */
export const waitMs = (error: SluiceError, retry: number, { backoff = defaultBackoff, minWaitMs = 0, random }: WaitOptions): number => {
  const asked = error.retryAfterMs;
  const wait = asked !== undefined && asked > 0 && asked <= maxRetryAfterMs ? asked : backoffMs(retry, random, backoff);
  return Math.max(wait, minWaitMs);
};
