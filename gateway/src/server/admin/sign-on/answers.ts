import type { SluiceError } from 'sluice/kit';
import { html, page } from './html.ts';

/** Sends a browser on. 303: by GET, whatever it came with. */
export const redirect = (location: string, cookies: readonly string[] = []): Response =>
  withCookies(new Response(null, { status: 303, headers: { location } }), cookies);

export const withCookies = (response: Response, cookies: readonly string[]): Response => {
  for (const each of cookies) response.headers.append('set-cookie', each);
  return response;
};

/** A failure as people see it. */
export const failedPage = (error: SluiceError): Response =>
  page(
    'Sign-on failed',
    html`<p class="problem" role="alert">${error.message}</p>
      <p><a class="button" href="/login">Sign in again</a></p>`,
    error.status,
    error.retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(error.retryAfterMs / 1000)) },
  );

/** Where a browser is sent to after a sign-on: a path of this gateway, whatever somebody has put into the link. */
export const safeReturn = (given: string | null | undefined): string => {
  if (!given || given.length > 2000 || !given.startsWith('/') || /[\\\p{Cc}\s]/u.test(given) || given.startsWith('//')) return home;
  const base = 'http://gateway.invalid';
  if (!URL.canParse(given, base)) return home;
  const { origin, pathname, search, hash } = new URL(given, base);
  return origin === base && !pathname.startsWith('//') ? pathname + search + hash : home;
};

/** Shows who is signed in. */
export const home = '/login';
