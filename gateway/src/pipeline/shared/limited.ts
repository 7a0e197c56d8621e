import { UsageWindow, windowSeconds, type DeploymentLimits, type Full, type UsageMetric } from 'sluice/kit';

/** Others may give room back, and a smaller call may find some. */
const believedMs = 50;
/** Requests and output leave their minute by the clock alone. */
const longBelievedMs = 1000;

/** A call that was let in. */
export interface OpenCall {
  readonly lease: string;
  /** Of the store's clock. */
  readonly second: number;
  readonly tokens: number;
}

/** What the store's reply said all instances have taken. */
export interface StoreTotals {
  /** Names the store's memory of the deployment: another one means that it has lost the old. */
  readonly born: string;
  readonly requests: number;
  readonly tokens: number;
  /** Part of `tokens`. */
  readonly outputTokens: number;
}

/** One deployment that has limits: what this instance knows of it. */
export class Limited {
  readonly id: string;
  readonly keys: readonly [string, string];
  readonly window = new UsageWindow();
  /** Calls that are being decided. */
  asking = 0;
  /** By lease. As many as calls are open. */
  readonly open = new Map<string, OpenCall>();
  /** Leases of calls that are over, which the store could not be told. */
  readonly unreleased = new Set<string>();
  /** Something was counted that the store does not know. */
  untold = false;
  born = '';
  /** Whether places are limited, and so leases are to be kept. */
  hasPlaces = false;
  /** Refused by the store: until when that is believed without asking again, Unix milliseconds here. */
  fullUntil = 0;
  #why: Full['why'] = 'rpm';
  /** When there may be room. */
  #roomAt = 0;
  /** A call was refused for want of a place: whoever waits for one is to be told. */
  awaited = false;
  /** When its leases were last kept, Unix milliseconds here. */
  keptAt = 0;
  #totals: StoreTotals | undefined;
  #totalsAt = 0;

  constructor(id: string, keys: readonly [string, string]) {
    this.id = id;
    this.keys = keys;
  }

  /** @param second of the store's clock */
  heard(totals: StoreTotals, second: number): void {
    this.#totals = totals;
    this.#totalsAt = second;
    this.born = totals.born;
  }

  /** The store has refused. @param waitMs below 0: not known */
  refused(why: Full['why'], waitMs: number, now: number): void {
    this.#why = why;
    this.#roomAt = now + Math.max(1, waitMs);
    const isByClock = why === 'rpm' || why === 'otpm';
    this.fullUntil = waitMs < 0 ? now + believedMs : Math.min(this.#roomAt, now + (isByClock ? longBelievedMs : believedMs));
  }

  /** The same answer again. */
  full(now: number): Full {
    if (this.#why !== 'max_parallel_requests') return { why: this.#why, retryAfterMs: Math.max(1, this.#roomAt - now) };
    this.awaited = true;
    return { why: this.#why };
  }

  /**
   * Room by what this instance knows alone: its share of each limit. What all had taken when the store was last heard is
   * taken to be spread evenly over the instances and over the minute, and what this one has taken itself counts in full.
   */
  refusal(limits: DeploymentLimits, inputTokens: number, instances: number, storeMs: number): Full | undefined {
    const share = (limit: number): number => (limit === 0 ? 0 : Math.max(1, Math.floor(limit / instances)));
    const { rpm, tpm, itpm, otpm, maxParallelRequests } = limits;
    const over = (why: Full['why'], what: UsageMetric, more: number, part: number): Full | undefined =>
      this.#over(why, what, more, part, instances, storeMs);
    if (maxParallelRequests !== undefined && this.open.size >= share(maxParallelRequests)) return { why: 'max_parallel_requests' };
    return (
      (rpm === undefined ? undefined : over('rpm', 'requests', 1, share(rpm))) ??
      (tpm === undefined ? undefined : over('tpm', 'tokens', Math.min(inputTokens, share(tpm)), share(tpm))) ??
      (itpm === undefined ? undefined : over('itpm', 'inputTokens', Math.min(inputTokens, share(itpm)), share(itpm))) ??
      (otpm === undefined ? undefined : over('otpm', 'outputTokens', 1, share(otpm)))
    );
  }

  #over(why: Full['why'], what: UsageMetric, more: number, share: number, instances: number, storeMs: number): Full | undefined {
    const second = Math.floor(storeMs / 1000);
    const own = this.window[what](second);
    if (own + more > share)
      return {
        why,
        retryAfterMs: this.window.freedAt(what, own + more - share, second) * 1000 - storeMs,
      };
    const left = Math.max(0, 1 - (second - this.#totalsAt) / windowSeconds);
    const evenly = (this.#totalOf(what) * left) / instances;
    if (evenly === 0 || evenly + this.window[what](second, this.#totalsAt + 1) + more <= share) return undefined;
    return { why, retryAfterMs: 1000 };
  }

  #totalOf(what: UsageMetric): number {
    if (!this.#totals) return 0;
    return what === 'inputTokens' ? this.#totals.tokens - this.#totals.outputTokens : this.#totals[what];
  }

  /** Nothing is open, counted or to be told: it may be forgotten. */
  isIdle(second: number): boolean {
    return this.open.size + this.asking + this.unreleased.size === 0 && this.window.buckets(second).length === 0;
  }
}
