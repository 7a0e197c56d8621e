import { SluiceError } from 'sluice/kit';

export interface ThrottleOptions {
  /** Unix milliseconds. */
  readonly now: () => number;
  /** How many tries there are in a window. */
  readonly max: number;
  readonly windowMs: number;
  readonly maxKnown?: number;
}

/** Counts tries, so that nobody can go on trying. Bounded: the ones that have not tried for the longest time are forgotten. */
export class Throttle {
  readonly #options: ThrottleOptions;
  readonly #tries = new Map<string, { since: number; count: number }>();

  constructor(options: ThrottleOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#tries.size;
  }

  /**
   * Counts one try, before it is known whether it is good: many at the same time are no way around it.
   * @throws SluiceError `rate_limited`
   */
  demand(who: string): void {
    const { now, max, windowMs, maxKnown = 20_000 } = this.#options;
    const at = now();
    const found = this.#tries.get(who);
    const entry = found && at < found.since + windowMs ? found : { since: at, count: 0 };
    if (entry.count >= max)
      throw new SluiceError('rate_limited', 'Too many tries. Wait a while, then try again.', {
        retryAfterMs: entry.since + windowMs - at,
        retry: false,
      });
    entry.count++;
    this.#tries.delete(who);
    if (this.#tries.size >= maxKnown) this.#tries.delete(this.#tries.keys().next().value!);
    this.#tries.set(who, entry);
  }

  /** It was good. */
  forgive(who: string): void {
    this.#tries.delete(who);
  }
}
