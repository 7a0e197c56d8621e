import { z } from 'zod';
import { userRoles } from '../../../access/records/records.ts';
import {
  anId,
  aText,
  commaList,
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
import { generateBody } from '../keys/schemas.ts';
import { notBuilt, notTaken, withoutLogging } from '../not-built.ts';

/** Stored in lower case, so that one address is one user. */
const email = z
  .string()
  .max(254)
  .refine((text) => /^[^\s@]+@[^\s@]+$/.test(text.trim()), { error: 'must be an e-mail address' })
  .transform((text) => text.trim().toLowerCase());

const role = z.enum(userRoles);

/** What can be said of a user whether they are made or changed. */
const userMembers = {
  user_alias: aText.nullish(),
  user_role: role.nullish(),
  models: names.nullish(),
  metadata: withoutLogging(json).nullish(),
  object_permission: objectPermission.nullish(),
  blocked: z.boolean().nullish(),
  budget_id: anId.nullish(),
  ...limitsShape,
  spend: money.nullish(),
  allowed_cache_controls: notBuilt.allowed_cache_controls,
  guardrails: notBuilt.guardrails,
  policies: notBuilt.policies,
  prompts: notBuilt.prompts,
  mcp_rpm_limit: notBuilt.mcp_rpm_limit,
  send_invite_email: notBuilt.send_invite_email,
};

/** Of the key that is made with a user. */
const keyOfUser = generateBody.pick({
  key_alias: true,
  duration: true,
  team_id: true,
  agent_id: true,
  aliases: true,
  config: true,
  permissions: true,
  budget_fallbacks: true,
  tag_rpm_limit: true,
}).shape;
export const keyMembers = Object.keys(keyOfUser) as (keyof typeof keyOfUser)[];

const teamOfUser = z.union([
  anId.transform((id) => ({ team_id: id })),
  z.strictObject({ team_id: anId, max_budget_in_team: money.nullish(), user_role: z.enum(['user', 'admin']).nullish() }),
]);
const teams = z.array(teamOfUser).max(100);
export type TeamOfUser = z.output<typeof teams>[number];

export const newUserBody = z.strictObject({
  user_id: anId.nullish(),
  user_email: email.nullish(),
  sso_user_id: anId.nullish(),
  ...userMembers,
  ...keyOfUser,
  teams: teams.nullish(),
  organizations: ids.max(100).nullish(),
  auto_create_key: orUsual(z.boolean(), true),
});

const ofKeys = notTaken('belongs to keys: change it with POST /key/update');
const keysOwn = Object.fromEntries(keyMembers.map((name) => [name, ofKeys])) as Record<(typeof keyMembers)[number], typeof ofKeys>;

const changes = { ...userMembers, ...keysOwn, password: z.string().max(4096).nullish() };

export const updateUserBody = z.strictObject({ user_id: anId.nullish(), user_email: email.nullish(), ...changes });
export type UserChange = z.output<typeof updateUserBody>;

/** As many as one request changes, in LiteLLM as well. */
const maxBulk = 500;
export const bulkUpdateBody = z.strictObject({
  users: z.array(updateUserBody).max(maxBulk).nullish(),
  all_users: z.boolean().nullish(),
  user_updates: z.strictObject(changes).nullish(),
});

export const deleteUsersBody = z.strictObject({ user_ids: ids.min(1, { error: 'must name at least one user' }) });
export const userQuery = z.strictObject({ user_id: anId.optional() });

const sortable = ['user_id', 'user_email', 'user_alias', 'user_role', 'created_at', 'updated_at', 'spend'] as const;
export type UserSort = (typeof sortable)[number];

export const usersQuery = z.strictObject({
  role: role.optional(),
  user_ids: commaList.optional(),
  sso_user_ids: commaList.optional(),
  user_email: z.string().max(254).optional(),
  team: anId.optional(),
  organization_ids: commaList.optional(),
  page: pageNumber,
  page_size: pageSize(25),
  sort_by: z.enum(sortable).optional(),
  sort_order: sortOrder.default('asc'),
});
export type UsersQuery = z.output<typeof usersQuery>;

export const filterQuery = z.strictObject({
  user_id: z.string().max(256).optional(),
  user_email: z.string().max(254).optional(),
  page: pageNumber,
  page_size: pageSize(50),
});

export const userDefaultsBody = z.strictObject({
  user_role: role.nullish(),
  max_budget: money.nullish(),
  budget_duration: duration.nullish(),
  models: names.nullish(),
  tpm_limit: limitsShape.tpm_limit,
  rpm_limit: limitsShape.rpm_limit,
  max_parallel_requests: limitsShape.max_parallel_requests,
  teams: teams.nullish(),
  available_teams: ids.nullish(),
});
