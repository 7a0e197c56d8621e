/**
 * Who or what a limit belongs to: `key:ab12…`, `team:engineering`, `user:u1`, `team_member:t/u`, `organization:o`, `project:p`,
 * `customer:c`, `tag:x`, `agent:a`, `gateway`, and per model `key:ab12/model:gpt-4o`.
 */
export type Subject = string;

/** `tokens` are input and output together. `cost` is in nano-dollars: whole numbers, exact up to 9 million dollars. */
export type Metric = 'requests' | 'tokens' | 'input_tokens' | 'output_tokens' | 'parallel' | 'cost';

/** From `start` to just before `end`, in Unix milliseconds. */
export interface PeriodSpan {
  readonly start: number;
  readonly end: number;
}

/** The period that a moment (Unix milliseconds) lies in. `periodOf` in reset.ts makes one: make it once, not for every call. */
export type Period = (now: number) => PeriodSpan;

/** Limits of one subject and metric with the same window or the same start of period count in one place, whatever their `max`. */
export interface Limit {
  readonly subject: Subject;
  readonly metric: Metric;
  /** No limit, no object: there is no `null`. 0 lets nothing through. Costs in nano-dollars. */
  readonly max: number;
  /** Of a sliding window. Absent for `parallel`, for a calendar `period`, and for what never resets. */
  readonly windowMs?: number;
  /** A period that starts and ends at fixed moments. Without it and without `windowMs` nothing ever resets. */
  readonly period?: Period;
  /** Counted and reported, never refuses (`soft_budget`, a limit that is only watched). */
  readonly soft?: boolean;
  /** Of a soft one: it would refuse if it were not only tried out. */
  readonly shadow?: boolean;
  /** Holds only while its model fails (`rpm_limit_type: dynamic`); else it is counted as a soft one is. */
  readonly dynamic?: boolean;
  /** How errors call it: what it belongs to and the id or alias that a person knows, as in `key "ci"`. Never a secret. */
  readonly label: string;
}

/** The most that a call may use. Whole numbers, 0 or more. */
export interface WorstCase {
  /** Absent: 1. A file of many requests is as many. */
  readonly requests?: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanodollars: number;
}

/** What a call used. Absent: 1 request, 0 of anything else. So who does not know a cost says what to charge for it. */
export interface Used {
  readonly requests?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly costNanodollars?: number;
}

/** What a call holds of its limits. It ends exactly once: by `settle`, by `release`, or by its expiry. */
export interface Reservation {
  /**
   * Charges what was really used and gives the rest back. Later calls are ignored. After an expiry it still charges.
   * @throws RangeError for what is no amount, after charging the worst case: a bug must not be free.
   */
  settle(used: Used): void;
  /** Nothing was used: everything is given back, also the request. */
  release(): void;
}

/** A limit that had no room. */
export interface Refusal {
  readonly limit: Limit;
  /** Used and reserved by others, without this call. */
  readonly used: number;
  /** What this call asked for, at worst. More than `limit.max` never fits. */
  readonly asked: number;
  /** Unix milliseconds when there is room for this call, if no other comes. Undefined: never by itself, or nobody knows. */
  readonly resetsAt: number | undefined;
}

/** How a limit stands with this call's reservation taken, for `x-ratelimit-*` headers. */
export interface Remaining {
  readonly limit: Limit;
  /** Used and reserved, with this call. */
  readonly used: number;
  /** 0 or more. */
  readonly remaining: number;
  /** Unix milliseconds when all of it is free again. Undefined: never by itself, or nobody knows (`parallel`). */
  readonly resetsAt: number | undefined;
}

export type Verdict =
  | {
      readonly ok: true;
      readonly reservation: Reservation;
      /** Soft limits that would have refused. */
      readonly soft: readonly Refusal[];
      /** One for each limit, in their order. */
      readonly remaining: readonly Remaining[];
    }
  /** The first limit without room, in their order. Nothing was taken of any. */
  | { readonly ok: false; readonly refusal: Refusal };

export interface ReserveOptions {
  /** Unix milliseconds. */
  readonly now: number;
  /** A call that has not settled by then is taken for dead: what it reserved is given back. Longer than any call may last. */
  readonly expiresAfterMs: number;
}

/** What the limiter holds now, and what it did since it began. */
export interface LimiterFigures {
  /** Subjects with sliding windows or parallel calls. */
  readonly rateSubjects: number;
  /** Subjects with budgets or other counts of a period. */
  readonly budgetSubjects: number;
  /** Reservations that are neither settled, released nor expired. */
  readonly reservations: number;
  readonly admitted: number;
  readonly refused: number;
  readonly expired: number;
  /** Subjects that were dropped for room and lost nothing. */
  readonly evicted: number;
  /** Sliding windows that were dropped for room while they still counted something: their limits may be passed once. */
  readonly forgottenWindows: number;
  /** Calls that were refused because nothing could be dropped for room. */
  readonly overfull: number;
}

export interface Limiter {
  /**
   * Takes the worst case of all limits, or of none. Refused calls count nothing.
   * @throws RangeError for an amount, maximum or window that is none.
   * @throws SluiceError `unavailable` when there is no room for another subject or reservation.
   */
  reserve(limits: readonly Limit[], worst: WorstCase, options: ReserveOptions): Verdict;
  /** Used and reserved. */
  usedOf(limit: Limit, now: number): number;
  /**
   * What is charged to a budget, without reservations, in nano-dollars. Undefined: nothing is held of it, so its spend of before
   * is still to be set.
   */
  spendOf(subject: Subject, periodStart: number | undefined): number | undefined;
  /**
   * The spend of before this process (from the database), or a reset by an admin. Reservations of calls under way stay.
   * @param periodStart Unix milliseconds; undefined for a budget that never resets
   */
  setSpend(subject: Subject, periodStart: number | undefined, nanodollars: number): void;
  /** Drops all that is held of a subject and its models (`key:ab12/model:…`), when it was deleted. */
  forget(subject: Subject): void;
  figures(): LimiterFigures;
}
