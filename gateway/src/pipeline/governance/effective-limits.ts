import type { Limits } from '../../access/records/records.ts';
import { periodOf, type Period } from '../../limits/index.ts';

/** What holds for a thing: its own limits, and where they say nothing those of the budget that it shares. */
export const effectiveLimits = (own: Limits, shared: Limits | undefined): Limits =>
  shared ? { ...shared, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value != null)) } : own;

const maxPeriods = 5000;
const periods = new Map<string, Period>();

/**
 * The periods of a budget: the one place that says when they begin, for what is enforced and for what is shown.
 * Making one asks for a calendar, which is slow; many are the same, so they are kept, bounded.
 * @param startedAt when the thing was made, in Unix milliseconds: periods that are no calendar's begin there
 * @param timeZone the gateway's, as `BudgetSettings` has it; absent: UTC
 */
export const budgetPeriod = (duration: string, startedAt: number, timeZone: string | undefined): Period => {
  const id = `${duration} ${startedAt} ${timeZone ?? ''}`;
  let period = periods.get(id);
  if (!period) {
    const [zone, time] = timeZone?.split(' ') ?? [];
    period = periodOf(duration, {
      startedAt,
      ...(zone !== undefined && { timeZone: zone }),
      ...(time !== undefined && { resetTimeMs: timeOfDayMs(time) }),
    });
    if (periods.size >= maxPeriods) periods.delete(periods.keys().next().value!);
    periods.set(id, period);
  }
  return period;
};

/** `09:30`, `09:30:15` -> milliseconds after midnight. */
const timeOfDayMs = (text: string): number => {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
};
