import { SluiceError } from 'sluice/kit';
import { userRoles, type UserRole } from '../records/records.ts';
import { textAt } from '../sign-on/claim-at.ts';
import type { Reach } from '../sign-on/oidc/reach.ts';
import { askJson, away } from './ask.ts';
import type { Introspection } from './settings.ts';
import type { Proof, TokenKind } from './token-authenticate.ts';
import { isJwt } from './verify-jwt.ts';

/** How long a token that was active is not asked about again, at most. */
const activeMs = 60_000;
const maxLength = 16_384;

export interface OAuth2KindOptions {
  readonly settings: () => Introspection | undefined;
  /** JWTs are somebody else's to check. */
  readonly jwtsAreTaken: () => boolean;
  readonly reach: Reach;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/**
 * Opaque tokens: an endpoint of the identity provider says whether they are good, and whose they are. With a client id and
 * secret it is asked as RFC 7662 says, else as a token info endpoint, with the token itself.
 */
export const oauth2Kind = ({ settings, jwtsAreTaken, reach, now }: OAuth2KindOptions): TokenKind<Introspection, Proof> => ({
  settings,
  // Virtual keys and sessions go on unharmed, whatever the endpoint would say of them.
  takes: (presented) =>
    presented.length <= maxLength &&
    /^[\x21-\x7e]+$/.test(presented) &&
    !presented.startsWith('sk-') &&
    !presented.startsWith('sess-') &&
    !(isJwt(presented) && jwtsAreTaken()),
  async prove(presented, { url, clientId, clientSecret }) {
    const introspects = clientId !== undefined && clientSecret !== undefined;
    const headers = { accept: 'application/json' };
    const init: RequestInit = introspects
      ? {
          method: 'POST',
          headers: {
            ...headers,
            authorization: `Basic ${basic(clientId, clientSecret.reveal())}`,
            'content-type': 'application/x-www-form-urlencoded',
          },
          body: new URLSearchParams({ token: presented, token_type_hint: 'access_token' }).toString(),
        }
      : { headers: { ...headers, authorization: `Bearer ${presented}` } };
    const { status, body } = await askJson(reach, url, init, what);
    // Asked with the token itself, a refusal is the token's; asked as a client, it is ours.
    if (!introspects && (status === 400 || status === 401 || status === 403)) throw notActive();
    if (status !== 200 || !body) throw away(what, new Error(`it answers ${status}`));
    if (introspects ? body['active'] !== true : body['active'] === false) throw notActive();
    const exp = typeof body['exp'] === 'number' ? body['exp'] * 1000 : Infinity;
    if (now() >= exp) throw notActive();
    return { claims: body, until: Math.min(exp, now() + activeMs) };
  },
  holds: () => true,
  claimantOf: async ({ claims }, { userIdField, roleField, teamIdField }) => {
    const teamId = textAt(claims, teamIdField);
    return {
      kind: 'oauth2',
      role: roleOf(textAt(claims, roleField)),
      userId: textAt(claims, userIdField),
      teamIds: teamId === undefined ? [] : [teamId],
      claims,
      mustExist: false,
    };
  },
  generation: () => 0,
});

const what = 'Who issues the tokens (OAUTH_TOKEN_INFO_ENDPOINT)';

/** RFC 6749, 2.3.1: both are encoded as in a form. */
const basic = (id: string, secret: string): string =>
  Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64');

/** Other programs have roles of other names, which are none here. */
const roleOf = (text: string | undefined): UserRole | undefined => userRoles.find((role) => role === text);

const notActive = (): SluiceError => new SluiceError('authentication', 'The token is not active.', { type: 'auth_error' });
