import { closedFailure, unavailable } from '../failure.ts';

/** Who may wait. More would only wait longer than anybody stays. */
const maxWaiting = 10_000;

/** One after the other, in the order in which they came. */
export class Turns {
  #tail: Promise<void> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  /** @throws SluiceError `unavailable` where too many wait already */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw closedFailure();
    if (this.#waiting >= maxWaiting) throw unavailable('Too many calls wait for the database.');
    const before = this.#tail;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#tail = promise;
    this.#waiting++;
    await before;
    this.#waiting--;
    try {
      if (this.#closed) throw closedFailure();
      return await work();
    } finally {
      resolve();
    }
  }

  /** Those who wait fail; resolves when the one that has its turn is done. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#tail;
  }
}
