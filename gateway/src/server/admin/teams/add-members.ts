import { SluiceError } from 'sluice/kit';
import { kinds, memberId } from '../../../access/records/kinds.ts';
import type { TeamMemberRecord, UserRecord } from '../../../access/records/records.ts';
import type { Stored } from '../../../access/store/stored.ts';
import type { Writing } from '../../../access/store/writing.ts';
import type { AdminContext } from '../admin-route.ts';
import { filled } from '../patch.ts';
import { personNamed, type NamedPerson } from '../people.ts';
import { teamLock, theTeam } from './find-team.ts';

export interface NewMember extends NamedPerson {
  readonly role: 'admin' | 'user';
}

type OwnLimits = { readonly [K in 'max_budget' | 'budget_duration' | 'allowed_models']?: TeamMemberRecord[K] | undefined };

export interface Added {
  readonly user: Stored<UserRecord>;
  readonly member: Stored<TeamMemberRecord>;
}

/** More would not be read at once. */
const maxMembers = 10_000;

/** Puts somebody into a team. Undefined: they are in it already, and stay as they are. */
export const addMember = async (
  { services }: Pick<AdminContext, 'services'>,
  writing: Writing,
  teamId: string,
  { role, ...named }: NewMember,
  limits: OwnLimits = {},
): Promise<Added | undefined> => {
  const user = await personNamed(writing, named, services.live().snapshot.users.defaults);
  const id = memberId(teamId, user.id);
  if (await writing.get(kinds.teamMember, id)) return undefined;
  const member = await writing.insert<TeamMemberRecord>(kinds.teamMember, id, {
    team_id: teamId,
    user_id: user.id,
    role,
    ...filled(limits),
  });
  return { user, member };
};

/**
 * For who changes the members of a team: it must be there, stays there until they are written, and has room for more.
 * @throws SluiceError `not_found`, `invalid_request`
 */
export const demandRoom = async (
  { services }: Pick<AdminContext, 'services'>,
  writing: Writing,
  teamId: string,
  more: number,
): Promise<void> => {
  await writing.tx.lock(teamLock(teamId));
  await theTeam({ services, store: writing }, teamId);
  if ((await writing.count(kinds.teamMember, { is: { team_id: teamId } })) + more > maxMembers)
    throw new SluiceError('invalid_request', `A team has at most ${maxMembers.toLocaleString('en')} members.`, { param: 'member' });
};
