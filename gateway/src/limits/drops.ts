import { SluiceError } from 'sluice/kit';
import type { Budget } from './budget.ts';
import type { SlidingWindow } from './sliding-window.ts';
import type { Drop } from './subjects.ts';
import type { Metric, Subject } from './types.ts';

export interface Rates {
  readonly windows: { readonly metric: Metric; readonly windowMs: number; readonly window: SlidingWindow }[];
  parallel: Budget | undefined;
}

/** Windows, and periods, of one subject that are kept at a time. */
const maxOfSubject = 32;
/** A period that is over is kept so long, in case the clock steps back. */
const keptMs = 3_600_000;

/** Empty windows lose nothing, others let a limit be passed once. Calls under way would never be given back. */
export const dropOfRates = (_subject: Subject, { windows, parallel }: Rates, now: number): Drop => {
  if (parallel && parallel.used() > 0) return 'no';
  return windows.every(({ window }) => window.used(now) === 0) ? 'free' : 'lossy';
};

/** What is charged stays, unless it is stored. */
export const dropOfBudgets =
  (isStored: (subject: Subject) => boolean) =>
  (subject: Subject, budgets: readonly Budget[], now: number): Drop => {
    if (budgets.some(({ reserved }) => reserved > 0)) return 'no';
    return budgets.every((each) => each.charged === 0 || each.ended(now)) || isStored(subject) ? 'free' : 'no';
  };

/** Before a window is added. A subject has many only if its limits were edited over and over. */
export const makeRoomForWindow = (windows: Rates['windows'], subject: Subject, now: number): void => {
  if (windows.length < maxOfSubject) return;
  const idle = windows.findIndex(({ window }) => window.used(now) === 0);
  if (idle === -1) throw tooMany(subject);
  windows.splice(idle, 1);
};

/** Before a period is added: drops those that are over, and if need be the oldest that no limit has asked for. */
export const makeRoomForPeriod = (budgets: Budget[], subject: Subject, now: number): void => {
  for (let at = budgets.length - 1; at >= 0; at--)
    if (budgets[at]!.reserved === 0 && budgets[at]!.ended(now - keptMs)) budgets.splice(at, 1);
  if (budgets.length < maxOfSubject) return;
  const unasked = budgets.filter(({ start, end, reserved }) => start !== undefined && end === undefined && reserved === 0);
  const oldest = unasked.toSorted((a, b) => a.start! - b.start!)[0];
  if (!oldest) throw tooMany(subject);
  budgets.splice(budgets.indexOf(oldest), 1);
};

const tooMany = (subject: Subject): SluiceError =>
  new SluiceError('unavailable', `More than ${maxOfSubject} windows or periods of one subject are counted at a time.`, { detail: subject });
