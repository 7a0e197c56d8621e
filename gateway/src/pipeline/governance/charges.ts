import type { Limit } from '../../limits/index.ts';
import type { Charge } from '../../spend/event.ts';
import type { Held } from './governor.ts';

const ofGateway: Charge = ['gateway', 0];
/** Of a call that is nobody's: a check of health, a copy. */
export const gatewayCharges: readonly Charge[] = [ofGateway];

interface Known {
  readonly charges: readonly Charge[];
  /** The first end of their periods, Unix milliseconds. */
  readonly until: number;
  readonly from: number;
}

/** By the limits of a caller's calls of one model, which are the same object for all of them. */
const known = new WeakMap<readonly Limit[], Known>();

/** The counters that a call counts against: those of all whose spend it is, since ever and in each of their periods, once each. */
export const chargesOf = (held: Pick<Held, 'at' | 'limits' | 'spenders'>): readonly Charge[] => {
  const { at, limits, spenders } = held;
  const found = known.get(limits);
  if (found && at >= found.from && at < found.until) return found.charges;
  const charges: Charge[] = [ofGateway];
  let [from, until] = [-Infinity, Infinity];
  const add = (subject: string, periodStart: number): void => {
    // Two budgets of a subject may have one period. There are few: looking through them costs less than a set of names.
    if (!charges.some(([of, start]) => start === periodStart && of === subject)) charges.push([subject, periodStart]);
  };
  const addPeriod = (subject: string, period: NonNullable<Limit['period']>): void => {
    const { start, end } = period(at);
    from = Math.max(from, start);
    until = Math.min(until, end);
    add(subject, start);
  };
  for (const { subject, period } of spenders) {
    add(subject, 0);
    if (period) addPeriod(subject, period);
  }
  for (const { subject, metric, period } of limits) {
    if (metric !== 'cost') continue;
    if (period) addPeriod(subject, period);
    else add(subject, 0);
  }
  known.set(limits, { charges, from, until });
  return charges;
};
