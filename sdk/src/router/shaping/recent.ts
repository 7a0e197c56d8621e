const bucketMs = 5000;
const bucketCount = 12;
/** So many first outputs of the last minute are looked at, the newest. */
const keptFirstOutputs = 256;
/** Fewer than these say nothing yet. */
const leastCalls = 10;

/** What became of the tries at one model name in the last minute. Of fixed size. */
export class Recent {
  readonly #tries = new Uint32Array(bucketCount);
  readonly #failures = new Uint32Array(bucketCount);
  readonly #firstOutputs = new Float64Array(keptFirstOutputs);
  readonly #seenAt = new Float64Array(keptFirstOutputs).fill(-Infinity);
  #seen = 0;
  /** The newest bucket's number since 1970. */
  #newest = 0;

  /** @param firstOutputMs of a try that was answered */
  add(failed: boolean, firstOutputMs: number | undefined, now: number): void {
    this.#turn(now);
    const at = this.#newest % bucketCount;
    this.#tries[at]!++;
    if (failed) this.#failures[at]!++;
    if (firstOutputMs === undefined) return;
    const next = this.#seen++ % keptFirstOutputs;
    this.#firstOutputs[next] = firstOutputMs;
    this.#seenAt[next] = now;
  }

  /** From 0 to 1; undefined: too few tries. */
  failureShare(now: number): number | undefined {
    this.#turn(now);
    const tries = sum(this.#tries);
    return tries < leastCalls ? undefined : sum(this.#failures) / tries;
  }

  /** Undefined: too few answers. */
  firstOutputP95Ms(now: number): number | undefined {
    const since = now - bucketMs * bucketCount;
    const recent = this.#firstOutputs.filter((_, at) => this.#seenAt[at]! > since).sort();
    return recent.length < leastCalls ? undefined : recent[Math.ceil(recent.length * 0.95) - 1];
  }

  /** Empties the buckets of the time that has passed. */
  #turn(now: number): void {
    const bucket = Math.floor(now / bucketMs);
    // A clock that was put back: what was seen stays until the time comes again, or all is older than a minute.
    if (bucket < this.#newest - bucketCount) this.#newest = 0;
    for (let at = Math.max(this.#newest + 1, bucket - bucketCount + 1); at <= bucket; at++) {
      this.#tries[at % bucketCount] = 0;
      this.#failures[at % bucketCount] = 0;
    }
    this.#newest = Math.max(this.#newest, bucket);
  }
}

const sum = (values: Uint32Array): number => values.reduce((total, each) => total + each, 0);
