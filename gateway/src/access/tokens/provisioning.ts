import { defined } from '../../config/defined.ts';
import type { KeySettings } from '../../config/key-settings.ts';
import type { UserSettings } from '../../config/user-settings.ts';
import { kinds, memberId } from '../records/kinds.ts';
import type { TeamMemberRecord, TeamRecord, UserRecord, UserRole } from '../records/records.ts';
import { groupsActor, syncTeams } from '../sign-on/people/sync-teams.ts';
import { systemActor } from '../store/actor.ts';
import type { Store } from '../store/store.ts';
import type { Writing } from '../store/writing.ts';
import { newUser, type GivenUser } from '../users/new-user.ts';
import { teamDefaults } from '../users/team-defaults.ts';
import { userDefaults } from '../users/user-defaults.ts';

const actor = systemActor('tokens');

export interface NewPerson {
  readonly id: string;
  /** In lower case. */
  readonly email?: string | undefined;
  readonly role?: UserRole | undefined;
}

/** Makes the user of a token. Whoever comes second finds them made. */
export const makeUser = (store: Store, { id, email, role }: NewPerson, users: UserSettings): Promise<void> =>
  store.write(actor, async (writing) => {
    // As at a sign-on, so that one person is one user however many requests and gateways make them.
    await writing.tx.lock('people');
    if (await writing.get(kinds.user, id)) return;
    const defaults = await userDefaults(writing, users);
    const taken = email !== undefined && (await writing.first(kinds.user, { is: { email } })) !== undefined;
    const given = defined<GivenUser>({ user_role: role, user_email: taken ? undefined : email });
    await writing.insert<UserRecord>(kinds.user, id, newUser(given, defaults, users, 'internal_user'));
    for (const { team_id: team, max_budget_in_team: budget, user_role: place = 'user' } of defaults.teams ?? [])
      if (await writing.get(kinds.team, team)) await join(writing, team, id, place, budget);
  });

/** Makes the team of a token. */
export const makeTeam = (store: Store, id: string, keys: KeySettings): Promise<void> =>
  store.write(actor, async (writing) => {
    await writing.tx.lock('teams');
    if (await writing.get(kinds.team, id)) return;
    await writing.insert<TeamRecord>(kinds.team, id, { models: [], team_alias: id, ...(await teamDefaults(writing, keys)) });
  });

/** Puts a user into a team, where both are there and they are in it not yet. */
export const joinTeam = (store: Store, team: string, user: string): Promise<void> =>
  store.write(actor, async (writing) => {
    await writing.tx.lock('people');
    if ((await writing.get(kinds.team, team)) && (await writing.get(kinds.user, user))) await join(writing, team, user, 'user');
  });

/** Gives a stored user the role and the teams of a token. Only teams that a token or a sign-on has given are taken away again. */
export const syncUser = async (
  store: Store,
  id: string,
  { role, teamIds }: { readonly role?: UserRole | undefined; readonly teamIds?: readonly string[] | undefined },
): Promise<void> => {
  const user = await store.get(kinds.user, id);
  if (!user) return;
  if (role !== undefined && user.data.user_role !== role)
    await store.write(actor, (writing) =>
      writing.update(kinds.user, id, (data) => (data.user_role === role ? data : { ...data, user_role: role })),
    );
  if (!teamIds) return;
  const teams = new Set((await store.getAll(kinds.team, teamIds)).map((team) => team.id));
  // In the name of who does the same at a sign-on, since that is what it takes away.
  await store.write(groupsActor, async (writing) => {
    await writing.tx.lock('people');
    await syncTeams(writing, id, teams);
  });
};

const join = async (writing: Writing, team: string, user: string, role: 'admin' | 'user', budget?: number): Promise<void> => {
  if (await writing.get(kinds.teamMember, memberId(team, user))) return;
  await writing.insert<TeamMemberRecord>(kinds.teamMember, memberId(team, user), {
    team_id: team,
    user_id: user,
    role,
    ...(budget !== undefined && { max_budget: budget }),
  });
};
