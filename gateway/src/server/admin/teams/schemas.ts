import { z } from 'zod';
import { isRouteName } from '../../../access/keys/route-groups.ts';
import { teamMemberPermissions } from '../../../access/permissions.ts';
import {
  aText,
  anId,
  count,
  duration,
  ids,
  json,
  limitsShape,
  money,
  names,
  objectPermission,
  pageNumber,
  pageSize,
  sortOrder,
  orUsual,
} from '../fields.ts';
import { routerOverrides } from '../keys/router-overrides.ts';
import { notBuilt, notTaken, withoutLogging } from '../not-built.ts';

const metadata = withoutLogging(json);

const limitType = z.enum(['best_effort_throughput', 'guaranteed_throughput', 'dynamic']);

const routes = z
  .array(z.string().max(256).refine(isRouteName, { error: 'is no route: name a path such as /mistral/*, or a group' }))
  .max(1000);

/** Newer versions of LiteLLM leave the kind of the parameter out of the name. */
const permission = z
  .string()
  .transform((name) => name.replace('{key_id}', '{key_id:path}'))
  .refine((name) => Object.hasOwn(teamMemberPermissions, name), {
    error: `must be one of ${Object.keys(teamMemberPermissions).join(', ')}`,
  });
const permissions = z.array(permission).max(100);

const expiry = notTaken('is for the expiry of files and batches, which is not built yet in this gateway: leave it out');

/** What can be said of a team whether it is made or changed. Reference 2.5, `NewTeamRequest`. */
const teamShape = {
  ...limitsShape,
  guardrails: notBuilt.guardrails,
  policies: notBuilt.policies,
  prompts: notBuilt.prompts,
  disable_global_guardrails: notBuilt.disable_global_guardrails,
  mcp_rpm_limit: notBuilt.mcp_rpm_limit,
  secret_manager_settings: notBuilt.secret_manager_settings,
  allowed_vector_store_indexes: notBuilt.allowed_vector_store_indexes,
  enforced_batch_output_expires_after: expiry,
  enforced_file_expires_after: expiry,
  team_alias: aText.nullish(),
  organization_id: anId.nullish(),
  budget_id: anId.nullish(),
  models: names.nullish(),
  model_aliases: z.record(z.string().min(1).max(512), z.string().min(1).max(512)).nullish(),
  metadata: metadata.nullish(),
  tags: z.array(z.string().min(1).max(256)).max(100).nullish(),
  blocked: z.boolean().nullish(),
  router_settings: routerOverrides.nullish(),
  access_group_ids: ids.nullish(),
  object_permission: objectPermission.nullish(),
  allowed_passthrough_routes: routes.nullish(),
  team_member_permissions: permissions.nullish(),
  default_team_member_models: names.nullish(),
  team_member_budget: money.nullish(),
  team_member_budget_duration: duration.nullish(),
  team_member_rpm_limit: count.nullish(),
  team_member_tpm_limit: count.nullish(),
  team_member_key_duration: duration.nullish(),
  rpm_limit_type: limitType.nullish(),
  tpm_limit_type: limitType.nullish(),
};

const named = { user_id: anId.nullish(), user_email: z.email().max(320).nullish() };

/** One of the two says who it is. */
const isNamed = ({ user_id: id, user_email: email }: { user_id?: string | null | undefined; user_email?: string | null | undefined }) =>
  id != null || email != null;
const nameless = { error: 'needs `user_id` or `user_email`' };

export const member = z.strictObject({ ...named, role: z.enum(['admin', 'user']) }).refine(isNamed, nameless);
export type MemberFields = z.output<typeof member>;

/** One request does not add more: each is several writes of one transaction. */
const maxMembers = 1000;
const members = z.array(member).max(maxMembers);

/** LiteLLM's older lists hold ids alone, or members. */
const people = z.array(z.union([anId.transform((user_id) => ({ user_id })), member])).max(maxMembers);

export const newTeam = z.strictObject({
  ...teamShape,
  team_id: anId.nullish(),
  members_with_roles: members.nullish(),
  admins: people.nullish(),
  members: people.nullish(),
});
export const updatedTeam = z.strictObject({ ...teamShape, team_id: anId });
export const patchedTeam = z.strictObject({ ...teamShape, team_id: anId.nullish() });
export type TeamChange = Omit<z.output<typeof patchedTeam>, 'team_id'>;

export const namedTeam = z.strictObject({ team_id: anId });
export const namedTeams = z.strictObject({ team_ids: z.array(anId).min(1).max(100) });

const ownLimits = {
  max_budget_in_team: money.nullish(),
  budget_duration: duration.nullish(),
  allowed_models: names.nullish(),
};

export const addedMembers = z.strictObject({
  team_id: anId,
  member: z.union([member.transform((one) => [one]), members.min(1)]),
  ...ownLimits,
});
export const bulkMembers = z
  .strictObject({ team_id: anId, members: members.nullish(), all_users: z.boolean().nullish(), max_budget_in_team: money.nullish() })
  .refine(({ members: some, all_users: all }) => (some?.length ?? 0) > 0 !== (all === true), {
    error: 'needs either `members` or `all_users`',
  });

export const removedMember = z.strictObject({ team_id: anId, ...named }).refine(isNamed, nameless);
export const updatedMember = z
  .strictObject({
    team_id: anId,
    ...named,
    ...ownLimits,
    role: z.enum(['admin', 'user']).nullish(),
    tpm_limit: count.nullish(),
    rpm_limit: count.nullish(),
  })
  .refine(isNamed, nameless);

export const teamModels = z.strictObject({ team_id: anId, models: names.min(1) });

export const teamPermissions = z.strictObject({ team_id: anId, team_member_permissions: permissions });
export const bulkPermissions = z
  .strictObject({ permissions: permissions.min(1), team_ids: ids.nullish(), apply_to_all_teams: orUsual(z.boolean(), false) })
  .refine(({ team_ids: some, apply_to_all_teams: all }) => (some?.length ?? 0) > 0 !== all, {
    error: 'needs either `team_ids` or `apply_to_all_teams`',
  });

/** `team_id` may be left out by callers whose key is a team's. */
export const infoQuery = z.strictObject({ team_id: anId.optional(), key_limit: pageSize(1000, 10_000) });
export const teamQuery = z.strictObject({ team_id: anId.optional() });
export const listQuery = z.strictObject({ user_id: anId.optional(), organization_id: anId.optional() });
export const filterQuery = z.strictObject({ team_id: z.string().max(256).optional(), team_alias: z.string().max(256).optional() });
export const availableQuery = z.strictObject({ response_model: z.string().optional() });

export const pageQuery = z.strictObject({
  user_id: anId.optional(),
  organization_id: anId.optional(),
  team_id: anId.optional(),
  team_alias: z.string().max(256).optional(),
  search: z.string().max(256).optional(),
  search_team_id_match: z.enum(['exact', 'partial', 'contains']).default('exact'),
  page: pageNumber,
  page_size: pageSize(10, 100),
  sort_by: z.enum(['team_id', 'team_alias', 'created_at', 'updated_at']).optional(),
  sort_order: sortOrder.default('asc'),
  status: z.enum(['deleted']).optional(),
});
export type TeamPageQuery = z.output<typeof pageQuery>;
