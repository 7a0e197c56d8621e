import type { Reservation } from '../../../limits/index.ts';
import type { HeldBudget } from '../../governance/governor.ts';
import type { BatchTable, OpenJob } from './batch-table.ts';

/** OpenAI and Anthropic work on a batch for a day: a week more, for others and for bills that cannot be read. Then it is held no more. */
const heldForMs = 8 * 24 * 3_600_000;
/** What a gateway that is gone held is another one's after so long. Longer than between two rounds. */
const leaseMs = 3 * 60_000;
/** At a time. Who makes more batches than that at once is held to the first of them. */
const maxHeld = 10_000;
const perQuery = 100;

/** Takes money of budgets, and refuses nobody. @param forMs then it comes back by itself */
export type HoldMoney = (budgets: readonly HeldBudget[], nanodollars: number, forMs: number) => Promise<Reservation | undefined>;

interface BatchHoldsOptions {
  readonly table: BatchTable;
  readonly hold: HoldMoney;
  /** Whether all gateways see what one of them holds; else each of them holds it for itself. */
  readonly isShared: () => boolean;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/**
 * The worst case of batches, held of the budgets of those who made them until their bills are there, so that no batch passes a
 * budget by all that it costs. It is written beside the job: a gateway that starts, or that outlives another one, holds it anew.
 */
export class BatchHolds {
  readonly #options: BatchHoldsOptions;
  /** Undefined: it could not be held, or its time is over. */
  readonly #held = new Map<string, Reservation | undefined>();

  constructor(options: BatchHoldsOptions) {
    this.#options = options;
  }

  /** Until when a job that is made here is this gateway's to hold, Unix milliseconds. */
  leaseUntil(): number {
    return this.#options.now() + leaseMs;
  }

  async add({ id, createdAt, held }: OpenJob): Promise<void> {
    const { hold, now } = this.#options;
    if (!held || this.#held.has(id) || this.#held.size >= maxHeld) return;
    // Two looks at a time take it once.
    this.#held.set(id, undefined);
    const forMs = Math.floor(createdAt + heldForMs - now());
    if (forMs > 0) this.#held.set(id, await hold(held.budgets, held.nanodollars, forMs));
  }

  /** Its bill is there. @param nanodollars what it is, as the books have it now */
  settle(id: string, nanodollars: number): void {
    this.#held.get(id)?.settle({ requests: 0, costNanodollars: nanodollars });
    this.#held.delete(id);
  }

  /** Hears of the jobs of others, and of those whose bill another gateway saw. Rejects where the database is away. */
  async sync(): Promise<void> {
    const { table, isShared, now } = this.#options;
    const before = new Set(this.#held.keys());
    const open = new Map((await table.holding(maxHeld)).map(({ id, heldUntil }) => [id, heldUntil]));
    for (const id of before) {
      if (open.has(id)) continue;
      this.#held.get(id)?.release();
      this.#held.delete(id);
    }
    const wanted: string[] = [];
    for (const [id, heldUntil] of open) {
      if (this.#held.has(id)) continue;
      if (!isShared()) wanted.push(id);
      else if (heldUntil <= now() && (await table.takeHold(id, now(), this.leaseUntil()))) wanted.push(id);
    }
    for (let at = 0; at < wanted.length; at += perQuery)
      for (const job of await table.of(wanted.slice(at, at + perQuery))) await this.add(job);
    if (!isShared()) return;
    const mine = [...this.#held.keys()];
    for (let at = 0; at < mine.length; at += perQuery) await table.keepHolds(mine.slice(at, at + perQuery), this.leaseUntil());
  }
}
