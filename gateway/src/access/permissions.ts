import type { Relation } from './relations.ts';

const admin = ['proxy_admin'] as const;
const seers = ['proxy_admin', 'proxy_admin_viewer'] as const;
const orgAdmins = ['proxy_admin', 'org_admin'] as const;
const orgSeers = [...seers, 'org_admin', 'org_member'] as const;
const teamAdmins = ['proxy_admin', 'org_admin', 'team_admin'] as const;
/** And those whom the team lets do it. */
const teamKeyAdmins = [...teamAdmins, 'team_permission'] as const;
const teamSeers = [...seers, 'org_admin', 'team_admin', 'team_member'] as const;
const keyHolders = ['proxy_admin', 'org_admin', 'team_admin', 'team_permission', 'owner'] as const;
const keySeers = [...seers, 'org_admin', 'team_admin', 'team_permission', 'self', 'itself'] as const;

/**
 * Who may do what, decided on the route that matched and on whose the thing is: the one table of the gateway. What is not
 * here may not be done by anybody (FP-1, FP-34). A route names its row; what may be written, member by member, is in
 * `grants.ts`.
 */
export const permissions = {
  // Calls of models, and what a key may ask about itself. Which routes a key is for is asked before.
  'llm.call': ['anyone'],
  'models.see': ['anyone'],

  'key.create': keyHolders,
  'key.see': keySeers,
  'key.list': ['anyone'],
  'key.update': keyHolders,
  'key.delete': keyHolders,
  'key.regenerate': keyHolders,
  'key.block': teamKeyAdmins,
  'key.reset_spend': teamKeyAdmins,
  'key.health': ['anyone'],
  'master_key.rotate': admin,

  'team.create': ['proxy_admin', 'org_admin'],
  'team.see': teamSeers,
  'team.list': ['anyone'],
  'team.available': ['anyone'],
  'team.update': teamAdmins,
  'team.delete': orgAdmins,
  'team.block': orgAdmins,
  'team.members': teamAdmins,
  'team.join': ['internal_user'],
  'team.permissions.see': teamSeers,
  'team.permissions': teamAdmins,
  'team.models': orgAdmins,

  'user.create': ['proxy_admin', 'org_admin'],
  'user.see': [...seers, 'org_admin', 'self'],
  'user.list': [...seers, 'org_admin', 'team_admin'],
  'user.update': ['proxy_admin', 'owner'],
  'user.delete': admin,
  'user.roles': ['anyone'],
  'user.invite': ['proxy_admin', 'org_admin'],

  'organization.create': admin,
  'organization.see': orgSeers,
  'organization.list': ['anyone'],
  'organization.update': orgAdmins,
  'organization.delete': admin,
  'organization.members': orgAdmins,

  'project.create': teamAdmins,
  'project.see': teamSeers,
  'project.list': ['anyone'],
  'project.update': teamAdmins,
  'project.delete': teamAdmins,

  'customer.see': seers,
  'customer.write': admin,
  'budget.see': seers,
  'budget.write': admin,
  'tag.see': seers,
  'tag.write': admin,
  'access_group.see': ['anyone'],
  'access_group.write': admin,

  // What was spent. Where anybody may look, each sees what is theirs (`server/admin/spend/scope.ts`).
  'spend.logs': ['anyone'],
  'spend.own': ['anyone'],
  'spend.calculate': ['anyone'],
  'spend.user': [...seers, 'self'],
  'spend.team': teamSeers,
  'spend.organization': [...seers, 'org_admin'],
  'spend.global': seers,
  // And of these, whoever has the master key itself.
  'spend.reset': admin,

  'model.write': ['proxy_admin', 'team_admin'],
  'model.test': ['proxy_admin', 'team_admin'],
  'model.health': seers,
  'credential.see': seers,
  'credential.write': admin,
  'settings.see': seers,
  'settings.write': admin,
  'router.see': seers,
  'jwt_mapping.see': seers,
  'jwt_mapping.write': admin,
  'sso.see': seers,
  'sso.write': admin,
  'scim.use': admin,
  'audit.see': seers,
  'alert.see': seers,
  'alert.test': admin,
  'ip.write': admin,
  'session.end': ['anyone'],
} as const satisfies Record<string, readonly Relation[]>;

export type Action = keyof typeof permissions;

/** Whether somebody with these relations to a thing may do it. */
export const permits = (action: Action, relations: ReadonlySet<Relation>): boolean => {
  const row: readonly Relation[] = permissions[action];
  if (relations.has('viewer') && !isLook(row)) return false;
  return row.some((relation) => relations.has(relation));
};

/** What viewers may do, where they are somebody to the thing. */
const isLook = (row: readonly Relation[]): boolean => row.includes('proxy_admin_viewer') || row.includes('anyone');

/** What a team may let its members do with its keys, as LiteLLM names it. */
export const teamMemberPermissions = {
  '/key/generate': 'key.create',
  '/key/service-account/generate': 'key.create',
  '/key/update': 'key.update',
  '/key/bulk_update': 'key.update',
  '/key/delete': 'key.delete',
  '/key/regenerate': 'key.regenerate',
  '/key/{key_id:path}/regenerate': 'key.regenerate',
  '/key/block': 'key.block',
  '/key/unblock': 'key.block',
  '/key/{key_id:path}/reset_spend': 'key.reset_spend',
  '/key/info': 'key.see',
  '/key/health': 'key.health',
  '/key/list': 'key.list',
} as const satisfies Record<string, Action>;

/** Where a team says nothing. */
export const usualMemberPermissions: readonly string[] = ['/key/info', '/key/health'];
