import { SluiceError } from 'sluice/kit';
import { z } from 'zod';
import { iso } from '../answer-parts.ts';
import { adminRoute, type AdminContext } from '../admin-route.ts';
import { failedPage, redirect, safeReturn, withCookies } from './answers.ts';
import { browserSession, demandOwnPage, openSession, sessionCookie } from './browser.ts';
import { loginPage, signedInPage } from './login-page.ts';

const aName = z.string().max(320);
const aPassword = z.string().max(1024);
const returnQuery = z.looseObject({ return_to: z.string().optional() });

export const showLogin = adminRoute({
  method: 'GET',
  paths: ['/login', '/fallback/login'],
  action: 'session.end',
  open: true,
  query: returnQuery,
  failed: failedPage,
  summary: 'The page that people sign in on.',
  handle: async (context) => {
    const settings = context.services.signOn.settings();
    const returnTo = safeReturn(context.query.return_to);
    const session = await browserSession(context);
    if (session) return context.query.return_to === undefined ? signedInPage(session.principal, session.token) : redirect(returnTo);
    const [only] = settings.providers;
    // `/fallback/login` always shows the form, for when the provider is away.
    if (
      settings.autoRedirect &&
      only &&
      settings.providers.length === 1 &&
      !settings.saml &&
      !new URL(context.url).pathname.startsWith('/fallback/')
    )
      return redirect(`/sso/key/generate?${new URLSearchParams({ provider: only.name, return_to: returnTo }).toString()}`);
    return loginPage({ settings, returnTo });
  },
});

export const login = adminRoute({
  method: 'POST',
  paths: ['/login'],
  action: 'session.end',
  open: true,
  form: true,
  body: z.strictObject({ username: aName, password: aPassword, return_to: z.string().max(2000).optional() }),
  failed: failedPage,
  summary: 'Signs in with a user name and password, from the page.',
  handle: async (context) => {
    const { body, services, now } = context;
    const returnTo = safeReturn(body.return_to);
    demandOwnPage(context);
    try {
      const user = await services.signOn.byPassword({ ...body, address: context.actor.address });
      const session = await openSession(context, user.id, 'password');
      return redirect(returnTo, [sessionCookie(context, session, now)]);
    } catch (cause) {
      if (!SluiceError.is(cause) || cause.status >= 500) throw cause;
      return loginPage({ settings: services.signOn.settings(), returnTo, problem: cause, username: body.username });
    }
  },
});

export const loginAsJson = adminRoute({
  method: 'POST',
  paths: ['/v2/login'],
  action: 'session.end',
  open: true,
  form: true,
  body: z.strictObject({ username: aName, password: aPassword, return_to: z.string().max(2000).nullish() }),
  summary: 'Signs in with a user name and password; gives the token of a session.',
  handle: async (context) => {
    demandOwnPage(context);
    const user = await context.services.signOn.byPassword({ ...context.body, address: context.actor.address });
    return signedIn(context, user.id, 'password', safeReturn(context.body.return_to));
  },
});

/** A session as programs get it, with the cookie for browsers. */
export const signedIn = async (
  context: AdminContext,
  userId: string,
  source: 'password' | 'invitation',
  returnTo: string,
): Promise<Response> => {
  const session = await openSession(context, userId, source);
  const user = await context.services.directory.users.get(userId);
  return withCookies(
    Response.json({
      redirect_url: returnTo,
      token: session.token,
      csrf_token: session.csrfToken,
      expires_at: iso(session.expiresAt),
      user_id: userId,
      user_email: user?.data.user_email ?? null,
      user_role: user?.data.user_role ?? null,
    }),
    [sessionCookie(context, session, context.now)],
  );
};
