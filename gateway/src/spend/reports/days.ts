/** Days are counted since 1970, in UTC. */

export const dayMs = 86_400_000;

/** Both are part of it. */
export interface DaySpan {
  readonly first: number;
  readonly last: number;
}

/** Unix milliseconds: the first is part of it, the second is not. */
export interface TimeSpan {
  readonly from: number;
  readonly before: number;
}

export const dayOf = (ms: number): number => Math.floor(ms / dayMs);

/** `2026-11-22` */
export const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** The days that a time touches. */
export const daysOfTime = ({ from, before }: TimeSpan): DaySpan => ({ first: dayOf(from), last: dayOf(Math.max(from, before - 1)) });

export const timeOfDays = ({ first, last }: DaySpan): TimeSpan => ({ from: first * dayMs, before: (last + 1) * dayMs });
