import { SluiceError } from 'sluice/kit';
import { principalOfSession } from '../../../access/sign-on/session/session-authenticate.ts';
import type { Principal } from '../../../access/principal.ts';
import { cookie, readCookie, sessionCookieName } from '../../../access/sign-on/session/cookies.ts';
import { isHttps, isOwnOrigin, publicUrlOf } from '../../../access/sign-on/session/own-origin.ts';
import type { NewSession, OpenedSession } from '../../../access/sign-on/session/sessions.ts';
import type { AdminContext } from '../admin-route.ts';

type Context = Pick<AdminContext, 'headers' | 'url' | 'services' | 'actor'>;

/** Where browsers reach this gateway. */
export const publicUrl = ({ headers, url, services }: Context): string =>
  publicUrlOf({ headers, url }, services.signOn.settings().publicUrl);

export const isSecure = (context: Context): boolean => publicUrl(context).startsWith('https:') || isHttps(context);

/** Opens a session in place of the one that the browser had. */
export const openSession = async (context: Context, userId: string, source: NewSession['source']): Promise<OpenedSession> => {
  const { headers, services, actor } = context;
  return services.signOn.sessions.open({
    userId,
    source,
    address: actor.address,
    userAgent: headers.get('user-agent'),
    replaces: readCookie(headers, sessionCookieName),
  });
};

/** As long as it lasts at most; the server says earlier that it is over. */
export const sessionCookie = (context: Context, { token, endsAt }: OpenedSession, now: number): string =>
  cookie(sessionCookieName, token, { secure: isSecure(context), maxAgeSeconds: (endsAt - now) / 1000 });

export const noSessionCookie = (context: Context): string => cookie(sessionCookieName, '', { secure: isSecure(context), maxAgeSeconds: 0 });

export interface BrowserSession {
  readonly token: string;
  readonly principal: Principal;
}

/** Who is signed in in this browser. */
export const browserSession = async ({ headers, services }: Context): Promise<BrowserSession | undefined> => {
  const token = readCookie(headers, sessionCookieName);
  if (token === undefined) return undefined;
  const principal = await principalOfSession(token, { sessions: services.signOn.sessions, directory: services.directory });
  return principal && !principal.user?.data.blocked ? { token, principal } : undefined;
};

/**
 * Nobody may sign somebody else's browser in by a form on another page. Programs say nothing of an origin.
 * @throws SluiceError `permission_denied`
 */
export const demandOwnPage = ({ headers, services }: Context): void => {
  if (headers.has('origin') && !isOwnOrigin(headers, services.signOn.settings().publicUrl))
    throw new SluiceError('permission_denied', 'This comes from a page of another site (general_settings.proxy_base_url).', {
      type: 'csrf_error',
    });
};
