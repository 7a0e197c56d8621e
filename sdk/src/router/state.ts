import type { Outcome } from './strategy.ts';

/** Half of an old peak is forgotten in this time, in milliseconds. */
const halfLifeMs = 10_000;

/**
 * A moving average that rises to a worse value at once and comes down from it slowly, so that a deployment that turns
 * slow is left before many calls have waited for it (peak EWMA, as in Twitter's Finagle: finagle/PeakEwma.scala, read
 * 2026-11-22).
 */
class PeakEwma {
  /** NaN: nothing seen yet. */
  #value = Number.NaN;
  #at = 0;

  /** @param now Unix milliseconds */
  add(value: number, now: number): void {
    if (Number.isNaN(this.#value) || value >= this.#value) this.#value = value;
    else {
      const keep = 2 ** (-Math.max(0, now - this.#at) / halfLifeMs);
      // Never less than a tenth of a new value counts: a burst of answers at one time would teach nothing else.
      const share = Math.min(keep, 0.9);
      this.#value = this.#value * share + value * (1 - share);
    }
    this.#at = now;
  }

  /** `otherwise`, where nothing was seen yet. */
  value(otherwise: number): number {
    return Number.isNaN(this.#value) ? otherwise : this.#value;
  }

  get known(): boolean {
    return !Number.isNaN(this.#value);
  }
}

/** What a deployment has taken in the running minute: of this process, and of others as far as that is shared. */
export class MinuteCount {
  requests = 0;
  tokens = 0;
  /** Part of `tokens`. */
  outputTokens = 0;
  ownRequests = 0;
  ownTokens = 0;
  ownOutputTokens = 0;
  #minute = 0;

  /** Starts the minute of `now` (Unix milliseconds) if it is another one. */
  at(now: number): this {
    const minute = Math.floor(now / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.requests = this.tokens = this.outputTokens = 0;
      this.ownRequests = this.ownTokens = this.ownOutputTokens = 0;
    }
    return this;
  }

  /** @param outputTokens so many of the tokens */
  add(requests: number, tokens: number, outputTokens = 0): void {
    this.requests += requests;
    this.tokens += tokens;
    this.outputTokens += outputTokens;
    this.ownRequests += requests;
    this.ownTokens += tokens;
    this.ownOutputTokens += outputTokens;
  }

  /** What other processes have taken in the same minute. */
  elsewhere(requests: number, tokens: number, outputTokens = 0): void {
    this.requests = this.ownRequests + requests;
    this.tokens = this.ownTokens + tokens;
    this.outputTokens = this.ownOutputTokens + outputTokens;
  }
}

/** A new success or failure counts so much. */
const healthShare = 0.1;

/**
 * What the router has seen of one deployment: numbers that picks read, and nothing that would need a look-up. Lives as
 * long as the deployment is configured, also over reloads.
 */
export class DeploymentState {
  /** Calls that are open, of this process. */
  pending = 0;
  /** Calls that other processes have open, as far as that is shared. */
  pendingElsewhere = 0;
  /** Tries that have ended. */
  samples = 0;
  /** Moving share of successes: 1 is all, 0 is none. Failures that are the client's own do not count. */
  health = 1;
  /** To the first output of a stream, or to a whole answer, in milliseconds. */
  readonly firstOutputMs = new PeakEwma();
  /** For each token of output. */
  readonly msPerToken = new PeakEwma();
  readonly minute = new MinuteCount();
  /** When a call was last sent there, Unix milliseconds; 0: never. */
  lastPickedAt = 0;

  started(now: number): void {
    this.pending++;
    this.lastPickedAt = now;
    this.minute.at(now).add(1, 0);
  }

  answered(afterMs: number, now: number): void {
    this.firstOutputMs.add(afterMs, now);
  }

  /** @param counts whether the outcome says something about the deployment */
  finished({ error, now, ms, firstOutputMs = 0, inputTokens = 0, outputTokens = 0 }: Outcome, counts: boolean): void {
    this.pending--;
    this.minute.at(now).add(0, inputTokens + outputTokens, outputTokens);
    if (!counts) return;
    this.samples++;
    this.health += ((error ? 0 : 1) - this.health) * healthShare;
    if (!error && outputTokens > 1 && ms > firstOutputMs) this.msPerToken.add((ms - firstOutputMs) / outputTokens, now);
  }
}
