import { kinds } from '../../access/records/kinds.ts';
import type { UserRecord } from '../../access/records/records.ts';
import type { Stored } from '../../access/store/stored.ts';
import type { AdminContext } from './admin-route.ts';
import { iso, limitsShown, objectPermissionShown } from './answer-parts.ts';
import { budgetsOf } from './budgets/known-budget.ts';
import { spenderOf } from './spender.ts';
import { seenTeams, userSpending } from './users/shown.ts';

/** Somebody who was put somewhere, as `LiteLLM_UserTable` without what they are elsewhere. */
export const personShown = async (context: Pick<AdminContext, 'store' | 'services' | 'now' | 'may'>, user: Stored<UserRecord>) => {
  const { store, services, now } = context;
  const { id, data, createdAt, updatedAt } = user;
  const shared = (await budgetsOf(store, [user])).get(data.budget_id ?? '');
  const teams = (await store.find(kinds.teamMember, { is: { user_id: id } })).map((member) => member.data.team_id);
  // They may be in others' teams as well, which are nothing to whoever put them here.
  const seen = await seenTeams(context, new Set(teams));
  return {
    user_id: id,
    user_alias: data.user_alias ?? null,
    user_email: data.user_email ?? null,
    user_role: data.user_role,
    sso_user_id: data.sso_user_id ?? null,
    team_id: null,
    organization_id: null,
    organization_memberships: null,
    allowed_cache_controls: [],
    policies: [],
    teams: teams.filter((team) => seen.has(team)),
    ...limitsShown(data, createdAt, now, services.live().snapshot.budgets.timeZone),
    spend: await services.spend.spentUsd(spenderOf(userSpending(user, shared), { services, now })),
    models: data.models,
    metadata: data.metadata ?? null,
    model_spend: {},
    object_permission_id: data.object_permission ? id : null,
    object_permission: objectPermissionShown(id, data.object_permission),
    created_at: iso(createdAt),
    updated_at: iso(updatedAt),
  };
};
