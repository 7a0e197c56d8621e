import { SluiceError } from '../../types/index.ts';
import type { Candidate } from '../candidate.ts';
import type { Deployment } from '../deployment.ts';
import type { Filter } from '../filter.ts';
import { keepThose, Leftovers, Noted } from './kept.ts';
import { SpendWindows, type SpendBudget } from './spend-windows.ts';
import { shown } from './words.ts';

interface BudgetOptions<P> {
  /** By the vendor's id. */
  readonly providers?: Readonly<Record<string, SpendBudget>>;
  /** By a request's tag: where one of its tags has nothing left, the call is refused. */
  readonly tags?: Readonly<Record<string, SpendBudget>>;
  /** Default: as the deployment says. */
  readonly providerOf?: (deployment: Deployment<P>) => string | undefined;
  readonly ofDeployment?: (deployment: Deployment<P>) => SpendBudget | undefined;
  /** Kept by whoever makes routers, so that a new configuration does not forget what was spent. */
  readonly spend?: SpendWindows;
}

/** Something that has a budget. */
interface Budgeted {
  readonly key: string;
  readonly budget: SpendBudget;
}

export interface Budgets<P> {
  readonly filter: Filter<P>;
  /** Tell it of each call that has cost something. Only what has a budget is remembered. */
  charge(deployment: Deployment<P>, tags: readonly string[] | undefined, nanoUsd: number, now: number): void;
}

/**
 * Leaves out deployments whose own budget, or whose provider's, is spent (LiteLLM's `provider_budget_config`,
 * `max_budget` and `tag_budget_config`: docs.litellm.ai/docs/proxy/provider_budget_routing, read 2026-11-22). Costs count
 * when they are known, so calls that are under way when the last cent goes are not stopped.
 */
export const createBudgets = <P>({
  providers = {},
  tags = {},
  providerOf = ({ provider }) => provider,
  ofDeployment,
  spend = new SpendWindows(),
}: BudgetOptions<P>): Budgets<P> => {
  const budgetsOf = (deployment: Deployment<P>): Budgeted[] => {
    const provider = providerOf(deployment);
    const own = ofDeployment?.(deployment);
    return [
      ...(own ? [{ key: `deployment:${deployment.id}`, budget: own }] : []),
      ...(provider !== undefined ? budgetNamed(providers, 'provider', provider) : []),
    ];
  };
  const ofTags = (names: readonly string[] = []): Budgeted[] => names.flatMap((name) => budgetNamed(tags, 'tag', name));
  const budgeted = new Noted<P, readonly Budgeted[]>((candidates) => unique(candidates, budgetsOf));
  const leftovers = new Leftovers<P>();
  /** When the first of what is spent begins anew: for the refusal that follows. */
  let retryAfterMs: number | undefined;

  const spentOf = (all: readonly Budgeted[], now: number): Budgeted[] => {
    const spent = all.filter(({ key, budget }) => spend.over(key, budget, now));
    if (spent.length > 0) retryAfterMs = untilFirst(spent, spend, now);
    return spent;
  };

  return {
    filter: {
      name: 'budget',
      keep(candidates, request, now) {
        retryAfterMs = undefined;
        if (spentOf(ofTags(request.tags), now).length > 0) return [];
        const spent = spentOf(budgeted.of(candidates, now), now).map(({ key }) => key);
        if (spent.length === 0) return candidates;
        return leftovers.of(candidates, spent.join('\n'), now, () => {
          const keys = new Set(spent);
          return keepThose(candidates, ({ deployment }) => !budgetsOf(deployment).some(({ key }) => keys.has(key)));
        });
      },
      refusal: (name) =>
        new SluiceError('rate_limited', `The budget for the model ${shown(name)} is spent.`, {
          retry: false,
          ...(retryAfterMs !== undefined && { retryAfterMs }),
        }),
    },
    charge(deployment, names, nanoUsd, now) {
      if (nanoUsd <= 0) return;
      for (const { key, budget } of budgetsOf(deployment)) spend.add(key, nanoUsd, budget, now);
      for (const { key, budget } of ofTags(names)) spend.add(key, nanoUsd, budget, now);
    },
  };
};

const budgetNamed = (budgets: Readonly<Record<string, SpendBudget>>, kind: string, name: string): Budgeted[] =>
  Object.hasOwn(budgets, name) ? [{ key: `${kind}:${name}`, budget: budgets[name]! }] : [];

const unique = <P>(candidates: readonly Candidate<P>[], budgetsOf: (deployment: Deployment<P>) => Budgeted[]): Budgeted[] => {
  const found = new Map<string, Budgeted>();
  for (const { deployment } of candidates) for (const each of budgetsOf(deployment)) found.set(each.key, each);
  return [...found.values()];
};

const untilFirst = (spent: readonly Budgeted[], spend: SpendWindows, now: number): number | undefined => {
  const ends = spent.map(({ key, budget }) => spend.endsAt(key, budget, now)).filter((each) => each !== undefined);
  return ends.length === 0 ? undefined : Math.min(...ends) - now;
};
