import { SluiceError } from 'sluice/kit';
import { AddressList } from './client-address.ts';
import type { Principal } from './principal.ts';

/** Lists of keys, made once for each version of them. */
const lists = new WeakMap<readonly string[], AddressList>();

const listOf = (entries: readonly string[]): AddressList => {
  let list = lists.get(entries);
  if (!list) lists.set(entries, (list = new AddressList(entries)));
  return list;
};

/**
 * Whether a caller may come in at all as things are: nobody in its line is blocked, it has not expired, and it comes from
 * where it may.
 * @throws SluiceError `authentication`, `permission_denied`
 */
export const demandGood = (principal: Principal, now: number, address: () => string | undefined): void => {
  const { key, team, user, project, organization } = principal;
  if (key) {
    const { blocked, expires_at: expiresAt, allowed_ips: ips, key_name: name } = key.data;
    if (blocked) throw refused(`The key ${name} is blocked. An administrator can unblock it (POST /key/unblock).`, 'auth_error');
    if (expiresAt != null && now >= expiresAt)
      throw refused(
        `The key ${name} expired at ${new Date(expiresAt).toISOString()}. Make another one, or give this one a new duration.`,
        'expired_key',
      );
    if (ips?.length && !listOf(ips).has(address()))
      throw new SluiceError('permission_denied', `The key ${name} may not be used from this address.`);
    // What belongs to something that is gone belongs to nobody, and nobody answers for it.
    if (key.data.team_id != null && !team) throw refused(`The key ${name} belongs to a team that is gone.`, 'auth_error');
    if (key.data.organization_id != null && !organization)
      throw refused(`The key ${name} belongs to an organization that is gone.`, 'auth_error');
    if (key.data.project_id != null && !project) throw refused(`The key ${name} belongs to a project that is gone.`, 'auth_error');
  }
  if (team?.data.blocked) throw refused(`The team ${JSON.stringify(team.data.team_alias ?? team.id)} is blocked.`, 'auth_error');
  if (user?.data.blocked) throw refused(`The user ${JSON.stringify(user.id)} is blocked.`, 'auth_error');
  if (project?.data.blocked)
    throw refused(`The project ${JSON.stringify(project.data.project_alias ?? project.id)} is blocked.`, 'auth_error');
};

const refused = (message: string, type: string): SluiceError => new SluiceError('authentication', message, { type });
