import type { Principal } from './principal.ts';

/** Whose a thing is. A thing that belongs to nobody is the proxy's own. */
export interface Owned {
  readonly organizationId?: string | null | undefined;
  readonly teamId?: string | null | undefined;
  readonly userId?: string | null | undefined;
  /** The thing is this key. */
  readonly keyId?: string | undefined;
}

/** What a caller may be to a thing. */
export const relations = [
  /** Administers everything. */
  'proxy_admin',
  /** Sees everything. */
  'proxy_admin_viewer',
  /** Looks and changes nothing, whatever else they are: what the table gives neither to viewers nor to anybody is not for them. */
  'viewer',
  /** Administers the organisation that the thing belongs to. */
  'org_admin',
  /** Is in that organisation. */
  'org_member',
  /** Administers the team that the thing belongs to. */
  'team_admin',
  /** Is in that team, and the team lets its members do this. */
  'team_permission',
  /** Is in that team. */
  'team_member',
  /** The thing is the caller's own: a key of this user, this user. */
  'self',
  /** The same, of somebody who may change things. */
  'owner',
  /** The thing is the key that the caller came with. */
  'itself',
  /** A person who may make things of their own, whatever the thing is. */
  'internal_user',
  /** Anybody who has shown who they are. */
  'anyone',
] as const;
export type Relation = (typeof relations)[number];

/**
 * Everything that the caller is to a thing.
 * @param permits whether the thing's team lets its members do what is asked
 */
export const relationsTo = (principal: Principal, owned: Owned, permits: (teamId: string) => boolean): ReadonlySet<Relation> => {
  const found = new Set<Relation>(['anyone']);
  const { role, userId, key } = principal;
  if (role === 'proxy_admin') found.add('proxy_admin');
  if (role === 'proxy_admin_viewer') found.add('proxy_admin_viewer');
  if (owned.keyId !== undefined && owned.keyId === key?.id) found.add('itself');
  if (userId === undefined || role === undefined) return found;
  if (role === 'proxy_admin_viewer' || role === 'internal_user_viewer') found.add('viewer');
  // A viewer changes nothing, not even their own things.
  if (role === 'internal_user' || role === 'proxy_admin') found.add('internal_user');
  if (owned.userId != null && owned.userId === userId) {
    found.add('self');
    if (found.has('internal_user')) found.add('owner');
  }
  if (owned.organizationId != null) {
    const place = principal.organizations.get(owned.organizationId);
    if (place !== undefined) found.add('org_member');
    if (place === 'org_admin') found.add('org_admin');
  }
  if (owned.teamId != null) {
    const place = principal.teams.get(owned.teamId);
    if (place !== undefined) found.add('team_member');
    if (place === 'admin') found.add('team_admin');
    else if (place !== undefined && permits(owned.teamId)) found.add('team_permission');
  }
  return found;
};
