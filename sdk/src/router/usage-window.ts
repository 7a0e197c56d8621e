/** How long a bucket counts, in seconds: one more than a minute, as the second that is not over yet is one of them. */
export const windowSeconds = 61;

/** What one process has taken of a deployment in one second. */
export interface UsageBucket {
  readonly second: number;
  readonly requests: number;
  readonly tokens: number;
  /** Part of `tokens`. Counted only where limits tell input and output apart. */
  readonly outputTokens: number;
  /** Of these, what a store that processes share was not told. */
  readonly untoldRequests: number;
  readonly untoldTokens: number;
  readonly untoldOutputTokens: number;
}

/** What a limit may be of. `inputTokens` and `outputTokens` are parts of `tokens`. */
export type UsageMetric = 'requests' | 'tokens' | 'inputTokens' | 'outputTokens';

const columns = 6;

/**
 * What one process has taken of one deployment in the last minute, by seconds. Where processes share what they take in a
 * store, it has the same buckets for them all, by its own clock; so nothing is lost when the store is: each can tell its
 * own again.
 */
export class UsageWindow {
  readonly #seconds = new Int32Array(windowSeconds);
  /** requests, tokens, output tokens, and how many of each are untold; one after the other. */
  readonly #counts = new Float64Array(windowSeconds * columns);

  /**
   * Seconds that count no more are left alone.
   * @param told whether the store knows, or there is none
   * @param outputTokens so many of the tokens
   */
  add(second: number, requests: number, tokens: number, told = true, outputTokens = 0): void {
    const slot = second % windowSeconds;
    // Unless the clock itself has jumped: then what it said before counts no more.
    if (second < this.#seconds[slot]! && this.#seconds[slot]! - second <= windowSeconds) return;
    const at = slot * columns;
    if (this.#seconds[slot] !== second) {
      this.#seconds[slot] = second;
      this.#counts.fill(0, at, at + columns);
    }
    this.#counts[at]! += requests;
    this.#counts[at + 1]! += tokens;
    this.#counts[at + 2]! += outputTokens;
    if (told) return;
    this.#counts[at + 3]! += requests;
    this.#counts[at + 4]! += tokens;
    this.#counts[at + 5]! += outputTokens;
  }

  /** @param since only from this second on */
  requests(second: number, since = 0): number {
    return this.#sum(0, second, since);
  }

  tokens(second: number, since = 0): number {
    return this.#sum(1, second, since);
  }

  inputTokens(second: number, since = 0): number {
    return this.tokens(second, since) - this.outputTokens(second, since);
  }

  outputTokens(second: number, since = 0): number {
    return this.#sum(2, second, since);
  }

  /** The first second at which so much of what counts now counts no more. */
  freedAt(what: UsageMetric, need: number, second: number): number {
    const offset = what === 'requests' ? 0 : what === 'outputTokens' ? 2 : 1;
    for (let at = second - windowSeconds + 1; at <= second; at++) {
      const slot = at % windowSeconds;
      if (this.#seconds[slot] === at) {
        need -= this.#counts[slot * columns + offset]!;
        if (what === 'inputTokens') need += this.#counts[slot * columns + 2]!;
      }
      if (need <= 0) return at + windowSeconds;
    }
    return second + windowSeconds;
  }

  /** The buckets of the last minute that have anything in them. */
  buckets(second: number): UsageBucket[] {
    const found: UsageBucket[] = [];
    for (let slot = 0; slot < windowSeconds; slot++) {
      const of = this.#seconds[slot]!;
      if (of <= second - windowSeconds) continue;
      const at = slot * columns;
      const counts = this.#counts.subarray(at, at + columns);
      const [requests, tokens, outputTokens, untoldRequests, untoldTokens, untoldOutputTokens] = counts as unknown as number[];
      if (counts.some((count) => count !== 0))
        found.push({
          second: of,
          requests: requests!,
          tokens: tokens!,
          outputTokens: outputTokens!,
          untoldRequests: untoldRequests!,
          untoldTokens: untoldTokens!,
          untoldOutputTokens: untoldOutputTokens!,
        });
    }
    return found;
  }

  /** The store has been told of these; or, with a sign of -1, it has not after all. */
  told(buckets: readonly UsageBucket[], sign: 1 | -1 = 1): void {
    for (const { second, untoldRequests, untoldTokens, untoldOutputTokens } of buckets) {
      const slot = second % windowSeconds;
      if (this.#seconds[slot] !== second) continue;
      this.#counts[slot * columns + 3]! -= untoldRequests * sign;
      this.#counts[slot * columns + 4]! -= untoldTokens * sign;
      this.#counts[slot * columns + 5]! -= untoldOutputTokens * sign;
    }
  }

  #sum(offset: number, second: number, since: number): number {
    const from = Math.max(since, second - windowSeconds + 1);
    let sum = 0;
    for (let slot = 0; slot < windowSeconds; slot++) if (this.#seconds[slot]! >= from) sum += this.#counts[slot * columns + offset]!;
    return sum;
  }
}
