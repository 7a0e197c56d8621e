import type { SharedCell } from './cell.ts';

interface Heard {
  /** Of all gateways, as Redis said. */
  used: number;
  /** Unix milliseconds. */
  at: number;
  /** What was taken here since, without Redis. */
  since: number;
}

/** Calls under way end: how many there were is soon old. */
const parallelMs = 1000;

/** What Redis last said of rates and of calls under way, at most so many. */
export class HeardRates {
  readonly #heard = new Map<string, Heard>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  heard({ kind, name }: SharedCell, used: number, now: number): void {
    if (kind === 'b') return;
    const known = this.#heard.get(name);
    if (known) {
      known.used = used;
      known.at = now;
      known.since = 0;
      return;
    }
    if (this.#heard.size >= this.#max) this.#heard.delete(this.#heard.keys().next().value!);
    this.#heard.set(name, { used, at: now, since: 0 });
  }

  /**
   * What one of the gateways has of it, if all are alike: its part of what Redis last said, spread evenly over the window, and
   * what was taken here since. 0: Redis has said nothing that is still true.
   */
  partOf({ kind, name, widthMs, span }: SharedCell, instances: number, now: number): number {
    const known = this.#heard.get(name);
    if (!known) return 0;
    const left = 1 - (now - known.at) / (kind === 'p' ? parallelMs : widthMs * span);
    return left <= 0 ? 0 : (known.used * Math.min(1, left)) / instances + known.since;
  }

  /** Calls under way are known here one by one, and end. */
  took({ kind, name }: SharedCell, amount: number): void {
    const known = kind === 'p' ? undefined : this.#heard.get(name);
    if (known) known.since += amount;
  }
}
