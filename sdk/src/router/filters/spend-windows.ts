/** US dollars in a window that begins with its first cost. */
export interface SpendBudget {
  readonly limitUsd: number;
  readonly periodMs: number;
}

interface Window {
  startedAt: number;
  nanoUsd: number;
}

/** Deployments come and go with configurations; more than this are not spent on at a time. */
const maxWindows = 10_000;

interface SpendWindowsOptions {
  /**
   * Unix milliseconds: windows begin at multiples of their period from there, so that processes that count apart have the same
   * ones. Absent: each begins with its first cost.
   */
  readonly alignedTo?: number;
}

/**
 * What was spent, by key, each in a window that begins with its first cost, or at a multiple of its period, and ends a period
 * later. Whole nano-dollars, so that many small costs do not drift.
 */
export class SpendWindows {
  readonly #windows = new Map<string, Window>();
  readonly #alignedTo: number | undefined;

  constructor({ alignedTo }: SpendWindowsOptions = {}) {
    this.#alignedTo = alignedTo;
  }

  /** @param now Unix milliseconds */
  add(key: string, nanoUsd: number, { periodMs }: SpendBudget, now: number): void {
    const window = this.#running(key, periodMs, now);
    if (window) window.nanoUsd += nanoUsd;
    else {
      if (this.#windows.size >= maxWindows) this.#windows.delete(this.#windows.keys().next().value!);
      this.#windows.set(key, { startedAt: this.startOf(periodMs, now), nanoUsd });
    }
  }

  /** What is in the running window is so much by now: others have spent as well. */
  set(key: string, nanoUsd: number, budget: SpendBudget, now: number): void {
    this.#windows.delete(key);
    if (nanoUsd > 0) this.add(key, nanoUsd, budget, now);
  }

  /** When a window begins that has its first cost now. Unix milliseconds. */
  startOf(periodMs: number, now: number): number {
    const from = this.#alignedTo;
    return from === undefined ? now : now - ((((now - from) % periodMs) + periodMs) % periodMs);
  }

  /** US dollars of the running window. */
  spentUsd(key: string, { periodMs }: SpendBudget, now: number): number {
    return (this.#running(key, periodMs, now)?.nanoUsd ?? 0) / 1e9;
  }

  /** Whether nothing is left. A budget of 0 is over before anything is spent. */
  over(key: string, budget: SpendBudget, now: number): boolean {
    return (this.#running(key, budget.periodMs, now)?.nanoUsd ?? 0) >= budget.limitUsd * 1e9;
  }

  /** When the running window ends, Unix milliseconds. */
  endsAt(key: string, { periodMs }: SpendBudget, now: number): number | undefined {
    const window = this.#running(key, periodMs, now);
    return window && window.startedAt + periodMs;
  }

  #running(key: string, periodMs: number, now: number): Window | undefined {
    const window = this.#windows.get(key);
    if (!window || now < window.startedAt + periodMs) return window;
    this.#windows.delete(key);
    return undefined;
  }
}
