import { createLimiter, type Limit, type Limiter, type Verdict, type WorstCase } from '../../limits/index.ts';
import type { SharedLimiter } from '../../limits/shared/index.ts';
import type { SpendTotals } from '../../spend/totals.ts';

/** Longer than any call may last. */
const expiresAfterMs = 6 * 3_600_000;

export interface LimitEngineOptions {
  /** Absent: there is no database, so what was spent is known of this process alone. */
  readonly totals?: SpendTotals | undefined;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Where several gateways count together; undefined: this one counts by itself. Asked for each call: a reload may change it. */
  readonly shared?: (() => SharedLimiter | undefined) | undefined;
}

/** Where limits are counted: in this process, or with others in Redis. Budgets begin with what the database has of them. */
export class LimitEngine {
  readonly #options: LimitEngineOptions;
  #own: Limiter;
  #last: SharedLimiter | undefined;

  constructor(options: LimitEngineOptions) {
    this.#options = options;
    this.#own = this.#made();
  }

  /** At once, where all that is counted is known here. */
  reserve(limits: readonly Limit[], worst: WorstCase, at: number, forMs = expiresAfterMs): Verdict | Promise<Verdict> {
    const { totals } = this.#options;
    const options = { now: at, expiresAfterMs: forMs };
    const shared = this.#shared();
    if (shared) return shared.reserve(limits, worst, options);
    // Nearly always all are known: nothing is made for that.
    if (totals && limits.some((limit) => this.#isUnknown(limit, at)))
      return this.#recall(limits, totals, at).then(() => this.#own.reserve(limits, worst, options));
    return this.#own.reserve(limits, worst, options);
  }

  /** What is used and reserved of a limit, where this process counts it; undefined: others count as well. */
  get usedOf(): ((limit: Limit, at: number) => number) | undefined {
    return this.#shared() ? undefined : this.#usedOf;
  }

  /** Nano-dollars charged to a budget; undefined: nobody asked about it here. */
  spendOf(subject: string, start: number | undefined): number | undefined {
    return (this.#shared() ?? this.#own).spendOf(subject, start);
  }

  /** Somebody has said what was spent. */
  setSpend(subject: string, start: number | undefined, nanodollars: number): void {
    const shared = this.#shared();
    if (shared) shared.setSpend(subject, start, nanodollars);
    else this.#setOwn(subject, start, nanodollars);
  }

  /** The database has heard of so much. */
  wasSpent(subject: string, start: number | undefined, nanodollars: number): void {
    const shared = this.#shared();
    if (shared) shared.raiseSpend(subject, start, nanodollars);
    else this.#setOwn(subject, start, nanodollars);
  }

  forget(subject: string): void {
    (this.#shared() ?? this.#own).forget(subject);
  }

  readonly #usedOf = (limit: Limit, at: number): number => this.#own.usedOf(limit, at);

  #shared(): SharedLimiter | undefined {
    const shared = this.#options.shared?.();
    // What was counted here before others joined is old by the time when they have gone.
    if (this.#last && !shared) this.#own = this.#made();
    this.#last = shared;
    return shared;
  }

  #made(): Limiter {
    const { totals, now } = this.#options;
    // What is stored may be dropped for room, and is read again.
    return createLimiter({ clock: now, ...(totals && { isStored: (subject) => totals.isStored(subject) }) });
  }

  /** What nobody asked about here is read when it is first asked for. */
  #setOwn(subject: string, start: number | undefined, nanodollars: number): void {
    if (this.#own.spendOf(subject, start) !== undefined) this.#own.setSpend(subject, start, nanodollars);
  }

  #isUnknown({ subject, metric, windowMs, period }: Limit, at: number): boolean {
    return metric === 'cost' && windowMs === undefined && this.#own.spendOf(subject, period?.(at).start) === undefined;
  }

  /** Budgets that this process has not counted yet begin with what was spent of them before. */
  async #recall(limits: readonly Limit[], totals: SpendTotals, at: number): Promise<void> {
    for (const limit of limits) {
      if (!this.#isUnknown(limit, at)) continue;
      const start = limit.period?.(at).start;
      const spent = (await totals.of([{ subject: limit.subject, periodStart: start ?? 0 }])).get(limit.subject) ?? 0;
      // Somebody else may have been quicker, and have counted since.
      if (this.#isUnknown(limit, at)) this.#own.setSpend(limit.subject, start, spent);
    }
  }
}
