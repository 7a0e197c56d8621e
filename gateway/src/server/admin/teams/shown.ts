import { memberLimits } from '../../../access/member-limits.ts';
import { memberId } from '../../../access/records/kinds.ts';
import type { BudgetRecord, Limits, TeamMemberRecord, TeamRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import { budgetResetAt, budgetTable, iso, limitsShown, objectPermissionShown } from '../answer-parts.ts';
import { driftOf } from './drift.ts';
import type { Spending } from '../spender.ts';
import type { FoundTeam } from './find-team.ts';
import { metadataShown } from './metadata.ts';

/** A team with what else its answer is made of. */
export interface TeamView {
  readonly team: FoundTeam;
  readonly members: readonly Stored<TeamMemberRecord>[];
  /** By user. */
  readonly emails: ReadonlyMap<string, string>;
  readonly spentUsd: number;
  readonly budget: Stored<BudgetRecord> | undefined;
  /** That its periods are counted in; absent: UTC. */
  readonly timeZone: string | undefined;
}

export const teamSpending = (
  { id, data, createdAt }: Pick<FoundTeam, 'id' | 'data' | 'createdAt'>,
  shared: Stored<BudgetRecord> | undefined,
): Spending => ({ subject: `team:${id}`, limits: data, shared, startedAt: createdAt });

export const memberSpending = (
  { data, createdAt }: Stored<TeamMemberRecord>,
  team: TeamRecord,
  shared: Stored<BudgetRecord> | undefined,
): Spending => ({
  subject: `team_member:${memberId(data.team_id, data.user_id)}`,
  limits: memberLimits(data, team),
  shared,
  startedAt: createdAt,
});

/** Who made a team of the configuration file. */
const inTheFile = 'configuration file';

/** A team as `LiteLLM_TeamTable`, with those members of requests that LiteLLM keeps in metadata beside it. */
export const teamShown = ({ team, members, emails, spentUsd, budget, timeZone }: TeamView, now: number) => {
  const { id, data, createdAt, updatedAt, createdBy = inTheFile, updatedBy = inTheFile, place } = team;
  const drift = driftOf(team);
  const of = (role: string) => members.filter((member) => member.data.role === role).map((member) => member.data.user_id);
  return {
    team_id: id,
    team_alias: data.team_alias ?? null,
    organization_id: data.organization_id ?? null,
    admins: of('admin'),
    members: of('user'),
    members_with_roles: members.map(({ data: { user_id, role } }) => ({ user_id, user_email: emails.get(user_id) ?? null, role })),
    team_member_permissions: data.team_member_permissions ?? null,
    metadata: metadataShown(data),
    ...limitsShown(data, createdAt, now, timeZone),
    budget_limits: windowsShown(data, createdAt, now, timeZone),
    model_rpm_limit: data.model_rpm_limit ?? null,
    model_tpm_limit: data.model_tpm_limit ?? null,
    budget_id: data.budget_id ?? null,
    litellm_budget_table: budget ? budgetTable(data, createdAt, budget, now, timeZone) : null,
    models: data.models,
    blocked: data.blocked ?? false,
    router_settings: data.router_settings ?? null,
    access_group_ids: data.access_group_ids ?? null,
    default_team_member_models: data.default_team_member_models ?? null,
    spend: spentUsd,
    model_id: null,
    model_spend: {},
    model_aliases: data.model_aliases ?? null,
    litellm_model_table: data.model_aliases
      ? { id: null, model_aliases: data.model_aliases, created_by: createdBy, updated_by: updatedBy }
      : null,
    tags: data.tags ?? null,
    policies: null,
    allow_team_guardrail_config: false,
    allowed_passthrough_routes: data.allowed_passthrough_routes ?? null,
    rpm_limit_type: data.rpm_limit_type ?? null,
    tpm_limit_type: data.tpm_limit_type ?? null,
    team_member_budget: data.team_member_budget ?? null,
    team_member_budget_duration: data.team_member_budget_duration ?? null,
    team_member_rpm_limit: data.team_member_rpm_limit ?? null,
    team_member_tpm_limit: data.team_member_tpm_limit ?? null,
    team_member_key_duration: data.team_member_key_duration ?? null,
    object_permission_id: data.object_permission ? id : null,
    object_permission: objectPermissionShown(id, data.object_permission),
    created_at: place ? null : iso(createdAt),
    updated_at: place ? null : iso(updatedAt),
    config_owned: place !== undefined,
    ...(place && { config_place: `${place.file}:${place.line}` }),
    ...(drift && { config_drift: drift }),
  };
};

const windowsShown = ({ budget_limits: windows }: Limits, createdAt: number, now: number, timeZone: string | undefined) =>
  windows?.map((window) => ({ ...window, reset_at: budgetResetAt(window, createdAt, now, timeZone) })) ?? null;

/** As `LiteLLM_TeamMembership`. */
export const membershipShown = (
  { data, createdAt }: Stored<TeamMemberRecord>,
  team: TeamRecord,
  spentUsd: number,
  budget: Stored<BudgetRecord> | undefined,
  now: number,
  timeZone: string | undefined,
) => {
  const table = budgetTable(memberLimits(data, team), createdAt, budget, now, timeZone);
  return {
    user_id: data.user_id,
    team_id: data.team_id,
    role: data.role,
    budget_id: data.budget_id ?? null,
    spend: spentUsd,
    // Only the running period is counted.
    total_spend: null,
    allowed_models: data.allowed_models ?? null,
    litellm_budget_table: table && { ...table, allowed_models: data.allowed_models ?? null },
  };
};
