import { createBudgets, createFilters, type Filter, type RouteRequest, type SpendWindows } from 'sluice/kit';
import type { ConfigSnapshot, Deployment } from '../config/snapshot.ts';
import type { CallCost } from './prices.ts';

/** What a configuration keeps calls from, and what they cost against its budgets. */
export interface Filtering {
  readonly filters: readonly Filter<Deployment>[];
  /** Tell it of each call that is over. A cost that is not known counts nothing. @param at Unix milliseconds */
  charge(
    deployment: Deployment | undefined,
    wishes: Pick<RouteRequest, 'tags'> | undefined,
    cost: Pick<CallCost, 'cost' | 'charged'> | undefined,
    at: number,
  ): void;
}

/** @param spend what was spent so far: kept by the gateway, so that a reload does not forget it */
export const createFiltering = (
  { router, deployments }: ConfigSnapshot,
  providerOf: (deployment: Deployment) => string | undefined,
  spend?: SpendWindows,
): Filtering => {
  const { tagFiltering: tags, preCallChecks, providerBudgets: providers, tagBudgets } = router;
  const hasBudgets =
    Object.keys(providers).length > 0 || Object.keys(tagBudgets).length > 0 || deployments.some(({ budget }) => budget !== undefined);
  const budgets =
    hasBudgets &&
    createBudgets<Deployment>({
      providers,
      tags: tagBudgets,
      // Its name in the file may be left to the catalog.
      providerOf: ({ payload }) => providerOf(payload),
      ofDeployment: ({ payload }) => payload.budget,
      ...(spend && { spend }),
    });
  return {
    filters: createFilters<Deployment>({ ...(tags && { tags }), preCallChecks, ...(budgets && { budget: budgets.filter }) }),
    charge(deployment, wishes, cost, at) {
      if (!budgets || !deployment || !cost?.cost.known) return;
      const { id, modelName: name, model } = deployment;
      // As it is written down, and read again from there.
      const nanoUsd = cost.charged?.total ?? cost.cost.nanoDollars;
      budgets.charge({ id, name, model, payload: deployment }, wishes?.tags, nanoUsd, at);
    },
  };
};
