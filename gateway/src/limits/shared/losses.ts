import type { Redis } from '../../storage/redis/index.ts';
import type { LocalShares } from './local-shares.ts';
import type { Plan } from './plan.ts';

export interface LossesOptions {
  readonly redis: Redis;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly local: LocalShares;
}

/** For how long after Redis was reached it is asked what it lacks, and then for how long it is not believed alone. */
const watchedMs = 60_000;
const doubtedMs = 60_000;

/**
 * Whether Redis has lost what it counted of rates: it says less than this process alone has taken. Nobody else has those
 * numbers, so for a minute, by when they would have gone anyway, calls need room in Redis and in this gateway's share.
 */
export class Losses {
  readonly #options: LossesOptions;
  readonly #stop: () => void;
  #watchedUntil = 0;
  #doubtedUntil = 0;

  constructor(options: LossesOptions) {
    this.#options = options;
    this.#stop = options.redis.onUp((what) => {
      if (what === 'server') this.#watchedUntil = options.now() + watchedMs;
    });
  }

  get areRecent(): boolean {
    return this.#doubtedUntil !== 0 && this.#options.now() < this.#doubtedUntil;
  }

  /** @param reply of a call that was let in, and does not count here yet */
  look({ checks, cells }: Plan, reply: readonly number[], now: number): void {
    if (now >= this.#watchedUntil || this.areRecent) return;
    for (const { limit, cell } of checks) {
      if (limit.windowMs === undefined || reply[2 + cell]! - cells[cell]!.worst >= this.#options.local.usedOf(limit, now)) continue;
      this.#doubtedUntil = now + doubtedMs;
      return;
    }
  }

  close(): void {
    this.#stop();
  }
}
