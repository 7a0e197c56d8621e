/** Redis's clock, as far as its replies have told it: leases and windows are by that. */
export class StoreTime {
  readonly #now: () => number;
  #aheadMs = 0;

  /** @param now this machine's Unix milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  heard(storeMs: number): void {
    this.#aheadMs = storeMs - this.#now();
  }

  /** Whole Unix milliseconds there. */
  now(): number {
    return Math.floor(this.#now() + this.#aheadMs);
  }

  toLocal = (storeMs: number): number => Math.ceil(storeMs - this.#aheadMs);
}
