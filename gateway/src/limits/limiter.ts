import { SluiceError } from 'sluice/kit';
import { checkAmount, checkLimit, checkWorst, worstOf } from './amounts.ts';
import type { Cell } from './cell.ts';
import { Counts } from './counts.ts';
import { Expiries } from './expiries.ts';
import { Hold, type Taken } from './hold.ts';
import type { Limit, Limiter, Refusal, Remaining, Subject, Verdict } from './types.ts';

export interface LimiterOptions {
  /** Unix milliseconds, for the moments at which reservations end. Default: `Date.now`. */
  readonly clock?: () => number;
  /** Subjects with rates, and as many with budgets, that are counted at a time. Default: 100,000. */
  readonly maxSubjects?: number;
  /** Calls under way that hold something. Default: 100,000. */
  readonly maxReservations?: number;
  /**
   * Whether all that is charged to a subject's budgets is stored elsewhere, so that it may be dropped for room: `spendOf` is
   * undefined then, and whoever reserves next sets it again. Default: never, so budgets that hold spend are never dropped.
   */
  readonly isStored?: (subject: Subject) => boolean;
}

const defaults = { maxSubjects: 100_000, maxReservations: 100_000 };

/**
 * Limits and budgets of one process, in memory: reserve, then settle (FP-3, FP-5). No I/O and no timer; every answer is at
 * once, so no two calls see the same room. A limit that is used up refuses also a call that asks nothing of it: who calls a
 * free model under a spent budget leaves the budget out.
 *
 * Idle subjects are dropped for room: rates that count nothing first, then rates that were not used lately (counted in
 * `forgottenWindows`); budgets only when nothing is charged, their periods are over, or `isStored` says so.
 */
export const createLimiter = ({
  clock = Date.now,
  maxSubjects = defaults.maxSubjects,
  maxReservations = defaults.maxReservations,
  isStored = () => false,
}: LimiterOptions = {}): Limiter => {
  const counts = new Counts(maxSubjects, isStored);
  const expiries = new Expiries<Hold>();
  const done = { admitted: 0, refused: 0, expired: 0, overfull: 0 };
  let calls = 0;

  const sweep = (now: number): void =>
    expiries.sweep(now, (hold) => {
      done.expired += 1;
      hold.expire(now);
    });
  const onEnd = (hold: Hold): void => expiries.delete(hold, hold.slot);

  return {
    reserve(limits, worst, { now, expiresAfterMs }) {
      checkWorst(worst);
      checkAmount('expiresAfterMs', expiresAfterMs);
      for (const limit of limits) checkLimit(limit);
      sweep(now);
      if (expiries.size >= maxReservations) {
        done.overfull += 1;
        throw new SluiceError('unavailable', `The gateway has ${maxReservations} calls under way already.`);
      }

      calls += 1;
      const soft: Refusal[] = [];
      const cells: Cell[] = [];
      for (const limit of limits) {
        const cell = counts.use(limit, calls, now);
        const refusal = refusalOf(limit, cell, worstOf(limit.metric, worst), now);
        if (refusal && !limit.soft) {
          done.refused += 1;
          return { ok: false, refusal };
        }
        if (refusal) soft.push(refusal);
        cells.push(cell);
      }

      // Nothing was taken so far, and nothing can fail from here on.
      const taken: Taken[] = [];
      cells.forEach((cell, at) => {
        if (cells.indexOf(cell) < at) return;
        const { metric } = limits[at]!;
        const amount = worstOf(metric, worst);
        taken.push({ cell, metric, worst: amount, place: cell.take(amount, now) });
      });
      done.admitted += 1;
      const reservation = new Hold({ taken, clock, onEnd });
      reservation.slot = expiries.add(reservation, now + expiresAfterMs);
      return { ok: true, reservation, soft, remaining: limits.map((limit, at) => remainingOf(limit, cells[at]!, now)) } satisfies Verdict;
    },

    usedOf(limit, now) {
      checkLimit(limit);
      sweep(now);
      return counts.peek(limit, now)?.used(now) ?? 0;
    },

    spendOf: (subject, periodStart) => counts.spendOf(subject, periodStart),

    setSpend(subject, periodStart, nanodollars) {
      checkAmount('nanodollars', nanodollars);
      calls += 1;
      counts.budget(subject, 'cost', periodStart, calls, clock()).charged = nanodollars;
    },

    forget: (subject) => counts.delete(subject),

    figures: () => ({
      rateSubjects: counts.rates.size,
      budgetSubjects: counts.budgets.size,
      reservations: expiries.size,
      admitted: done.admitted,
      refused: done.refused,
      expired: done.expired,
      evicted: counts.rates.evicted + counts.budgets.evicted,
      forgottenWindows: counts.rates.lost,
      overfull: done.overfull + counts.rates.overfull + counts.budgets.overfull,
    }),
  };
};

const refusalOf = (limit: Limit, cell: Cell, asked: number, now: number): Refusal | undefined => {
  const used = cell.used(now);
  if (used + asked <= limit.max && used < limit.max) return undefined;
  return { limit, used, asked, resetsAt: cell.freeAt(asked, limit.max, now) };
};

const remainingOf = (limit: Limit, cell: Cell, now: number): Remaining => {
  const used = cell.used(now);
  return { limit, used, remaining: Math.max(0, limit.max - used), resetsAt: cell.emptyAt(now) };
};
