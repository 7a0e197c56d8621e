import { SluiceError } from 'sluice/kit';
import type { Principal } from '../principal.ts';
import type { Claimant } from './claimant.ts';

/** A claimant as a member of one of its teams, as things are stored. */
export type Line = Pick<
  Principal,
  'teamId' | 'user' | 'team' | 'member' | 'organizationId' | 'organization' | 'organizationMember' | 'bundles' | 'budgets'
>;

/**
 * The caller in the first of its teams that is not blocked, and in the others beside it.
 * @throws SluiceError `permission_denied` where somebody is named who must be stored and is not
 */
export const principalOf = (claimant: Claimant, lines: readonly Line[]): Principal => {
  const { userId, teamIds, organizationId, mustExist } = claimant;
  if (mustExist && teamIds.length > 0 && lines.length === 0)
    throw refused(
      `There is no team ${teamIds
        .slice(0, 5)
        .map((id) => JSON.stringify(id.slice(0, 100)))
        .join(', ')} here, which the token names. An administrator can make it (POST /team/new).`,
    );
  if (mustExist && userId !== undefined && !lines[0]?.user)
    throw refused(
      `There is no user ${JSON.stringify(userId.slice(0, 100))} here, whom the token names. An administrator can make it (POST /user/new).`,
    );
  if (mustExist && organizationId !== undefined && !lines[0]?.organization)
    throw refused(`There is no organisation ${JSON.stringify(organizationId.slice(0, 100))} here, which the token names.`);
  // What one organisation pays for is not for another one to use.
  const own =
    organizationId === undefined
      ? lines
      : lines.filter(({ team }) => team?.data.organization_id == null || team.data.organization_id === organizationId);
  if (own.length === 0) throw refused('The team that the token names belongs to another organisation than the one that it names.');
  const open = own.filter(({ team }) => !team?.data.blocked);
  const [first, ...others] = (open.length > 0 ? open : own).map((line) => one(claimant, line));
  return others.length > 0 ? { ...first!, byTeam: others } : first!;
};

const one = ({ kind, role, userId, customerId, models, routes, claims }: Claimant, line: Line): Principal => ({
  kind,
  role: role ?? line.user?.data.user_role,
  userId,
  ...line,
  // Who names a team of theirs is in it, whether that is stored or not.
  teams: userId === undefined || line.teamId === undefined ? none : new Map([[line.teamId, line.member?.data.role ?? 'user']]),
  organizations: none,
  tokenModels: models,
  tokenRoutes: routes,
  customerId,
  claims,
});

/** Where nothing is stored: names are all that is known. */
export const bareOf = (claimant: Claimant): Principal => {
  const lines = (claimant.teamIds.length === 0 ? [undefined] : claimant.teamIds).map((teamId): Line => ({
    teamId,
    user: undefined,
    team: undefined,
    member: undefined,
    organizationId: claimant.organizationId,
    organization: undefined,
    organizationMember: undefined,
    bundles: [],
    budgets: [],
  }));
  return principalOf({ ...claimant, mustExist: false }, lines);
};

const none: Principal['teams'] & Principal['organizations'] = new Map();

const refused = (message: string): SluiceError => new SluiceError('permission_denied', message, { type: 'auth_error' });
