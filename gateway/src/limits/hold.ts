import { checkUsed, usedOf } from './amounts.ts';
import type { Cell } from './cell.ts';
import type { Metric, Reservation, Used } from './types.ts';

/** What one call has taken of one cell. */
export interface Taken {
  readonly cell: Cell;
  readonly metric: Metric;
  readonly worst: number;
  readonly place: number;
}

interface HoldOptions {
  readonly taken: readonly Taken[];
  /** Unix milliseconds. */
  readonly clock: () => number;
  /** Told once, when it ends other than by its expiry. */
  readonly onEnd: (hold: Hold) => void;
}

/** A reservation: `held` until it is `expired` or `ended`; what expired can still be settled. */
export class Hold implements Reservation {
  readonly #options: HoldOptions;
  #state: 'held' | 'expired' | 'ended' = 'held';
  /** Where it waits for its expiry. */
  slot = 0;

  constructor(options: HoldOptions) {
    this.#options = options;
  }

  settle(used: Used): void {
    if (this.#state === 'ended') return;
    try {
      checkUsed(used);
    } catch (cause) {
      this.#end(({ worst, metric }) => (metric === 'parallel' ? 0 : worst));
      throw cause;
    }
    this.#end(({ metric }) => usedOf(metric, used));
  }

  release(): void {
    if (this.#state === 'held') this.#end(() => 0);
    this.#state = 'ended';
  }

  /** @param now Unix milliseconds */
  expire(now: number): void {
    if (this.#state !== 'held') return;
    this.#state = 'expired';
    for (const { cell, place, worst } of this.#options.taken) cell.settle(place, worst, worst, 0, now);
  }

  #end(usedOfTaken: (taken: Taken) => number): void {
    const { taken, clock, onEnd } = this.#options;
    const now = clock();
    const wasHeld = this.#state === 'held';
    this.#state = 'ended';
    for (const each of taken) each.cell.settle(each.place, wasHeld ? each.worst : 0, each.worst, usedOfTaken(each), now);
    if (wasHeld) onEnd(this);
  }
}
