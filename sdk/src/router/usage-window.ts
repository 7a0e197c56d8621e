/** How long a bucket counts, in seconds: one more than a minute, as the second that is not over yet is one of them. */
export const windowSeconds = 61;

/** What one process has taken of a deployment in one second. */
export interface UsageBucket {
  readonly second: number;
  readonly requests: number;
  readonly tokens: number;
  /** Of these, what a store that processes share was not told. */
  readonly untoldRequests: number;
  readonly untoldTokens: number;
}

/**
 * What one process has taken of one deployment in the last minute, by seconds. Where processes share what they take in a
 * store, it has the same buckets for them all, by its own clock; so nothing is lost when the store is: each can tell its
 * own again.
 */
export class UsageWindow {
  readonly #seconds = new Int32Array(windowSeconds);
  /** requests, tokens, untold requests, untold tokens; one after the other. */
  readonly #counts = new Float64Array(windowSeconds * 4);

  /** Seconds that count no more are left alone. @param told whether the store knows, or there is none */
  add(second: number, requests: number, tokens: number, told = true): void {
    const slot = second % windowSeconds;
    // Unless the clock itself has jumped: then what it said before counts no more.
    if (second < this.#seconds[slot]! && this.#seconds[slot]! - second <= windowSeconds) return;
    const at = slot * 4;
    if (this.#seconds[slot] !== second) {
      this.#seconds[slot] = second;
      this.#counts.fill(0, at, at + 4);
    }
    this.#counts[at]! += requests;
    this.#counts[at + 1]! += tokens;
    if (told) return;
    this.#counts[at + 2]! += requests;
    this.#counts[at + 3]! += tokens;
  }

  /** @param since only from this second on */
  requests(second: number, since = 0): number {
    return this.#sum(0, second, since);
  }

  tokens(second: number, since = 0): number {
    return this.#sum(1, second, since);
  }

  /** The first second at which so much of what counts now counts no more. */
  freedAt(what: 'requests' | 'tokens', need: number, second: number): number {
    const offset = what === 'requests' ? 0 : 1;
    for (let at = second - windowSeconds + 1; at <= second; at++) {
      const slot = at % windowSeconds;
      if (this.#seconds[slot] === at) need -= this.#counts[slot * 4 + offset]!;
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
      const [requests, tokens, untoldRequests, untoldTokens] = this.#counts.subarray(slot * 4, slot * 4 + 4) as unknown as number[];
      if (requests || tokens || untoldRequests || untoldTokens)
        found.push({
          second: of,
          requests: requests!,
          tokens: tokens!,
          untoldRequests: untoldRequests!,
          untoldTokens: untoldTokens!,
        });
    }
    return found;
  }

  /** The store has been told of these; or, with a sign of -1, it has not after all. */
  told(buckets: readonly UsageBucket[], sign: 1 | -1 = 1): void {
    for (const { second, untoldRequests, untoldTokens } of buckets) {
      const slot = second % windowSeconds;
      if (this.#seconds[slot] !== second) continue;
      this.#counts[slot * 4 + 2]! -= untoldRequests * sign;
      this.#counts[slot * 4 + 3]! -= untoldTokens * sign;
    }
  }

  #sum(offset: number, second: number, since: number): number {
    const from = Math.max(since, second - windowSeconds + 1);
    let sum = 0;
    for (let slot = 0; slot < windowSeconds; slot++) if (this.#seconds[slot]! >= from) sum += this.#counts[slot * 4 + offset]!;
    return sum;
  }
}
