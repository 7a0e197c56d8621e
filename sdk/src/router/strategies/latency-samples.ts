/** The last values of one kind. Values older than their time to live do not count. */
class RecentValues {
  /** Of those that count; NaN: there is none. */
  average = Number.NaN;
  count = 0;
  /** When the first of them came, Unix milliseconds; Infinity: there is none. */
  oldest = Infinity;
  /** Each value, and when it came: one array, as each object in a large group is one to be fetched. */
  readonly #pairs: Float64Array;
  #next = 0;
  #size = 0;

  constructor(size: number) {
    this.#pairs = new Float64Array(size * 2);
  }

  /** @param now Unix milliseconds */
  add(value: number, now: number): void {
    const pairs = this.#pairs;
    pairs[this.#next] = value;
    pairs[this.#next + 1] = now;
    this.#next = (this.#next + 2) % pairs.length;
    this.#size = Math.min(this.#size + 2, pairs.length);
  }

  get isFull(): boolean {
    return this.#size === this.#pairs.length;
  }

  /** Only what came after `since` counts. */
  renew(since: number): void {
    const pairs = this.#pairs;
    let sum = 0;
    this.count = 0;
    this.oldest = Infinity;
    for (let at = 0; at < this.#size; at += 2) {
      const time = pairs[at + 1]!;
      if (time <= since) continue;
      sum += pairs[at]!;
      this.count++;
      if (time < this.oldest) this.oldest = time;
    }
    this.average = this.count === 0 ? Number.NaN : sum / this.count;
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
    this.#whole.renew(since);
    this.#firstOutput.renew(since);
    this.#duration.renew(since);
    this.wholeMs = this.#whole.average;
    this.firstOutputMs = this.#firstOutput.average;
    this.usualMs = this.#duration.average;
    this.maxOpen = this.#duration.isFull ? Infinity : this.#duration.count + 1;
    this.expiresAt = Math.min(this.#whole.oldest, this.#firstOutput.oldest, this.#duration.oldest) + this.#ttlMs;
  }
}
