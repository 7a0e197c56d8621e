import type { SpendKey, SpendTotals } from '../../spend/totals.ts';
import type { Held } from './governor.ts';

const ofGateway: SpendKey = { subject: 'gateway', periodStart: 0 };

/** Writes down what a call cost, for all whose spend it is: since ever, and in each of their periods, once each. */
export const countSpend = (totals: SpendTotals, { at, limits, spenders }: Held, nanodollars: number): void => {
  totals.add(ofGateway, nanodollars);
  const periods: SpendKey[] = [];
  const add = (subject: string, periodStart: number): void => {
    // Two budgets of a subject may have one period. There are few: looking through them costs less than a set of names.
    if (periods.some((each) => each.periodStart === periodStart && each.subject === subject)) return;
    const key = { subject, periodStart };
    periods.push(key);
    totals.add(key, nanodollars);
  };
  for (const { subject, period } of spenders) {
    totals.add({ subject, periodStart: 0 }, nanodollars);
    if (period) add(subject, period(at).start);
  }
  for (const { subject, metric, period } of limits) {
    if (metric !== 'cost') continue;
    if (period) add(subject, period(at).start);
    else if (subject !== 'gateway' && !spenders.some((spender) => spender.subject === subject)) add(subject, 0);
  }
};
