import type { Principal } from '../../../access/principal.ts';
import { csrfTokenOf } from '../../../access/sign-on/session/session-token.ts';
import type { ResolvedSignOn } from '../../../access/sign-on/settings.ts';
import { html, page } from './html.ts';

export interface LoginPage {
  readonly settings: ResolvedSignOn;
  readonly returnTo: string;
  readonly problem?: { readonly message: string; readonly status: number; readonly retryAfterMs?: number | undefined } | undefined;
  readonly username?: string | undefined;
}

/** Where people sign in: with a password, or by a provider. */
export const loginPage = ({ settings, returnTo, problem, username = '' }: LoginPage): Response => {
  const to = new URLSearchParams({ return_to: returnTo }).toString();
  const links = settings.providers.map(
    ({ name, label }) =>
      html`<a class="button" href="/sso/key/generate?${new URLSearchParams({ provider: name, return_to: returnTo }).toString()}"
        >Sign in with ${label}</a
      >`,
  );
  const saml = settings.saml && html`<a class="button" href="/sso/saml/login?${to}">${settings.saml.label}</a>`;
  return page(
    'Sign in',
    html`${problem && html`<p class="problem" role="alert">${problem.message}</p>`}
      <form method="post" action="/login">
        <input type="hidden" name="return_to" value="${returnTo}" />
        <label for="username">E-mail address or user name</label>
        <input
          id="username"
          name="username"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          value="${username}"
        />
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required />
        <button type="submit">Sign in</button>
      </form>
      ${links}${saml}`,
    problem?.status ?? 200,
    problem?.retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(problem.retryAfterMs / 1000)) },
  );
};

/** For who is signed in already. */
export const signedInPage = ({ user, userId, role }: Principal, token: string): Response =>
  page(
    'You are signed in',
    html`<dl>
        <dt>User</dt>
        <dd>${user?.data.user_email ?? userId}</dd>
        <dt>Role</dt>
        <dd>${role}</dd>
      </dl>
      <form method="post" action="/logout">
        <input type="hidden" name="csrf_token" value="${csrfTokenOf(token)}" />
        <button type="submit">Sign out</button>
      </form>`,
  );
