import { SluiceError } from 'sluice/kit';
import type { Principal } from '../principal.ts';
import type { UserRecord, UserRole } from '../records/records.ts';
import type { Stored } from '../store/stored.ts';
import { proxyAdminsMember } from './admins-metadata.ts';
import { limitsBeyond } from './limits-within.ts';
import { modelsBeyond } from './models-within.ts';

/** Where somebody belongs. */
export interface UserPlaces {
  readonly organizations: readonly string[];
  /** With the organisation that each is in, if any. */
  readonly teams: readonly { readonly teamId: string; readonly organizationId: string | undefined }[];
}

const isProxyAdmin = ({ role }: Principal): boolean => role === 'proxy_admin';

/** Roles that see and change nothing of others: the only ones that somebody who is no proxy admin may give. */
const ordinary: ReadonlySet<UserRole> = new Set(['internal_user', 'internal_user_viewer']);

/**
 * What somebody who is no proxy admin may say of a user whom they make in their organisation: nothing that is more than
 * they have themselves (FP-34).
 * @throws SluiceError `permission_denied`, with the member
 */
export const demandNewUser = (principal: Principal, user: UserRecord, places: UserPlaces, setsSpend: boolean): void => {
  if (isProxyAdmin(principal)) return;
  if (!ordinary.has(user.user_role)) throw refusal('user_role', `Only proxy admins make users of the role ${user.user_role}.`);
  if (setsSpend) throw refusal('spend', 'Only proxy admins set what was spent.');
  if (user.sso_user_id != null) throw refusal('sso_user_id', 'Only proxy admins say who somebody is at the identity provider.');
  const member = proxyAdminsMember(undefined, user.metadata);
  if (member) throw refusal('metadata', `Only proxy admins set metadata.${member}.`);
  const outside = places.organizations.find((id) => principal.organizations.get(id) !== 'org_admin');
  if (places.organizations.length === 0 || outside !== undefined)
    throw refusal('organizations', 'Users are put into organisations that you administer, at least one.');
  const team = places.teams.find(({ organizationId }) => organizationId === undefined || !places.organizations.includes(organizationId));
  if (team) throw refusal('teams', `The team ${JSON.stringify(team.teamId)} is not in an organisation of the user's.`);
  const own = principal.user?.data;
  if (!own) return;
  const [limit] = limitsBeyond(user, own);
  if (limit) throw refusal(limit.name, `Your own ${limit.name} is ${limit.most}: you cannot give more.`);
  const beyond = user.models.length === 0 && own.models.length > 0 ? ['*'] : modelsBeyond(user.models, own.models);
  if (beyond.length > 0) throw refusal('models', `You may not use ${JSON.stringify(beyond[0])} yourself: you cannot give it.`);
};

/** What people may change of themselves; everything else is said of them by administrators. */
const ownMembers: ReadonlySet<string> = new Set(['user_alias', 'password']);

/**
 * @param changes names of the members that a request gives
 * @throws SluiceError `permission_denied`, with the member
 */
export const demandUserChange = (principal: Principal, changes: readonly string[]): void => {
  if (isProxyAdmin(principal)) return;
  const other = changes.find((name) => !ownMembers.has(name));
  if (other !== undefined) throw refusal(other, `Only proxy admins change ${other}. You may change your user_alias and your password.`);
  // Whoever finds a key must not be able to take the account, and lock its owner out.
  if (changes.includes('password') && principal.kind !== 'session')
    throw refusal('password', 'You change your password where you are signed in, not with a key.');
};

/**
 * An invitation lets whoever has its link be the user. So who is no proxy admin invites only those who are below them in
 * every place, and have no way to sign in yet; and not somebody whom others made for something else, and who was put into
 * the organisation since: their keys and budgets would be taken over.
 * @param putBy who put them into each place
 * @throws SluiceError `permission_denied`
 */
export const demandInvitation = (
  principal: Principal,
  { data: user, createdBy }: Pick<Stored<UserRecord>, 'data' | 'createdBy'>,
  places: UserPlaces & { readonly putBy: readonly (string | undefined)[] },
): void => {
  if (isProxyAdmin(principal)) return;
  const administers = (id: string | undefined): boolean => id !== undefined && principal.organizations.get(id) === 'org_admin';
  if (!ordinary.has(user.user_role)) throw refusal('user_id', `Only proxy admins invite users of the role ${user.user_role}.`);
  if (user.password != null || user.sso_user_id != null)
    throw refusal('user_id', 'This user can sign in already. Only proxy admins send another invitation.');
  if (!places.organizations.every(administers) || !places.teams.every(({ organizationId }) => administers(organizationId)))
    throw refusal('user_id', 'This user is also in organisations or teams that you do not administer. Only proxy admins invite them.');
  if (createdBy === undefined || places.putBy.some((by) => by !== createdBy))
    throw refusal('user_id', 'Whoever made this user did not put them here. Only proxy admins invite them.');
};

const refusal = (param: string, message: string): SluiceError => new SluiceError('permission_denied', message, { param });
