import { kinds, memberId } from '../../../access/records/kinds.ts';
import type { BudgetRecord, OrganizationMemberRecord, OrganizationRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { AdminContext } from '../admin-route.ts';
import { budgetTable, iso, limitsShown, objectPermissionShown } from '../answer-parts.ts';
import { budgetsOf } from '../budgets/known-budget.ts';
import { emailsOf } from '../people.ts';
import { spentOf, type Spending } from '../spender.ts';
import { foundTeam, ownedBy } from '../teams/find-team.ts';
import { teamShown } from '../teams/shown.ts';
import { viewTeams } from '../teams/view.ts';

type Context = Pick<AdminContext, 'store' | 'services' | 'now' | 'may' | 'principal'>;

export const organizationSpending = (
  { id, data, createdAt }: Stored<OrganizationRecord>,
  shared: Stored<BudgetRecord> | undefined,
): Spending => ({ subject: `organization:${id}`, limits: data, shared, startedAt: createdAt });

/** An organisation as `LiteLLM_OrganizationTable`. */
export const organizationsShown = async (
  { store, services, now }: Pick<Context, 'store' | 'services' | 'now'>,
  all: readonly Stored<OrganizationRecord>[],
) => {
  const budgets = await budgetsOf(store, all);
  const spent = await spentOf(
    all.map((each) => organizationSpending(each, budgets.get(each.data.budget_id ?? ''))),
    { services, now },
  );
  return all.map(({ id, data, createdAt, createdBy, updatedAt, updatedBy }) => ({
    organization_id: id,
    organization_alias: data.organization_alias,
    // LiteLLM gives every organisation a row of budgets; here its limits are its own unless it shares some.
    budget_id: data.budget_id ?? id,
    ...limitsShown(data, createdAt, now, services.live().snapshot.budgets.timeZone),
    budget_limits: data.budget_limits ?? null,
    model_rpm_limit: data.model_rpm_limit ?? null,
    model_tpm_limit: data.model_tpm_limit ?? null,
    spend: spent(`organization:${id}`),
    metadata: data.metadata ?? null,
    models: data.models,
    model_spend: {},
    litellm_budget_table: budgetTable(data, createdAt, budgets.get(data.budget_id ?? ''), now, services.live().snapshot.budgets.timeZone),
    object_permission_id: data.object_permission ? id : null,
    object_permission: objectPermissionShown(id, data.object_permission),
    users: null,
    created_at: iso(createdAt),
    created_by: createdBy ?? '',
    updated_at: iso(updatedAt),
    updated_by: updatedBy ?? '',
  }));
};

export type ShownOrganization = Awaited<ReturnType<typeof organizationsShown>>[number];

/** As `LiteLLM_OrganizationMembershipTable`. */
export const membershipsShown = async (
  { store, services, now }: Pick<Context, 'store' | 'services' | 'now'>,
  all: readonly Stored<OrganizationMemberRecord>[],
) => {
  const subject = ({ organization_id: of, user_id: user }: OrganizationMemberRecord) => `organization_member:${memberId(of, user)}`;
  const emails = await emailsOf(
    store,
    all.map(({ data }) => data.user_id),
  );
  const budgets = await budgetsOf(store, all);
  const spent = await spentOf(
    all.map(({ data, createdAt }) => ({
      subject: subject(data),
      limits: data,
      shared: budgets.get(data.budget_id ?? ''),
      startedAt: createdAt,
    })),
    { services, now },
  );
  return all.map(({ data, createdAt, updatedAt }) => ({
    user_id: data.user_id,
    organization_id: data.organization_id,
    user_role: data.role,
    user_email: emails.get(data.user_id) ?? null,
    spend: spent(subject(data)),
    budget_id: data.budget_id ?? null,
    litellm_budget_table: budgetTable(
      { max_budget: data.max_budget },
      createdAt,
      budgets.get(data.budget_id ?? ''),
      now,
      services.live().snapshot.budgets.timeZone,
    ),
    user: null,
    created_at: iso(createdAt),
    updated_at: iso(updatedAt),
  }));
};

/** As `LiteLLM_OrganizationTableWithMembers`: members for those who administer it, the others find themselves; teams that may be seen. */
export const organizationsWithMembers = async (context: Context, all: readonly Stored<OrganizationRecord>[]) => {
  const shown = await organizationsShown(context, all);
  return Promise.all(shown.map((organization) => withMembers(context, organization)));
};

const withMembers = async (context: Context, organization: ShownOrganization) => {
  const { store, services, principal, now } = context;
  const id = organization.organization_id;
  const config = services.snapshot();
  const seesMembers = context.may('organization.members', { organizationId: id }) || principal.role === 'proxy_admin_viewer';
  const members = await store.find(kinds.organizationMember, {
    is: { organization_id: id, user_id: seesMembers ? undefined : (principal.userId ?? '') },
  });
  const stored = await store.find(kinds.team, { is: { organization_id: id } });
  const ofFile = config.teams.filter((team) => team.record.organization_id === id && !stored.some((each) => each.id === team.id));
  const teams = [
    ...ofFile.map((team) => foundTeam(config, team.id, undefined)!),
    ...stored.map((row) => foundTeam(config, row.id, row)!),
  ].filter((team) => context.may('team.see', ownedBy(team.id, team)));
  return {
    ...organization,
    members: await membershipsShown(context, members),
    teams: (await viewTeams(context, teams)).map((view) => teamShown(view, now)),
  };
};
