import { SluiceError } from 'sluice/kit';
import type { Authenticate, Caller } from '../../caller.ts';
import type { Directory } from '../../directory/directory.ts';
import type { Principal } from '../../principal.ts';
import { UnknownKeys } from '../../unknown-keys.ts';
import { readCookie, sessionCookieName } from './cookies.ts';
import { demandMeant } from './demand-meant.ts';
import { isSessionToken, isWholeSessionToken, sessionIdOf } from './session-token.ts';
import type { Sessions } from './sessions.ts';

export interface SessionAuthenticateOptions {
  readonly sessions: Sessions;
  readonly directory: Directory;
  /** As it is configured. */
  readonly publicUrl: () => string | undefined;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/**
 * Who has signed in, by the token in `Authorization: Bearer sess-…` or by a browser's cookie. A key that is presented beside
 * a cookie wins. What comes by cookie and changes something must be shown to be meant, whichever route it is for.
 */
export const createSessionAuthenticate = (options: SessionAuthenticateOptions): Authenticate => {
  const { publicUrl, now } = options;
  const unknown = new UnknownKeys({ now });
  const find = async (token: string, { address }: Caller): Promise<Principal | undefined> => {
    const id = sessionIdOf(token);
    if (!isWholeSessionToken(token) || unknown.has(id)) return undefined;
    const from = address() ?? '';
    const waitMs = unknown.waitOf(from);
    if (waitMs !== undefined)
      throw new SluiceError('rate_limited', 'Too many unknown sessions were tried from this address.', {
        retryAfterMs: waitMs,
        retry: false,
      });
    const principal = await principalOfSession(token, options);
    if (!principal) unknown.add(id, from);
    return principal;
  };
  const byToken = async (token: string, caller: Caller): Promise<Principal> => {
    const principal = await find(token, caller);
    if (!principal) throw new SluiceError('authentication', 'The session is over. Sign in again.', { type: 'expired_session' });
    return principal;
  };
  const byCookie = async (token: string, caller: Caller): Promise<Principal | undefined> => {
    const principal = await find(token, caller);
    if (!principal) return undefined;
    demandMeant(caller, token, publicUrl());
    return { ...principal, byCookie: true };
  };
  return (caller) => {
    const { presented } = caller;
    if (presented) return isSessionToken(presented) ? byToken(presented, caller) : undefined;
    const token = caller.headers.has('cookie') ? readCookie(caller.headers, sessionCookieName) : undefined;
    return token === undefined ? undefined : byCookie(token, caller);
  };
};

/** Undefined: the session is over, or the person is gone. */
export const principalOfSession = async (
  token: string,
  { sessions, directory }: Pick<SessionAuthenticateOptions, 'sessions' | 'directory'>,
): Promise<Principal | undefined> => {
  const session = await sessions.find(token);
  if (!session) return undefined;
  const user = await directory.users.get(session.data.user_id);
  if (!user) return undefined;
  const { budget_id: budgetId } = user.data;
  const budget = budgetId == null ? undefined : await directory.budgets.get(budgetId);
  return {
    kind: 'session',
    role: user.data.user_role,
    userId: user.id,
    user,
    bundles: [],
    budgets: budget ? [budget] : [],
    teams: new Map(),
    organizations: new Map(),
    sessionId: session.id,
  };
};
