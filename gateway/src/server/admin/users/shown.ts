import type { BudgetRecord, UserRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { AdminContext } from '../admin-route.ts';
import { budgetTable, iso, limitsShown, objectPermissionShown } from '../answer-parts.ts';
import { budgetsOf } from '../budgets/known-budget.ts';
import { spentOf, type Spending } from '../spender.ts';
import { placesOfAll } from './places.ts';

export const userSubject = (id: string): string => `user:${id}`;

export const userSpending = ({ id, data, createdAt }: Stored<UserRecord>, shared: Stored<BudgetRecord> | undefined): Spending => ({
  subject: userSubject(id),
  limits: data,
  shared,
  startedAt: createdAt,
});

type Context = Pick<AdminContext, 'store' | 'services' | 'now' | 'may'>;

/** Of these teams, those that the caller may see: a user may be in others' as well. */
export const seenTeams = async ({ services, may }: Context, ids: ReadonlySet<string>): Promise<ReadonlySet<string>> => {
  if (may('team.see', {})) return ids;
  const all = await Promise.all(
    [...ids].map(async (id) => ({ id, organizationId: (await services.directory.team(id))?.data.organization_id })),
  );
  return new Set(all.filter(({ id, organizationId }) => may('team.see', { teamId: id, organizationId })).map(({ id }) => id));
};

/**
 * Users as LiteLLM's table has them, with what they spent and where they belong, as far as the caller may see that. Never with
 * passwords. At most 100 at once.
 */
export const shownUsers = async (context: Context, users: readonly Stored<UserRecord>[]) => {
  const { store, services, now, may } = context;
  const { timeZone } = services.live().snapshot.budgets;
  const budgets = await budgetsOf(store, users);
  const spent = await spentOf(
    users.map((user) => userSpending(user, budgets.get(user.data.budget_id ?? ''))),
    { services, now },
  );
  const places = await placesOfAll(
    store,
    users.map(({ id }) => id),
  );
  const seen = await seenTeams(context, new Set([...places.teams.values()].flat().map(({ data }) => data.team_id)));
  return users.map(({ id, data, createdAt, updatedAt }) => {
    const budget = budgets.get(data.budget_id ?? '');
    return {
      user_id: id,
      user_alias: data.user_alias ?? null,
      user_email: data.user_email ?? null,
      user_role: data.user_role,
      sso_user_id: data.sso_user_id ?? null,
      team_id: null,
      organization_id: null,
      teams: (places.teams.get(id) ?? []).map((member) => member.data.team_id).filter((team) => seen.has(team)),
      organization_memberships: (places.organizations.get(id) ?? [])
        .filter((member) => may('organization.see', { organizationId: member.data.organization_id }))
        .map((member) => ({
          user_id: id,
          organization_id: member.data.organization_id,
          user_role: member.data.role,
          budget_id: member.data.budget_id ?? null,
          created_at: iso(member.createdAt),
          updated_at: iso(member.updatedAt),
        })),
      models: data.models,
      metadata: data.metadata ?? {},
      spend: spent(userSubject(id)),
      ...limitsShown(data, createdAt, now, timeZone),
      model_max_budget: data.model_max_budget ?? {},
      budget_limits: data.budget_limits ?? null,
      model_rpm_limit: data.model_rpm_limit ?? null,
      model_tpm_limit: data.model_tpm_limit ?? null,
      budget_id: data.budget_id ?? null,
      litellm_budget_table: budget ? budgetTable(data, createdAt, budget, now, timeZone) : null,
      allowed_cache_controls: [],
      policies: [],
      model_spend: {},
      blocked: data.blocked ?? false,
      object_permission_id: data.object_permission ? id : null,
      object_permission: objectPermissionShown(id, data.object_permission),
      created_at: iso(createdAt),
      updated_at: iso(updatedAt),
    };
  });
};

export type ShownUser = Awaited<ReturnType<typeof shownUsers>>[number];

export const shownUser = async (context: Context, user: Stored<UserRecord>): Promise<ShownUser> => (await shownUsers(context, [user]))[0]!;
