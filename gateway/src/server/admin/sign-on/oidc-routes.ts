import { z } from 'zod';
import { signOnLifeMs } from '../../../access/sign-on/oidc/oidc.ts';
import { cookie, readCookie } from '../../../access/sign-on/session/cookies.ts';
import { adminRoute } from '../admin-route.ts';
import { failedPage, redirect, safeReturn } from './answers.ts';
import { isSecure, openSession, publicUrl, sessionCookie } from './browser.ts';
import { loginPage } from './login-page.ts';

/** Who began a sign-on ends it. */
const browserCookie = 'sluice_sign_on';

export const startSso = adminRoute({
  method: 'GET',
  paths: ['/sso/key/generate', '/sso/login'],
  action: 'session.end',
  open: true,
  query: z.looseObject({ provider: z.string().max(64).optional(), return_to: z.string().optional() }),
  failed: failedPage,
  summary: 'Begins a sign-on by an identity provider.',
  handle: async (context) => {
    const { signOn } = context.services;
    const settings = signOn.settings();
    const returnTo = safeReturn(context.query.return_to);
    const name = context.query.provider ?? (settings.providers.length === 1 && !settings.saml ? settings.providers[0]!.name : undefined);
    if (name === undefined) return loginPage({ settings, returnTo });
    signOn.starts.demand(context.actor.address ?? '');
    const { url, browser } = await signOn.oidc.start(name, `${publicUrl(context)}/sso/callback`, returnTo);
    return redirect(url, [cookie(browserCookie, browser, { secure: isSecure(context), maxAgeSeconds: signOnLifeMs / 1000, path: '/sso' })]);
  },
});

export const endSso = adminRoute({
  method: 'GET',
  paths: ['/sso/callback'],
  action: 'session.end',
  open: true,
  failed: failedPage,
  summary: 'Where identity providers send browsers back to.',
  handle: async (context) => {
    const { services, headers, url, now } = context;
    const { identity, returnTo } = await services.signOn.oidc.end(new URL(url).search, readCookie(headers, browserCookie));
    const user = await services.signOn.personOf(identity);
    const session = await openSession(context, user.id, 'oidc');
    return redirect(returnTo, [
      sessionCookie(context, session, now),
      cookie(browserCookie, '', { secure: isSecure(context), maxAgeSeconds: 0, path: '/sso' }),
    ]);
  },
});
