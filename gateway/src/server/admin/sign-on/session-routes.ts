import { SluiceError } from 'sluice/kit';
import { z } from 'zod';
import { demandMeant } from '../../../access/sign-on/session/demand-meant.ts';
import { readCookie, sessionCookieName } from '../../../access/sign-on/session/cookies.ts';
import { csrfTokenOf, isSessionToken, sessionIdOf } from '../../../access/sign-on/session/session-token.ts';
import { iso } from '../answer-parts.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { anId } from '../fields.ts';
import { home, redirect, withCookies } from './answers.ts';
import { noSessionCookie } from './browser.ts';

/** The token that this request came with. */
const tokenOf = ({ headers }: Pick<AdminContext, 'headers'>): string | undefined => {
  const bearer = /^bearer\s+(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  return bearer !== undefined && isSessionToken(bearer) ? bearer : readCookie(headers, sessionCookieName);
};

export const showSession = adminRoute({
  method: 'GET',
  paths: ['/session'],
  action: 'session.end',
  about: () => [],
  summary: 'Who is signed in, until when, and the token that pages send with what they change.',
  handle: async (context) => {
    const { principal, services } = context;
    const token = tokenOf(context);
    const session = principal.sessionId === undefined || token === undefined ? undefined : await services.signOn.sessions.find(token);
    if (!session || token === undefined) throw new SluiceError('not_found', 'This is no session: it is a key.');
    return {
      user_id: principal.userId,
      user_email: principal.user?.data.user_email ?? null,
      user_role: principal.role ?? null,
      source: session.data.source,
      created_at: iso(session.createdAt),
      expires_at: iso(session.data.expires_at),
      csrf_token: csrfTokenOf(token),
    };
  },
});

export const logout = adminRoute({
  method: 'POST',
  paths: ['/logout'],
  action: 'session.end',
  open: true,
  form: true,
  body: z.strictObject({ csrf_token: z.string().max(200).optional() }),
  summary: 'Ends the session that it comes with.',
  handle: async (context) => {
    const { headers, services, body } = context;
    const token = tokenOf(context);
    const isBrowser = token !== undefined && token === readCookie(headers, sessionCookieName);
    if (token !== undefined) {
      if (isBrowser && !/^bearer /i.test(headers.get('authorization') ?? ''))
        demandMeant({ method: 'POST', headers, csrfToken: body.csrf_token }, token, services.signOn.settings().publicUrl);
      await services.signOn.sessions.end(sessionIdOf(token));
    }
    const cookies = [noSessionCookie(context)];
    return body.csrf_token === undefined ? withCookies(Response.json({ ok: true }), cookies) : redirect(home, cookies);
  },
});

export const endSessions = adminRoute({
  method: 'POST',
  paths: ['/sessions/end'],
  action: 'session.end',
  body: z.strictObject({ user_id: anId.nullish() }),
  about: () => [],
  summary: 'Ends all sessions of a person: one’s own, or, for administrators, anybody’s.',
  handle: async (context) => {
    const userId = context.body.user_id ?? context.principal.userId;
    if (userId === undefined) throw new SluiceError('invalid_request', '`user_id` says whose sessions are to end.', { param: 'user_id' });
    if (userId !== context.principal.userId) context.demand('user.update', { userId });
    return { user_id: userId, ended: await context.services.signOn.sessions.endAllOf(userId) };
  },
});
