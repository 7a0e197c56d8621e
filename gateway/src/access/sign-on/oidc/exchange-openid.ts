import { SluiceError } from 'sluice/kit';
import type { KnownIssuers } from './known-issuers.ts';
import { providerFailed } from './reach.ts';
import type { OidcProvider } from './provider.ts';

/** What was sent along when a sign-on began, and must come back with it. */
export interface Began {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export interface Proved {
  /** Of the id token, with what the userinfo endpoint says beside them. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly accessToken: string;
}

export type WithIssuer = OidcProvider & { readonly issuer: string };

const clockToleranceSeconds = 60;

/** Where the browser is sent to. */
export const authorizationUrl = async (issuers: KnownIssuers, provider: WithIssuer, redirectUri: string, began: Began): Promise<URL> => {
  const client = await import('openid-client');
  const { config } = await issuers.get(provider).catch((cause: unknown) => {
    throw providerFailed(provider.label, cause);
  });
  return client.buildAuthorizationUrl(config, {
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: provider.scopes.join(' '),
    state: began.state,
    nonce: began.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(began.codeVerifier),
    code_challenge_method: 'S256',
  });
};

/**
 * Turns the code that the browser brought into claims. The id token's issuer, audience, times, nonce and signature are all
 * checked; who the userinfo endpoint speaks of must be the same person.
 * @throws SluiceError `authentication` for what does not prove anything, `unavailable` where the provider is away
 */
export const exchangeOpenid = async (issuers: KnownIssuers, provider: WithIssuer, callback: URL, began: Began): Promise<Proved> => {
  const [client, jose] = await Promise.all([import('openid-client'), import('jose')]);
  try {
    const { config, keys, algorithms } = await issuers.get(provider);
    const tokens = await client.authorizationCodeGrant(config, callback, {
      expectedState: began.state,
      expectedNonce: began.nonce,
      pkceCodeVerifier: began.codeVerifier,
      idTokenExpected: true,
    });
    const issuer = config.serverMetadata().issuer;
    // The library takes TLS for the proof that the token is the issuer's. We want its signature as well.
    const { payload } = await jose.jwtVerify(tokens.id_token!, keys, {
      issuer,
      audience: provider.clientId,
      algorithms,
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['iss', 'aud', 'exp', 'iat', 'sub', 'nonce'],
    });
    if (payload['nonce'] !== began.nonce || payload.sub === undefined) throw new Error('the id token is for another sign-on');
    const more =
      config.serverMetadata().userinfo_endpoint === undefined ? {} : await client.fetchUserInfo(config, tokens.access_token, payload.sub);
    return { claims: { ...more, ...payload }, accessToken: tokens.access_token };
  } catch (cause) {
    if (SluiceError.is(cause) || isAway(cause)) throw providerFailed(provider.label, cause);
    throw new SluiceError('authentication', `${provider.label} has not proved who you are. Sign in again.`, {
      type: 'auth_error',
      detail: detailOf(cause),
      cause,
    });
  }
};

const awayCodes: ReadonlySet<unknown> = new Set([
  'OAUTH_TIMEOUT',
  'ERR_JWKS_TIMEOUT',
  // Of jose, for a key set that was not answered with 200.
  'ERR_JOSE_GENERIC',
  'ConnectionRefused',
  'ConnectionClosed',
  'FailedToOpenSocket',
  'ECONNRESET',
  'ECONNREFUSED',
  'ENOTFOUND',
]);

/** Told from answers that say no: nothing came, or nothing that could be read. Libraries put what happened inside what they say of it. */
const isAway = (cause: unknown, depth = 0): boolean => {
  if (typeof cause !== 'object' || cause === null || depth > 5) return false;
  const { name, code, status, cause: inner } = cause as { name?: string; code?: unknown; status?: unknown; cause?: unknown };
  if (typeof status === 'number') return status >= 500;
  return name === 'TimeoutError' || name === 'AbortError' || awayCodes.has(code) || SluiceError.is(cause) || isAway(inner, depth + 1);
};

const detailOf = (cause: unknown): string => {
  const { message, code } = cause as { message?: string; code?: string };
  return `${code ?? ''} ${message ?? ''}`.trim().slice(0, 300);
};
