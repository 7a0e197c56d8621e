import { SluiceError } from 'sluice/kit';
import { isOwnOrigin } from './own-origin.ts';
import { csrfTokenOf, sameText } from './session-token.ts';

const csrfHeader = 'x-csrf-token';

export interface Sent {
  readonly method: string;
  readonly headers: Headers;
  /** Of a form, which has no header. */
  readonly csrfToken?: string | undefined;
}

/**
 * What comes with a cookie may have been sent by a page of somebody else. What changes something must therefore show that it
 * was meant: by a token that only pages of this gateway can read, and by the browser's word on whose page it is.
 * @param token of the session
 * @param publicUrl as it is configured
 * @throws SluiceError `permission_denied`
 */
export const demandMeant = ({ method, headers, csrfToken }: Sent, token: string, publicUrl: string | undefined): void => {
  // A socket is opened by GET, by pages of anybody, and browsers let nobody put a header there.
  const opensSocket = headers.has('upgrade');
  if ((method === 'GET' || method === 'HEAD') && !opensSocket) return;
  if (!isOwnOrigin(headers, publicUrl)) throw refused("the request's origin is not this gateway's (general_settings.proxy_base_url)");
  if (opensSocket) return;
  const given = csrfToken ?? headers.get(csrfHeader);
  if (!given) throw refused(`${csrfHeader} is missing: GET /session tells it`);
  if (!sameText(given, csrfTokenOf(token))) throw refused(`${csrfHeader} is not this session's: GET /session tells it`);
};

const refused = (why: string): SluiceError =>
  new SluiceError('permission_denied', `A session in a cookie may not do this: ${why}.`, { type: 'csrf_error' });
