import type { KeyRecord, Limits } from '../../access/records/records.ts';
import type { Store } from '../../access/store/store.ts';
import type { AlertFacts, EventGroup, WatchedBudget } from '../../alerts/index.ts';
import type { ConfigSnapshot } from '../../config/snapshot.ts';
import type { Limit } from '../../limits/index.ts';
import { raisedUsdOf } from '../../pipeline/governance/caller-limits.ts';
import { effectiveLimits } from '../../pipeline/governance/effective-limits.ts';
import { gatewayLimits } from '../../pipeline/governance/gateway-limits.ts';
import { limitsOfSubject, type LimitedSubject } from '../../pipeline/governance/subject-limits.ts';
import { emailsAtOf } from './alert-emails.ts';
import { findSubjects, type FoundSubject } from './find-subjects.ts';
import { readShared, type SubjectKind } from './read-records.ts';
import { routingBudgets } from './routing-budgets.ts';

const groups: Readonly<Record<SubjectKind, EventGroup>> = {
  key: 'key',
  user: 'user',
  team: 'team',
  team_member: 'team_member',
  organization: 'organization',
  organization_member: 'organization_member',
  project: 'project',
  customer: 'end_user',
  tag: 'tag',
};

/**
 * The budgets of subjects as they are enforced: worked out by the functions that calls are governed with, so that what is
 * told and what is refused are the same (FP-66).
 */
export const watchedBudgets = async (
  subjects: readonly string[],
  now: number,
  { store, snapshot }: { readonly store: Store; readonly snapshot: ConfigSnapshot },
): Promise<readonly WatchedBudget[]> => {
  const found = await findSubjects(subjects, { store, snapshot });
  const shared = await readShared(
    store,
    found.map(({ limits }) => limits),
  );
  const budgets = [
    ...found.flatMap((each) =>
      budgetsOf(each, each.limits.budget_id == null ? undefined : shared.get(each.limits.budget_id)?.data, now, snapshot),
    ),
    ...routingBudgets(subjects, snapshot, now),
  ];
  if (!subjects.includes('gateway')) return budgets;
  return [
    ...budgets,
    ...gatewayLimits(snapshot.budgets)
      .filter(isCost)
      .map((limit) => watched(limit, 'proxy', {}, now)),
  ];
};

const isCost = ({ metric }: Limit): boolean => metric === 'cost';

const budgetsOf = (
  { kind, id, record, limits, label, facts }: FoundSubject,
  shared: Limits | undefined,
  now: number,
  { budgets: rules }: ConfigSnapshot,
): readonly WatchedBudget[] => {
  const limited: LimitedSubject = {
    subject: `${kind}:${id}`,
    label,
    limits,
    shared,
    startedAt: record?.createdAt ?? 0,
    raisedUsd: kind === 'key' && record ? raisedUsdOf(record.data as KeyRecord, now) : 0,
    // A project's metadata is its team's admins' to write: it lets no limit be passed.
    shadow: kind !== 'project' && record?.data.metadata?.['shadow_limits'] === true,
  };
  // Those of a model beside those of all: the first ones come with each.
  const models = Object.keys(effectiveLimits(limits, shared).model_max_budget ?? {});
  const all = [
    ...limitsOfSubject(limited, '', rules),
    ...models.flatMap((model) => limitsOfSubject(limited, model, rules).filter(({ subject }) => subject !== limited.subject)),
  ];
  const costs = all.filter(isCost);
  // Of a key's budget: neither of its windows, which come after it, nor of its models.
  const own = kind === 'key' && effectiveLimits(limits, shared).max_budget != null ? costs.find(({ soft }) => !soft) : undefined;
  const emailsAt = own && emailsAtOf(record?.data.metadata);
  return costs.map((limit) => ({ ...watched(limit, groups[kind], facts, now), ...(limit === own && emailsAt && { emailsAt }) }));
};

const watched = ({ subject, label, max, soft, period }: Limit, group: EventGroup, facts: AlertFacts, now: number): WatchedBudget => ({
  subject,
  group,
  label,
  maxNanodollars: max,
  // One that is only tried out refuses nothing either.
  soft: soft ?? false,
  ...(period && { period: period(now) }),
  facts,
});
