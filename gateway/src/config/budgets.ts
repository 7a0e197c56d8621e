import { durationMs } from './durations.ts';
import type { BudgetEntry } from './schema/budgets.ts';
import type { SpendBudget } from './snapshot.ts';

/** Budgets as the router has them. Their shape was checked: each has a limit and a period. */
export const budgetsOf = (given: Readonly<Record<string, BudgetEntry>> | undefined): Record<string, SpendBudget> =>
  Object.fromEntries(Object.entries(given ?? {}).map(([name, entry]) => [name, budgetOf(entry)]));

const budgetOf = ({ budget_limit, max_budget, time_period, budget_duration }: BudgetEntry): SpendBudget => ({
  limitUsd: budget_limit ?? max_budget ?? 0,
  periodMs: durationMs(time_period ?? budget_duration ?? '') ?? 0,
});
