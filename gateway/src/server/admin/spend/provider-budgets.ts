import { providerBudgets } from '../../../pipeline/routing-spend.ts';
import { adminRoute } from '../admin-route.ts';
import { iso } from '../answer-parts.ts';

/** The largest unit that it is a whole number of: `30d`, `12h`. */
const periodText = (ms: number): string => {
  for (const [unit, unitMs] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
  ] as const)
    if (ms % unitMs === 0) return `${ms / unitMs}${unit}`;
  return `${Math.round(ms / 1000)}s`;
};

/** Budgets of `router_settings.provider_budget_config`, as LiteLLM's `ProviderBudgetResponse` has them. */
export const providerBudgetsRoute = adminRoute({
  method: 'GET',
  paths: ['/provider/budgets'],
  action: 'spend.global',
  summary: 'Shows the budgets of providers as the router counts them, with when they begin anew.',
  handle: async ({ services, now }) => ({
    providers: Object.fromEntries(
      providerBudgets(services.live(), services.routingSpend, now).map(({ provider, limitUsd, spentUsd, periodMs, resetsAt }) => [
        provider,
        { budget_limit: limitUsd, time_period: periodText(periodMs), spend: spentUsd, budget_reset_at: iso(resetsAt) },
      ]),
    ),
  }),
});
