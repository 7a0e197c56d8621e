import { SluiceError } from 'sluice/kit';
import type { UserPlaces } from '../../../access/grants/user.ts';
import { kinds, memberId } from '../../../access/records/kinds.ts';
import type { UserRecord } from '../../../access/records/records.ts';
import type { Reading } from '../../../access/store/reading.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { Writing } from '../../../access/store/writing.ts';
import type { ConfigSnapshot } from '../../../config/snapshot.ts';
import { demandBudget } from '../budgets/known-budget.ts';
import { filled } from '../patch.ts';
import { foundTeam } from '../teams/find-team.ts';
import type { TeamOfUser } from './schemas.ts';

/** A user who is to be made, with the teams and organisations that they are put into. */
export interface UserToMake {
  readonly id: string;
  readonly user: UserRecord;
  readonly teams: readonly TeamOfUser[];
  readonly organizations: readonly string[];
}

/**
 * Where the user is to be put.
 * @throws SluiceError `invalid_request` for a team or organisation that does not exist
 */
export const placesToBe = async (
  reading: Reading,
  config: Pick<ConfigSnapshot, 'teams'>,
  { teams, organizations }: Pick<UserToMake, 'teams' | 'organizations'>,
): Promise<UserPlaces> => {
  for (const id of organizations)
    if (!(await reading.get(kinds.organization, id)))
      throw new SluiceError('invalid_request', `There is no organization ${JSON.stringify(id)}.`, { param: 'organizations' });
  const found: UserPlaces['teams'][number][] = [];
  for (const { team_id: id } of teams) {
    const team = foundTeam(config, id, await reading.get(kinds.team, id));
    if (!team) throw new SluiceError('invalid_request', `There is no team ${JSON.stringify(id)}.`, { param: 'teams' });
    found.push({ teamId: id, organizationId: team.data.organization_id ?? undefined });
  }
  return { organizations, teams: found };
};

/**
 * Makes a user, and their memberships. Their places and limits are checked before.
 * @throws SluiceError `conflict` where the id, e-mail address or id at the identity provider is somebody's already
 */
export const insertUser = async (writing: Writing, { id, user, teams, organizations }: UserToMake): Promise<Stored<UserRecord>> => {
  await writing.tx.lock('people');
  if (await writing.get(kinds.user, id)) throw taken('user_id', id);
  await demandFreeEmail(writing, user.user_email, id);
  if (user.sso_user_id != null && (await writing.first(kinds.user, { is: { sso_id: user.sso_user_id } })))
    throw taken('sso_user_id', user.sso_user_id);
  await demandBudget(writing, user.budget_id);
  const stored = await writing.insert(kinds.user, id, user);
  for (const { team_id, max_budget_in_team, user_role } of byTeam(teams))
    await writing.insert(kinds.teamMember, memberId(team_id, id), {
      team_id,
      user_id: id,
      role: user_role ?? 'user',
      ...filled({ max_budget: max_budget_in_team }),
    });
  for (const organization_id of new Set(organizations))
    await writing.insert(kinds.organizationMember, memberId(organization_id, id), {
      organization_id,
      user_id: id,
      role: user.user_role === 'internal_user_viewer' ? 'internal_user_viewer' : 'internal_user',
    });
  return stored;
};

/** @throws SluiceError `conflict` */
export const demandFreeEmail = async (writing: Writing, email: string | null | undefined, own: string): Promise<void> => {
  if (email == null) return;
  const other = await writing.first(kinds.user, { is: { email } });
  if (other && other.id !== own) throw taken('user_email', email);
};

const taken = (param: string, value: string): SluiceError =>
  new SluiceError('conflict', `There is already a user with the ${param} ${JSON.stringify(value)}.`, { param, retry: false });

/** A team that is named twice is one; what is said last holds. */
const byTeam = (
  teams: readonly TeamOfUser[],
): readonly { team_id: string; max_budget_in_team?: number | null; user_role?: 'user' | 'admin' | null }[] => [
  ...new Map(teams.map((team) => [team.team_id, team])).values(),
];
