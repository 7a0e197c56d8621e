import { z } from 'zod';
import { signOnLifeMs } from '../../../access/sign-on/oidc/oidc.ts';
import { cookie, readCookie } from '../../../access/sign-on/session/cookies.ts';
import { adminRoute } from '../admin-route.ts';
import { failedPage, redirect, safeReturn } from './answers.ts';
import { isSecure, openSession, publicUrl, sessionCookie } from './browser.ts';

const browserCookie = 'sluice_saml';
const path = '/sso/saml';

export const samlMetadata = adminRoute({
  method: 'GET',
  paths: ['/sso/saml/metadata'],
  action: 'session.end',
  open: true,
  summary: 'The gateway’s own SAML metadata, for the identity provider.',
  handle: async (context) =>
    new Response(await context.services.signOn.saml.metadata(publicUrl(context)), {
      headers: { 'content-type': 'application/samlmetadata+xml; charset=utf-8' },
    }),
});

export const startSaml = adminRoute({
  method: 'GET',
  paths: ['/sso/saml/login'],
  action: 'session.end',
  open: true,
  query: z.looseObject({ return_to: z.string().optional() }),
  failed: failedPage,
  summary: 'Begins a sign-on by SAML.',
  handle: async (context) => {
    const { signOn } = context.services;
    signOn.starts.demand(context.actor.address ?? '');
    const { url, browser } = await signOn.saml.start(publicUrl(context), safeReturn(context.query.return_to));
    // The answer is a form of another site, which only such a cookie comes along with; browsers want https for that.
    const secure = isSecure(context);
    return redirect(
      url,
      secure ? [cookie(browserCookie, browser, { secure, maxAgeSeconds: signOnLifeMs / 1000, path, sameSite: 'None' })] : [],
    );
  },
});

export const endSaml = adminRoute({
  method: 'POST',
  paths: ['/sso/saml/acs'],
  action: 'session.end',
  open: true,
  form: true,
  body: z.looseObject({ SAMLResponse: z.string().min(1).max(1_000_000), RelayState: z.string().max(500).optional() }),
  failed: failedPage,
  summary: 'Takes the assertion of a SAML identity provider.',
  handle: async (context) => {
    const { services, headers, body, now } = context;
    const secure = isSecure(context);
    const { identity, returnTo } = await services.signOn.saml.end(body, publicUrl(context), readCookie(headers, browserCookie), secure);
    const user = await services.signOn.personOf(identity);
    const session = await openSession(context, user.id, 'saml');
    const done = secure ? [cookie(browserCookie, '', { secure, maxAgeSeconds: 0, path, sameSite: 'None' })] : [];
    return redirect(returnTo, [sessionCookie(context, session, now), ...done]);
  },
});
