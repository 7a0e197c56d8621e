import type { z } from 'zod';
import { SluiceError } from 'sluice/kit';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { spenderOf, type Spending } from '../spender.ts';
import { aboutKeys, demandKey } from './find.ts';
import { resetSpendBody } from './schemas.ts';
import { keySpending, shownKey } from './shown.ts';

type Context = AdminContext<z.output<typeof resetSpendBody>>;

export const resetSpend = adminRoute({
  method: 'POST',
  paths: ['/key/{key:path}/reset_spend'],
  action: 'key.reset_spend',
  summary: 'Sets back what a key has spent: to 0, or to an amount up to what it is.',
  body: resetSpendBody,
  about: (context: Context) => aboutKeys(context, { keys: [context.params['key']!] }),
  handle: async (context: Context) => {
    const { store, services, params, body } = context;
    const key = await demandKey(store, params['key']);
    const spending = await keySpending(store, key);
    const before = await services.spend.spentUsd(spenderOf(spending, context));
    if (body.reset_to > before)
      throw new SluiceError('invalid_request', `\`reset_to\` may be at most what was spent, which is ${before}.`, { param: 'reset_to' });
    for (const budget of budgetsOf(spending)) await lower(context, budget, body.reset_to);
    const shown = await shownKey(context, key);
    return {
      key_hash: key.id,
      spend: shown.spend,
      previous_spend: before,
      max_budget: shown.max_budget,
      budget_reset_at: shown.budget_reset_at,
    };
  },
});

/** Each of a key's budgets by itself: the one with its own or no duration, and those of `budget_limits`. */
const budgetsOf = (spending: Spending): readonly Spending[] => [
  spending,
  ...(spending.limits.budget_limits ?? spending.shared?.data.budget_limits ?? []).map(({ budget_duration }) => ({
    ...spending,
    limits: { budget_duration },
    shared: undefined,
  })),
];

/** A shorter window may have spent less than what is set. */
const lower = async (context: Context, budget: Spending, usd: number): Promise<void> => {
  const spender = spenderOf(budget, context);
  const { spend } = context.services;
  if ((await spend.spentUsd(spender)) > usd) await spend.setSpentUsd(spender, usd);
};
