/**
 * Reads go together, a write alone: what waits here and what is written elsewhere are only together the truth, and a read
 * between the two would count something twice, or not at all. In the order in which they came; each is as short as the
 * database lets it be.
 */
export class Exclusive {
  /** The last write, and all reads since. */
  #write: Promise<unknown> = Promise.resolve();
  #reads: Promise<unknown> = Promise.resolve();

  read<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#write.then(work);
    this.#reads = Promise.all([this.#reads, turn.catch(() => undefined)]);
    return turn;
  }

  write<T>(work: () => Promise<T>): Promise<T> {
    const turn = Promise.all([this.#write, this.#reads]).then(work);
    this.#write = turn.catch(() => undefined);
    this.#reads = Promise.resolve();
    return turn;
  }
}
