import { SluiceError } from 'sluice/kit';
import { kinds } from '../../../access/records/kinds.ts';
import type { BudgetRecord } from '../../../access/records/records.ts';
import type { Reading } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { Writing } from '../../../access/store/writing.ts';

/** The lock of one budget: it must not go while something is given to it. */
export const budgetLock = (id: string): string => `budget:${id}`;

/**
 * For things that name a shared budget: it must be there, and stays there until they are written. A budget that is not
 * there would be no limit at all.
 * @throws SluiceError `invalid_request`
 */
export const demandBudget = async (writing: Writing, id: string | null | undefined): Promise<void> => {
  if (id == null) return;
  await writing.tx.lock(budgetLock(id));
  if (!(await writing.get(kinds.budget, id)))
    throw new SluiceError('invalid_request', `There is no budget ${JSON.stringify(id)}. Make it with POST /budget/new.`, {
      param: 'budget_id',
    });
};

/** The shared budgets that things name, by their ids. */
export const budgetsOf = async (
  reading: Reading,
  things: readonly { readonly data: { readonly budget_id?: string | null } }[],
): Promise<ReadonlyMap<string, Stored<BudgetRecord>>> => {
  const ids = new Set(things.map(({ data }) => data.budget_id).filter((id) => id != null));
  const found = new Map<string, Stored<BudgetRecord>>();
  const all = [...ids];
  for (let at = 0; at < all.length; at += 1000)
    for (const budget of await reading.getAll(kinds.budget, all.slice(at, at + 1000))) found.set(budget.id, budget);
  return found;
};
