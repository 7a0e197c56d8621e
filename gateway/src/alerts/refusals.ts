import { counterId, type Counter } from './spend-read.ts';

/** Counters that calls were refused over and nobody has looked at yet. */
const maxWaiting = 10_000;
/** Each of them is told once a period, however often it refuses: for so long it is not looked at again. */
const restMs = 60_000;

/** Budgets that refused calls here: noted while a call is answered, looked at later. */
export class Refusals {
  readonly #now: () => number;
  #waiting = new Map<string, Counter>();
  /** When each was looked at last. */
  readonly #looked = new Map<string, number>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  add(counter: Counter): void {
    const id = counterId(counter);
    // A client that goes on asking must not have the database asked each time. What finds no room refuses again soon.
    if (this.#waiting.size >= maxWaiting || this.#now() - (this.#looked.get(id) ?? -Infinity) < restMs) return;
    this.#waiting.set(id, counter);
  }

  /** What could not be looked at waits on. */
  async handle(look: (subjects: readonly string[], counters: ReadonlySet<string>) => Promise<void>): Promise<void> {
    if (this.#waiting.size === 0) return;
    const taken = this.#waiting;
    this.#waiting = new Map();
    try {
      await look([...new Set([...taken.values()].map(({ subject }) => subject))], new Set(taken.keys()));
    } catch (cause) {
      for (const [id, counter] of taken) if (this.#waiting.size < maxWaiting) this.#waiting.set(id, counter);
      throw cause;
    }
    for (const id of taken.keys()) this.#looked.set(id, this.#now());
    for (const id of this.#looked.keys()) {
      if (this.#looked.size <= maxWaiting) break;
      this.#looked.delete(id);
    }
  }
}
