/** The store's time, as far as its replies have told it. Machines' clocks differ; limits and rests are by the store's. */
export class StoreClock {
  #ahead = 0;
  /** Whether it has told any. */
  known = false;
  readonly #now: () => number;

  /** @param now this machine's Unix milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A reply says what time it is there. */
  heard(storeMs: number): void {
    this.known = true;
    this.#ahead = storeMs - this.#now();
  }

  /** Unix milliseconds there. */
  now(): number {
    return this.#now() + this.#ahead;
  }

  second(): number {
    return Math.floor(this.now() / 1000);
  }

  /** A moment of the store's clock on this machine's. */
  toLocal(storeMs: number): number {
    return storeMs - this.#ahead;
  }

  /** How long until then, in milliseconds. */
  until(localMs: number): number {
    return localMs - this.#now();
  }
}
