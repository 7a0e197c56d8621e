import type { Router, SpendWindows } from 'sluice/kit';
import type { Deployment, RouterSettings } from '../config/snapshot.ts';

interface Budgeted {
  readonly settings: Pick<RouterSettings, 'providerBudgets'>;
  readonly spend: SpendWindows;
  providerOf(deployment: Deployment): string | undefined;
  readonly router: Pick<Router<Deployment>, 'match'>;
}

/**
 * How much of its budgets a model name has spent, from 0: that of the deployment that has spent least, as that one can
 * still be asked; of each the larger of its own budget's share and its provider's. Undefined: one of them has no budget.
 * @param now Unix milliseconds
 */
export const budgetShareOf = (name: string, { settings, spend, providerOf, router }: Budgeted, now: number): number | undefined => {
  let least: number | undefined;
  for (const { deployment } of router.match(name)) {
    const { payload } = deployment;
    const provider = providerOf(payload);
    const ofProvider =
      provider !== undefined && Object.hasOwn(settings.providerBudgets, provider) ? settings.providerBudgets[provider] : undefined;
    const shares: number[] = [];
    if (payload.budget) shares.push(spend.spentUsd(`deployment:${deployment.id}`, payload.budget, now) / payload.budget.limitUsd);
    if (ofProvider) shares.push(spend.spentUsd(`provider:${provider}`, ofProvider, now) / ofProvider.limitUsd);
    if (shares.length === 0) return undefined;
    // A budget of nothing, of which nothing is spent, is spent.
    least = Math.min(least ?? Infinity, Math.max(...shares.map((share) => (Number.isNaN(share) ? 1 : share))));
  }
  return least;
};
