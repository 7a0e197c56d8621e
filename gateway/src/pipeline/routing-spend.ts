import { SpendWindows, type RouteRequest } from 'sluice/kit';
import type { Deployment, SpendBudget } from '../config/snapshot.ts';
import type { Charge } from '../spend/event.ts';
import type { SpendTotals } from '../spend/totals.ts';
import type { Live } from './live.ts';

/** Monday, 5 January 1970, in UTC: weeks begin on Mondays, days at midnight. */
const firstMonday = 4 * 86_400_000;

/** Windows of the budgets that deployments are chosen by, the same ones in every gateway and after every start. */
export const createRoutingWindows = (): SpendWindows => new SpendWindows({ alignedTo: firstMonday });

/** As those windows begin, Unix milliseconds. */
export const startOf = (periodMs: number, at: number): number => at - ((((at - firstMonday) % periodMs) + periodMs) % periodMs);

/** A budget that deployments are chosen by, and the counter of what was spent of it: `provider:openai`, `deployment:…`, `routing_tag:…`. */
interface Budgeted {
  readonly subject: string;
  /** In the router's windows. */
  readonly key: string;
  readonly budget: SpendBudget;
}

const named = (budgets: Readonly<Record<string, SpendBudget>>, kind: string, subject: string, name: string): Budgeted[] =>
  Object.hasOwn(budgets, name) ? [{ subject: `${subject}:${name}`, key: `${kind}:${name}`, budget: budgets[name]! }] : [];

const ofDeployment = ({ snapshot, providerOf }: Pick<Live, 'snapshot' | 'providerOf'>, deployment: Deployment): Budgeted[] => {
  const { id, budget } = deployment;
  const provider = providerOf(deployment);
  return [
    ...(budget ? [{ subject: `deployment:${id}`, key: `deployment:${id}`, budget }] : []),
    ...(provider === undefined ? [] : named(snapshot.router.providerBudgets, 'provider', 'provider', provider)),
  ];
};

const none: readonly Charge[] = [];

/** The counters of routing that a call counts against (`provider_budget_config`, `max_budget` of a deployment, `tag_budget_config`). */
export const routingCharges = (
  live: Pick<Live, 'snapshot' | 'providerOf'>,
  deployment: Deployment | undefined,
  wishes: Pick<RouteRequest, 'tags'> | undefined,
  at: number,
): readonly Charge[] => {
  if (!deployment) return none;
  const { providerBudgets, tagBudgets } = live.snapshot.router;
  // Most configurations have none of them.
  if (!deployment.budget && isEmpty(providerBudgets) && isEmpty(tagBudgets)) return none;
  const tags = isEmpty(tagBudgets) ? [] : (wishes?.tags ?? []);
  const all = [...ofDeployment(live, deployment), ...[...new Set(tags)].flatMap((tag) => named(tagBudgets, 'tag', 'routing_tag', tag))];
  return all.map(({ subject, budget }) => [subject, startOf(budget.periodMs, at)]);
};

const isEmpty = (table: object): boolean => {
  for (const _ in table) return false;
  return true;
};

/** All of a configuration. */
const allOf = (live: Pick<Live, 'snapshot' | 'providerOf'>): readonly Budgeted[] => {
  const { router, deployments } = live.snapshot;
  return [
    ...Object.keys(router.providerBudgets).flatMap((name) => named(router.providerBudgets, 'provider', 'provider', name)),
    ...Object.keys(router.tagBudgets).flatMap((name) => named(router.tagBudgets, 'tag', 'routing_tag', name)),
    ...deployments.flatMap(({ id, budget }) => (budget ? [{ subject: `deployment:${id}`, key: `deployment:${id}`, budget }] : [])),
  ];
};

/**
 * Sets the router's windows to what the database knows was spent, with what waits here: after a start, and again and again, as
 * other gateways spend too. Between two times each counts its own alone.
 * @param now Unix milliseconds
 */
export const refreshRoutingSpend = async (
  live: Pick<Live, 'snapshot' | 'providerOf'>,
  spend: SpendWindows,
  totals: Pick<SpendTotals, 'of'>,
  now: number,
): Promise<void> => {
  const all = allOf(live);
  if (all.length === 0) return;
  const found = await totals.of(all.map(({ subject, budget }) => ({ subject, periodStart: startOf(budget.periodMs, now) })));
  for (const { subject, key, budget } of all) spend.set(key, found.get(subject) ?? 0, budget, now);
};

/** What of a provider's budget is spent, for people to read. */
export interface ProviderBudget {
  readonly provider: string;
  readonly limitUsd: number;
  readonly spentUsd: number;
  readonly periodMs: number;
  /** Unix milliseconds. */
  readonly resetsAt: number;
}

/** What the router enforces, as it stands here. */
export const providerBudgets = ({ snapshot }: Pick<Live, 'snapshot'>, spend: SpendWindows, now: number): readonly ProviderBudget[] =>
  Object.entries(snapshot.router.providerBudgets).map(([provider, budget]) => ({
    provider,
    limitUsd: budget.limitUsd,
    spentUsd: spend.spentUsd(`provider:${provider}`, budget, now),
    periodMs: budget.periodMs,
    resetsAt: startOf(budget.periodMs, now) + budget.periodMs,
  }));
