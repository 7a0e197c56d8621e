/** For how long instances that were there before an outage are waited for: the longest between two probes, and some. */
const longestReturnMs = 35_000;

/**
 * How many instances share the limits. After an outage all that were there before count until they are back, or have had
 * the time to: who comes back first must not take what is the others'.
 */
export class Instances {
  readonly #now: () => number;
  #count = 1;
  /** What counts while not all are back. */
  #before = 0;
  #lost = false;
  #returnsUntil = 0;

  /** @param now milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** At least 1. While the store is away: those last seen. */
  get count(): number {
    return Math.max(1, this.#count, this.#before);
  }

  /** The store is away, or not all are back from an outage: what it counts is not all there is. */
  get doubtful(): boolean {
    return this.#lost || this.#before > 0;
  }

  /** The store could not be asked. */
  lost(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#before = Math.max(this.#before, this.#count);
  }

  /** The store has heard of so many. */
  heard(count: number): void {
    if (this.#lost) {
      this.#lost = false;
      this.#returnsUntil = this.#now() + longestReturnMs;
    }
    this.#count = Math.max(1, count);
    if (this.#before > 0 && (count >= this.#before || this.#now() > this.#returnsUntil)) this.#before = 0;
  }
}
