import type { WatchedBudget } from '../../alerts/index.ts';
import type { ConfigSnapshot, SpendBudget } from '../../config/snapshot.ts';
import { startOf } from '../../pipeline/routing-spend.ts';

const nanoPerUsd = 1_000_000_000;

type Snapshot = Pick<ConfigSnapshot, 'router' | 'deployments'>;

/** Kinds of the counters of routing, and where the configuration has their budgets. */
const kinds: Readonly<
  Record<string, (name: string, snapshot: Snapshot) => { label: string; budget: SpendBudget | undefined } | undefined>
> = {
  provider: (name, { router }) => ({ label: `provider "${name}"`, budget: named(router.providerBudgets, name) }),
  routing_tag: (name, { router }) => ({ label: `tag "${name}" of routing`, budget: named(router.tagBudgets, name) }),
  deployment(id, { deployments }) {
    const found = deployments.find((each) => each.id === id);
    return found && { label: `deployment "${id}" of "${found.modelName}"`, budget: found.budget };
  },
};

const named = (budgets: Readonly<Record<string, SpendBudget>>, name: string): SpendBudget | undefined =>
  Object.hasOwn(budgets, name) ? budgets[name] : undefined;

/** Budgets that deployments are chosen by (`provider_budget_config` and its like), of those subjects that are theirs. */
export const routingBudgets = (subjects: readonly string[], snapshot: Snapshot, now: number): readonly WatchedBudget[] =>
  subjects.flatMap((subject) => {
    const colon = subject.indexOf(':');
    const kind = subject.slice(0, Math.max(0, colon));
    const found = Object.hasOwn(kinds, kind) ? kinds[kind]!(subject.slice(colon + 1), snapshot) : undefined;
    if (!found?.budget) return [];
    const { limitUsd, periodMs } = found.budget;
    const start = startOf(periodMs, now);
    return [
      {
        subject,
        group: 'provider' as const,
        label: found.label,
        maxNanodollars: Math.round(limitUsd * nanoPerUsd),
        soft: false,
        period: { start, end: start + periodMs },
        facts: {},
      },
    ];
  });
