import { SluiceError } from 'sluice/kit';
import type { Passwords } from '../../passwords.ts';
import { kinds } from '../../records/kinds.ts';
import type { UserRecord } from '../../records/records.ts';
import { systemActor } from '../../store/actor.ts';
import type { Store } from '../../store/store.ts';
import type { Stored } from '../../store/stored.ts';
import { demandMaySignIn } from '../people/demand-welcome.ts';
import { sameText } from '../session/session-token.ts';
import type { ResolvedSignOn } from '../settings.ts';
import { Throttle } from '../throttle.ts';

export interface PasswordLoginOptions {
  readonly store: Store;
  readonly passwords: Passwords;
  readonly settings: () => ResolvedSignOn;
  readonly isMaster: (presented: string) => boolean;
}

export interface Credentials {
  /** E-mail address, user id, or the administrator's name. */
  readonly username: string;
  readonly password: string;
  readonly address: string | undefined;
}

/**
 * Who has a password.
 * @throws SluiceError `authentication` (the same, after the same time, whether or not there is such a user), `rate_limited`,
 * `permission_denied` for who may not sign in
 */
export type PasswordLogin = (credentials: Credentials) => Promise<Stored<UserRecord>>;

const windowMs = 15 * 60_000;
/** An account that nobody can be kept out of for longer than the window, and nobody can guess far into. */
const triesOfAccount = 10;
/** Whole offices come from one address. */
const triesOfAddress = 100;

/** The user of who signs in with the master key, where PROXY_ADMIN_ID says nothing: LiteLLM's. */
const usualAdminId = 'default_user_id';
const maxNameChars = 320;

export const createPasswordLogin = ({ store, passwords, settings, isMaster }: PasswordLoginOptions): PasswordLogin => {
  const now = () => store.now;
  const accounts = new Throttle({ now, max: triesOfAccount, windowMs });
  const addresses = new Throttle({ now, max: triesOfAddress, windowMs });
  const actor = systemActor('sign-on');

  const admin = (): Promise<Stored<UserRecord>> =>
    store.write(actor, (writing) =>
      writing.put<UserRecord>(kinds.user, settings().adminId ?? usualAdminId, (was) => {
        if (was?.user_role === 'proxy_admin' && !was.blocked) return was;
        return { models: [], ...was, user_role: 'proxy_admin', blocked: false };
      }),
    );

  const find = async (name: string): Promise<Stored<UserRecord> | undefined> =>
    (await store.first(kinds.user, { is: { email: name.toLowerCase() } })) ?? (await store.get(kinds.user, name));

  return async ({ username, password, address }) => {
    const said = settings();
    const name = username.trim().slice(0, maxNameChars);
    addresses.demand(address ?? '');
    accounts.demand(name.toLowerCase());
    const isAdminName = sameText(name, said.uiUsername);
    const isAdmin =
      isAdminName && password !== '' && (said.uiPassword === undefined ? isMaster(password) : sameText(password, said.uiPassword));
    const user = isAdmin ? await admin() : await find(name);
    // The password is checked whatever is known of the user, so that the time tells nothing.
    const right = isAdmin || (await passwords.verify(password, said.passwordLogin ? user?.data.password : undefined));
    if (!user || !right) throw new SluiceError('authentication', 'Wrong user name or password.', { type: 'auth_error', param: 'password' });
    accounts.forgive(name.toLowerCase());
    addresses.forgive(address ?? '');
    if (!isAdmin) demandMaySignIn(user.data, said);
    return user;
  };
};
