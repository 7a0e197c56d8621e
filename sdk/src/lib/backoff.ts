/** How waits between tries grow. Milliseconds. The defaults are LiteLLM's (`INITIAL_RETRY_DELAY`, `MAX_RETRY_DELAY`, `JITTER`). */
export interface Backoff {
  initialMs: number;
  maxMs: number;
  /** Up to so much is added at random, so that clients that failed together do not come back together. */
  jitterMs: number;
}

export const defaultBackoff: Backoff = { initialMs: 500, maxMs: 8000, jitterMs: 750 };

/**
 * The wait before the next try of the same thing, in milliseconds.
 * @param retry 0 before the first retry
 * @param random from 0 to below 1
 */
export const backoffMs = (retry: number, random: () => number, { initialMs, maxMs, jitterMs }: Backoff = defaultBackoff): number =>
  // 2 ** 30 is beyond any maximum; more would overflow into Infinity, and Infinity * 0 is no number.
  Math.min(initialMs * 2 ** Math.min(retry, 30), maxMs) + jitterMs * random();
