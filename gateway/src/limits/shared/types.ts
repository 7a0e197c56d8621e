import type { WithoutRedis, WithoutRedisModes } from '../../config/limits-without-redis.ts';
import type { Limit, Metric, ReserveOptions, Subject, Verdict, WorstCase } from '../types.ts';

export type { WithoutRedis, WithoutRedisModes } from '../../config/limits-without-redis.ts';

/** `limits_without_redis` has one word for three metrics. */
export const modeOf = (modes: WithoutRedisModes, metric: Metric): WithoutRedis =>
  metric === 'input_tokens' || metric === 'output_tokens' ? modes.tokens : modes[metric];

/** What the limiter did since it began, and holds now. */
export interface SharedFigures {
  /** Reservations of this process that are neither settled nor released. */
  readonly reservations: number;
  readonly admitted: number;
  readonly refused: number;
  /** Calls that were decided, in whole or in part, without Redis. */
  readonly decidedLocally: number;
  /** What Redis is still to be told. */
  readonly untold: number;
  /** What was given up to be told: the budgets' spend comes back from the database. */
  readonly untoldDropped: number;
  /** Budgets of which this process knows how they stand. */
  readonly views: number;
}

export interface SharedObserver {
  /** A call's limits were decided without Redis: by shares, let in, or refused for it. */
  decidedLocally(how: WithoutRedis): void;
}

/** The limits of a call where many gateways count them together. The same meaning as `Limiter`, which is one process's own. */
export interface SharedLimiter {
  /**
   * Takes the worst case of all limits, or of none, by one script. No call waits for Redis longer than a command may take, and
   * not at all while it is known to be away.
   * @throws RangeError for an amount, maximum or window that is none
   * @throws SluiceError `unavailable` where Redis is away and a limit's mode is `refuse`, and where too many calls are under way
   */
  reserve(limits: readonly Limit[], worst: WorstCase, options: ReserveOptions): Promise<Verdict>;
  /** Used and reserved, as Redis has it; where it cannot be asked, as last known here. */
  usedOf(limit: Limit, now: number): Promise<number>;
  /** What is charged to a budget as last heard, in nano-dollars. Undefined: this process has not asked about it yet. */
  spendOf(subject: Subject, periodStart: number | undefined): number | undefined;
  /** Somebody has said what was spent. Reservations of calls under way stay. */
  setSpend(subject: Subject, periodStart: number | undefined, nanodollars: number): void;
  /** The database has more than Redis may know of: what it lacks is added. What is not counted there yet is left alone. */
  raiseSpend(subject: Subject, periodStart: number | undefined, nanodollars: number): void;
  /** Drops what is counted of a subject and its parts (`key:ab12/model:…`); calls under way stay. */
  forget(subject: Subject): void;
  figures(): SharedFigures;
  /** What is under way ends by its lease. */
  close(): void;
}
