/** The last values of one kind. Values older than their time to live do not count. */
class RecentValues {
  readonly #values: Float64Array;
  readonly #times: Float64Array;
  #next = 0;
  #size = 0;

  constructor(size: number) {
    this.#values = new Float64Array(size);
    this.#times = new Float64Array(size);
  }

  /** @param now Unix milliseconds */
  add(value: number, now: number): void {
    this.#values[this.#next] = value;
    this.#times[this.#next] = now;
    this.#next = (this.#next + 1) % this.#values.length;
    this.#size = Math.min(this.#size + 1, this.#values.length);
  }

  get isFull(): boolean {
    return this.#size === this.#values.length;
  }

  /** Of those that came after `since`. The average is NaN where there is none. */
  summary(since: number): { average: number; count: number; oldest: number } {
    let sum = 0;
    let count = 0;
    let oldest = Infinity;
    for (let at = 0; at < this.#size; at++) {
      const time = this.#times[at]!;
      if (time <= since) continue;
      sum += this.#values[at]!;
      count++;
      oldest = Math.min(oldest, time);
    }
    return { average: count === 0 ? Number.NaN : sum / count, count, oldest };
  }
}

/**
 * What `latency-based-routing` has seen of one deployment. Picks read only the plain numbers, which are worked out when an
 * answer is over.
 */
export class LatencySamples {
  /** Average milliseconds for each token of output; of the whole answer, where it had none. NaN: nothing is known. */
  wholeMs = Number.NaN;
  /** Average milliseconds to the first output of a stream; NaN: nothing is known. */
  firstOutputMs = Number.NaN;
  /** Average milliseconds of calls that succeeded; NaN: nothing is known. */
  usualMs = Number.NaN;
  /** How many calls may be open: of one that is hardly known no more than values and one. */
  maxOpen = 1;
  /** When one of the averages holds no longer, Unix milliseconds. */
  expiresAt = Infinity;
  /** Calls that are open. */
  open = 0;
  /** Since when calls are open and none has ended, Unix milliseconds. */
  silentSince = 0;
  /** Of its last failure, Unix milliseconds. */
  failedAt = -Infinity;
  readonly #whole: RecentValues;
  readonly #firstOutput: RecentValues;
  readonly #duration: RecentValues;
  readonly #ttlMs: number;

  constructor(size: number, ttlMs: number) {
    this.#whole = new RecentValues(size);
    this.#firstOutput = new RecentValues(size);
    this.#duration = new RecentValues(size);
    this.#ttlMs = ttlMs;
  }

  /** @param firstOutputMs of a stream */
  succeeded(ms: number, outputTokens: number, firstOutputMs: number | undefined, now: number): void {
    this.#duration.add(ms, now);
    this.#whole.add(ms / Math.max(1, outputTokens), now);
    if (firstOutputMs !== undefined) this.#firstOutput.add(firstOutputMs, now);
    this.renew(now);
  }

  timedOut(penaltyMs: number, now: number): void {
    this.#whole.add(penaltyMs, now);
    this.#firstOutput.add(penaltyMs, now);
    this.renew(now);
  }

  renew(now: number): void {
    const since = now - this.#ttlMs;
    const whole = this.#whole.summary(since);
    const firstOutput = this.#firstOutput.summary(since);
    const duration = this.#duration.summary(since);
    this.wholeMs = whole.average;
    this.firstOutputMs = firstOutput.average;
    this.usualMs = duration.average;
    this.maxOpen = this.#duration.isFull ? Infinity : duration.count + 1;
    this.expiresAt = Math.min(whole.oldest, firstOutput.oldest, duration.oldest) + this.#ttlMs;
  }
}
