import type { Cell } from './cell.ts';
import type { Metric } from './types.ts';

/**
 * What is charged and reserved since one moment: a budget in its period, a budget that never resets, or calls under way
 * (which are reserved and never charged). A call belongs to the period in which it was let in, also if it ends in the next.
 */
export class Budget implements Cell {
  readonly metric: Metric;
  /** Unix milliseconds; undefined: since ever. */
  readonly start: number | undefined;
  /** The latest end of the periods that count here; undefined: none, or none was seen yet. */
  end: number | undefined;
  charged = 0;
  reserved = 0;

  constructor(metric: Metric, start: number | undefined) {
    this.metric = metric;
    this.start = start;
  }

  used(): number {
    return this.charged + this.reserved;
  }

  take(amount: number): number {
    this.reserved += amount;
    return 0;
  }

  settle(_place: number, held: number, _worst: number, used: number): void {
    this.reserved -= held;
    if (this.metric !== 'parallel') this.charged += used;
  }

  freeAt(amount: number, max: number): number | undefined {
    return amount <= max && max > 0 ? this.end : undefined;
  }

  emptyAt(): number | undefined {
    return this.end;
  }

  /** Whether its period was over before a moment. */
  ended(before: number): boolean {
    return this.end !== undefined && this.end <= before;
  }
}
