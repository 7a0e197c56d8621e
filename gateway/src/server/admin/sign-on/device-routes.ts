import { SluiceError } from 'sluice/kit';
import { z } from 'zod';
import { demandMaySignIn } from '../../../access/sign-on/people/demand-welcome.ts';
import { demandMeant } from '../../../access/sign-on/session/demand-meant.ts';
import { csrfTokenOf } from '../../../access/sign-on/session/session-token.ts';
import { iso } from '../answer-parts.ts';
import { adminRoute } from '../admin-route.ts';
import { failedPage, redirect } from './answers.ts';
import { browserSession, publicUrl } from './browser.ts';
import { html, page } from './html.ts';

const aCode = z.string().max(40);

export const startDevice = adminRoute({
  method: 'POST',
  paths: ['/sso/cli/start'],
  action: 'session.end',
  open: true,
  body: z.strictObject({}),
  summary: 'Begins the sign-on of a program that cannot open a page here (RFC 8628).',
  handle: async (context) => {
    const { services, headers, actor } = context;
    services.signOn.starts.demand(actor.address ?? '');
    const { deviceCode, userCode, expiresInSeconds, intervalSeconds } = await services.signOn.devices.start({
      address: actor.address,
      userAgent: headers.get('user-agent'),
    });
    const uri = `${publicUrl(context)}/sso/cli`;
    return {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: uri,
      verification_uri_complete: `${uri}?${new URLSearchParams({ user_code: userCode }).toString()}`,
      expires_in: expiresInSeconds,
      interval: intervalSeconds,
    };
  },
});

const title = 'Sign in a program';

export const showDevice = adminRoute({
  method: 'GET',
  paths: ['/sso/cli'],
  action: 'session.end',
  open: true,
  query: z.looseObject({ user_code: aCode.optional() }),
  failed: failedPage,
  summary: 'The page on which a person lets a program in.',
  handle: async (context) => {
    const { services, query, actor } = context;
    const session = await browserSession(context);
    const code = query.user_code;
    const here = code === undefined ? '/sso/cli' : `/sso/cli?${new URLSearchParams({ user_code: code }).toString()}`;
    if (!session) return redirect(`/login?${new URLSearchParams({ return_to: here }).toString()}`);
    if (code === undefined || code === '') return askForCode();
    services.signOn.codes.demand(`device ${session.principal.userId}`);
    services.signOn.codes.demand(`device from ${actor.address ?? ''}`);
    const pending = await services.signOn.devices.look(code);
    if (!pending) return askForCode('There is no such code, or not any more.');
    services.signOn.codes.forgive(`device ${session.principal.userId}`);
    services.signOn.codes.forgive(`device from ${actor.address ?? ''}`);
    return page(
      title,
      html`<p>A program asks to work in your name. Go on only if you have started it yourself, just now, and it shows this code:</p>
        <p><code>${code}</code></p>
        <dl>
          <dt>Asked from</dt>
          <dd>${pending.address ?? 'an unknown address'}</dd>
          <dt>Program</dt>
          <dd>${pending.userAgent ?? 'does not say'}</dd>
          <dt>Since</dt>
          <dd>${iso(pending.startedAt)}</dd>
        </dl>
        <form method="post" action="/sso/cli/approve">
          <input type="hidden" name="csrf_token" value="${csrfTokenOf(session.token)}" />
          <input type="hidden" name="user_code" value="${code}" />
          <button type="submit" name="decision" value="approve">
            Let it in as ${session.principal.user?.data.user_email ?? session.principal.userId}
          </button>
          <button type="submit" name="decision" value="deny">Refuse</button>
        </form>`,
    );
  },
});

const askForCode = (problem?: string): Response =>
  page(
    title,
    html`${problem === undefined ? undefined : html`<p class="problem" role="alert">${problem}</p>`}
      <form method="get" action="/sso/cli">
        <label for="user_code">The code that the program shows</label>
        <input id="user_code" name="user_code" autocomplete="off" autocapitalize="characters" spellcheck="false" required />
        <button type="submit">Go on</button>
      </form>`,
    problem === undefined ? 200 : 404,
  );

export const approveDevice = adminRoute({
  method: 'POST',
  paths: ['/sso/cli/approve'],
  action: 'session.end',
  open: true,
  form: true,
  body: z.strictObject({
    user_code: aCode,
    csrf_token: z.string().max(200).optional(),
    decision: z.enum(['approve', 'deny']).default('approve'),
  }),
  failed: failedPage,
  summary: 'Lets a program in, or refuses it.',
  handle: async (context) => {
    const { services, headers, body, actor } = context;
    const session = await browserSession(context);
    if (!session) throw new SluiceError('authentication', 'You are not signed in any more.', { type: 'expired_session' });
    demandMeant({ method: 'POST', headers, csrfToken: body.csrf_token }, session.token, services.signOn.settings().publicUrl);
    services.signOn.codes.demand(`device ${session.principal.userId}`);
    services.signOn.codes.demand(`device from ${actor.address ?? ''}`);
    const approves = body.decision === 'approve';
    if (!(await services.signOn.devices.answer(body.user_code, approves ? session.principal.userId : undefined)))
      return askForCode('There is no such code, or not any more.');
    services.signOn.codes.forgive(`device ${session.principal.userId}`);
    services.signOn.codes.forgive(`device from ${actor.address ?? ''}`);
    return page(
      approves ? 'The program is signed in' : 'Refused',
      html`<p>${approves ? 'You can close this page and go back to it.' : 'The program gets nothing.'}</p>`,
    );
  },
});

/** As OAuth 2 spells failures, which clients of this flow know. */
const oauthError = ([error, description]: readonly [string, string]): Response =>
  Response.json({ error, error_description: description }, { status: 400 });

const notYet = {
  pending: ['authorization_pending', 'Nobody has answered yet. Ask again after the interval.'],
  slow_down: ['slow_down', 'Ask less often: add five seconds to the interval.'],
  expired: ['expired_token', 'The code is used up, or too old. Begin again.'],
  denied: ['access_denied', 'The person has refused.'],
} as const;

export const pollDevice = adminRoute({
  method: 'POST',
  paths: ['/sso/cli/poll'],
  action: 'session.end',
  open: true,
  form: true,
  body: z.looseObject({ device_code: z.string().min(1).max(200) }),
  summary: 'Whether a person has let the program in; then the token of a session, once.',
  handle: async ({ body, services, headers, actor, store }) => {
    const { devices, sessions, settings } = services.signOn;
    const polled = await devices.poll(body.device_code);
    if (polled.status !== 'approved') return oauthError(notYet[polled.status]);
    const user = await services.directory.users.get(polled.userId);
    if (!user) return oauthError(notYet.expired);
    demandMaySignIn(user.data, settings());
    const { token, expiresAt, endsAt } = await sessions.open({
      userId: user.id,
      source: 'device',
      address: actor.address,
      userAgent: headers.get('user-agent'),
    });
    return {
      access_token: token,
      token_type: 'Bearer',
      // As long as it can last; it ends earlier where it is not used.
      expires_in: Math.floor((endsAt - store.now) / 1000),
      idle_expires_at: iso(expiresAt),
      user_id: user.id,
      user_email: user.data.user_email ?? null,
      user_role: user.data.user_role,
    };
  },
});
