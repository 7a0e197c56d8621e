import { checkUsed, usedOf } from '../amounts.ts';
import type { Reservation, Used } from '../types.ts';
import type { Plan, Planned } from './plan.ts';
import type { View } from './views.ts';

/** What a call took of a budget here, without Redis. */
export interface TakenHere {
  readonly view: View;
  readonly worst: number;
  /** Its place in the plan. */
  readonly cell: number;
}

/** What a call has of one plan. */
export interface HeldPart {
  readonly plan: Plan;
  /** On Redis's clock, in milliseconds. */
  takenAt: number;
  /** Redis has let it in, or has heard of it. */
  told: boolean;
  /** Of budgets: what counts here as long as Redis has not heard. */
  readonly taken: readonly TakenHere[];
}

export interface SharedHoldOptions {
  readonly lease: string;
  readonly parts: readonly HeldPart[];
  /** What counts of it in this process. */
  readonly local: Reservation | undefined;
  /** Unix milliseconds, here. */
  readonly at: number;
  readonly endsAt: number;
  /** Told once. */
  readonly onEnd: (hold: SharedHold, part: HeldPart, used: readonly number[]) => void;
  readonly onOver: (hold: SharedHold) => void;
}

/** What one call holds in Redis and here. It ends once; Redis is told, and nobody waits for that. */
export class SharedHold implements Reservation {
  readonly options: SharedHoldOptions;
  over = false;

  constructor(options: SharedHoldOptions) {
    this.options = options;
  }

  settle(used: Used): void {
    if (this.over) return;
    try {
      checkUsed(used);
    } catch (cause) {
      // A bug must not be free.
      this.#end(({ cell, worst }) => (cell.metric === 'parallel' ? 0 : worst));
      this.options.local?.release();
      throw cause;
    }
    this.#end(({ cell }) => usedOf(cell.metric, used));
    this.options.local?.settle(used);
  }

  release(): void {
    if (this.over) return;
    this.#end(() => 0);
    this.options.local?.release();
  }

  #end(usedOfCell: (planned: Planned) => number): void {
    this.over = true;
    for (const part of this.options.parts) this.options.onEnd(this, part, part.plan.cells.map(usedOfCell));
    this.options.onOver(this);
  }
}
