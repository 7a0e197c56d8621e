import { SluiceError } from 'sluice/kit';
import { defined } from '../../../config/defined.ts';
import type { UserSettings } from '../../../config/user-settings.ts';
import { kinds, memberId } from '../../records/kinds.ts';
import type { TeamMemberRecord, UserRecord, UserRole } from '../../records/records.ts';
import { systemActor } from '../../store/actor.ts';
import type { Store } from '../../store/store.ts';
import type { Stored } from '../../store/stored.ts';
import type { Writing } from '../../store/writing.ts';
import { newUser, type GivenUser } from '../../users/new-user.ts';
import { userDefaults } from '../../users/user-defaults.ts';
import { textsAt } from '../claim-at.ts';
import type { ResolvedSignOn } from '../settings.ts';
import { demandUnused } from './demand-unused.ts';
import { demandMaySignIn, demandWelcome } from './demand-welcome.ts';
import type { Identity } from './identity.ts';
import { roleOf } from './roles.ts';
import { groupsActor, syncTeams, teamsOf } from './sync-teams.ts';

export interface PersonOptions {
  readonly store: Store;
  readonly settings: ResolvedSignOn;
  readonly users: UserSettings;
}

/**
 * The user behind an identity: by the provider's id, else by an e-mail address that the provider has verified, else a new
 * one. Roles and teams follow what the provider says.
 * @throws SluiceError `permission_denied` for who may not come in
 */
export const personOf = async (identity: Identity, { store, settings, users }: PersonOptions): Promise<Stored<UserRecord>> => {
  demandWelcome(identity, settings);
  const role = roleOf(identity, settings);
  const namedTeams = settings.teamIdsClaim === undefined ? undefined : textsAt(identity.claims, settings.teamIdsClaim);
  const teams =
    identity.groups === undefined && namedTeams === undefined
      ? undefined
      : await teamsOf(store, new Set(identity.groups), namedTeams ?? []);
  const user = await store.write(signOnActor, async (writing) => {
    // Two sign-ons of one new person make one user.
    await writing.tx.lock('people');
    const known = await findKnown(writing, identity, settings);
    const user = known
      ? await refreshed(writing, known, identity, role, settings)
      : await makeUser(writing, identity, role, settings, users);
    demandMaySignIn(user.data, settings);
    return user;
  });
  // Apart, so that it is known of each membership who made it.
  if (teams) await store.write(groupsActor, (writing) => syncTeams(writing, user.id, teams));
  return user;
};

const signOnActor = systemActor('sign-on');

/** With several providers, an id alone does not say whose it is. */
const ssoIdOf = ({ provider, subject }: Identity, { providers, saml }: Pick<ResolvedSignOn, 'providers' | 'saml'>): string =>
  providers.length + (saml ? 1 : 0) > 1 ? `${provider}|${subject}` : subject;

const findKnown = async (writing: Writing, identity: Identity, settings: ResolvedSignOn): Promise<Stored<UserRecord> | undefined> => {
  const { provider, subject, email } = identity;
  const byId = await writing.first(kinds.user, { is: { sso_id: [...new Set([ssoIdOf(identity, settings), `${provider}|${subject}`])] } });
  if (byId || email === undefined) return byId;
  const byEmail = await writing.first(kinds.user, { is: { email } });
  if (!byEmail) return undefined;
  // Else whoever can say what their address is would be anybody.
  if (identity.emailVerified !== true)
    throw new SluiceError(
      'permission_denied',
      'Somebody here has your e-mail address, and the identity provider does not say that it has verified it (email_verified, or trust_email of the provider).',
      { type: 'auth_error' },
    );
  const { sso_user_id: other } = byEmail.data;
  // Somebody who was known when there was one provider alone has its plain id.
  if (other != null && other !== subject)
    throw new SluiceError(
      'permission_denied',
      'Somebody else at the identity provider has signed in with this e-mail address before. An administrator can change that (sso_user_id).',
      {
        type: 'auth_error',
      },
    );
  if (other == null) await demandUnused(writing, byEmail);
  return byEmail;
};

const refreshed = async (
  writing: Writing,
  known: Stored<UserRecord>,
  identity: Identity,
  role: UserRole | undefined,
  settings: ResolvedSignOn,
): Promise<Stored<UserRecord>> => {
  const isAdmin = settings.adminId !== undefined && known.id === settings.adminId;
  const user_role = isAdmin ? 'proxy_admin' : (role ?? known.data.user_role);
  // Who is blocked gets nothing new, either.
  demandMaySignIn({ ...known.data, user_role }, settings);
  const email = ownEmail(identity);
  const next: UserRecord = {
    ...known.data,
    sso_user_id: ssoIdOf(identity, settings),
    user_role,
    ...(known.data.user_email == null && email !== undefined && !(await emailTaken(writing, email)) && { user_email: email }),
  };
  return writing.update(kinds.user, known.id, (was) => (JSON.stringify(was) === JSON.stringify(next) ? was : next));
};

/** Only a verified address becomes somebody's: others are put into teams and invited by it. */
const ownEmail = ({ email, emailVerified }: Identity): string | undefined => (emailVerified === true ? email : undefined);

const emailTaken = async (writing: Writing, email: string): Promise<boolean> =>
  (await writing.first(kinds.user, { is: { email } })) !== undefined;

const makeUser = async (
  writing: Writing,
  identity: Identity,
  role: UserRole | undefined,
  settings: ResolvedSignOn,
  users: UserSettings,
): Promise<Stored<UserRecord>> => {
  const defaults = await userDefaults(writing, users);
  const given = defined<GivenUser>({
    user_role: role,
    sso_user_id: ssoIdOf(identity, settings),
    user_email: ownEmail(identity),
    user_alias: identity.name ?? identity.email,
  });
  const user = await writing.insert<UserRecord>(kinds.user, crypto.randomUUID(), newUser(given, defaults, users, 'internal_user_viewer'));
  for (const { team_id: team, max_budget_in_team: budget, user_role: place = 'user' } of defaults.teams ?? []) {
    if (!(await writing.get(kinds.team, team))) continue;
    await writing.insert<TeamMemberRecord>(kinds.teamMember, memberId(team, user.id), {
      team_id: team,
      user_id: user.id,
      role: place,
      ...(budget !== undefined && { max_budget: budget }),
    });
  }
  return user;
};
