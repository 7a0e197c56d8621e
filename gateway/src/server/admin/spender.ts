import type { Limits } from '../../access/records/records.ts';
import { spenderOfSubject } from '../../pipeline/governance/subject-limits.ts';
import type { Spender } from '../../spend/spend-book.ts';
import type { AdminContext } from './admin-route.ts';

/** Something that spends. */
export interface Spending {
  readonly subject: string;
  readonly limits: Limits;
  /** The budget that it shares, if it names one. */
  readonly shared: { readonly data: Limits } | undefined;
  /** When it was made, in Unix milliseconds. */
  readonly startedAt: number;
}

type Where = Pick<AdminContext, 'services'> & { readonly now: number };

/** The spend of a thing as its budget counts it (FP-66): of the running period where it has one, else since ever. */
export const spenderOf = ({ subject, limits, shared, startedAt }: Spending, { services, now }: Where): Spender => {
  const { period } = spenderOfSubject({ subject, limits, shared: shared?.data, startedAt }, services.live().snapshot.budgets.timeZone);
  return period ? { subject, periodStart: period(now).start } : subject;
};

/** What each of them has spent, in US dollars, by subject; 0 where nothing is known. */
export const spentOf = async (all: readonly Spending[], where: Where): Promise<(subject: string) => number> => {
  const spent = await where.services.spend.spentUsdOfAll(all.map((each) => spenderOf(each, where)));
  return (subject) => spent.get(subject) ?? 0;
};

/** For who may say what was spent. @param usd what it is from now on; undefined and null: as it is */
export const setSpent = async (spending: Spending, usd: number | null | undefined, where: Where): Promise<void> => {
  if (usd != null) await where.services.spend.setSpentUsd(spenderOf(spending, where), usd);
};
