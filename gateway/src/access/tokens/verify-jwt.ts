import { SluiceError } from 'sluice/kit';
import type * as jose from 'jose';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import type { KeyRing } from './key-ring.ts';
import type { KeyRings } from './key-rings.ts';
import type { TrustedIssuer } from './settings.ts';

/** Signatures that only who has a private key can make: never `none`, and never one made with what everybody may read. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

const clockToleranceSeconds = 30;

export interface VerifiedJwt {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly issuer: TrustedIssuer;
  /** Unix milliseconds, with what clocks may differ by. */
  readonly until: number;
}

export interface VerifyOptions {
  readonly rings: KeyRings;
  readonly freshMs: number;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** Three parts of base64url, the first of which is the beginning of a JSON object. */
export const isJwt = (text: string): boolean => text.startsWith('eyJ') && text.length <= maxLength && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(text);

const maxLength = 16_384;

/**
 * Checks signature, issuer, audience and times of a token.
 * @throws SluiceError `authentication` for one that is not good, with the type `expired_key` where it once was; `unavailable` where keys cannot be had
 */
export const verifyJwt = async (
  token: string,
  trusted: readonly TrustedIssuer[],
  { rings, freshMs, now }: VerifyOptions,
): Promise<VerifiedJwt> => {
  const library = await import('jose');
  if (trusted.length === 0)
    throw new SluiceError('unavailable', 'Tokens cannot be checked: neither JWT_PUBLIC_KEY_URL nor litellm_jwtauth.issuers is set.', {
      retry: false,
    });
  let named: unknown;
  try {
    named = library.decodeJwt(token).iss;
  } catch {
    throw refused('The token is no JWT.');
  }
  // An issuer that is named has keys of its own: those of others are not good for its tokens.
  const issuer =
    trusted.find(({ names }) => typeof named === 'string' && names.includes(named)) ?? trusted.find(({ names }) => names.length === 0);
  if (!issuer) throw refused('The token is of an issuer that is not trusted here.');
  const check = (key: JWTVerifyGetKey) =>
    library.jwtVerify(token, key, {
      algorithms,
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(now()),
      requiredClaims: ['exp'],
      ...(issuer.names.length > 0 && { issuer: [...issuer.names] }),
      ...(issuer.audience && { audience: [...issuer.audience] }),
    });
  const all = issuer.urls.map((url) => rings.at(url));
  const payload = (await tryRings(all, check, freshMs, library)) ?? (await again(all, check, freshMs, library));
  if (!payload)
    throw new SluiceError('authentication', 'The token is signed with a key that its issuer does not have.', { type: unknownKeyType });
  return { claims: payload, issuer, until: (payload.exp! + clockToleranceSeconds) * 1000 };
};

/** Told apart from bad signatures: the key may be there in a moment. */
const unknownKeyType = 'unknown_signing_key';

type Jose = typeof jose;
type Check = (key: JWTVerifyGetKey) => Promise<{ readonly payload: JWTPayload }>;

/** Undefined: no ring has the key. */
const tryRings = async (rings: readonly KeyRing[], check: Check, freshMs: number, library: Jose): Promise<JWTPayload | undefined> => {
  let awayBecause: unknown;
  for (const ring of rings) {
    let keys: JWTVerifyGetKey;
    try {
      keys = await ring.ready(freshMs);
    } catch (cause) {
      awayBecause = cause;
      continue;
    }
    const payload = await tryKeys(keys, check, library);
    if (payload) return payload;
  }
  // The key may be one of those that could not be read.
  if (awayBecause !== undefined) throw awayBecause;
  return undefined;
};

const again = async (rings: readonly KeyRing[], check: Check, freshMs: number, library: Jose): Promise<JWTPayload | undefined> => {
  const looked = await Promise.all(rings.map((ring) => ring.lookAgain()));
  return looked.includes(true) ? tryRings(rings, check, freshMs, library) : undefined;
};

const tryKeys = async (keys: JWTVerifyGetKey, check: Check, { errors }: Jose): Promise<JWTPayload | undefined> => {
  try {
    return (await check(keys)).payload;
  } catch (cause) {
    if (cause instanceof errors.JWKSNoMatchingKey) return undefined;
    if (cause instanceof errors.JWKSMultipleMatchingKeys) return oneOf(cause, check, errors);
    throw badToken(cause, errors);
  }
};

/** A token that does not say which key it is signed with. */
const oneOf = async (
  several: jose.errors.JWKSMultipleMatchingKeys,
  check: Check,
  errors: Jose['errors'],
): Promise<JWTPayload | undefined> => {
  for await (const key of several) {
    try {
      return (await check(() => key)).payload;
    } catch (cause) {
      if (!(cause instanceof errors.JWSSignatureVerificationFailed)) throw badToken(cause, errors);
    }
  }
  throw refused('The signature of the token is wrong.');
};

const badToken = (cause: unknown, errors: Jose['errors']): SluiceError => {
  if (SluiceError.is(cause)) return cause;
  if (cause instanceof errors.JWTExpired)
    return new SluiceError('authentication', 'The token has expired. Get another one.', { type: 'expired_key', cause });
  if (cause instanceof errors.JWTClaimValidationFailed) return refused(`The token is not for here: ${claimProblem(cause.claim)}.`, cause);
  if (cause instanceof errors.JWSSignatureVerificationFailed) return refused('The signature of the token is wrong.', cause);
  if (cause instanceof errors.JOSEAlgNotAllowed || cause instanceof errors.JOSENotSupported)
    return refused('The token is signed in a way that is not allowed.', cause);
  return refused('The token cannot be read.', cause);
};

const claimProblem = (claim: string): string =>
  ({
    iss: 'its issuer (iss) is another one',
    aud: 'its audience (aud) is another one',
    nbf: 'its time (nbf) has not come',
    exp: 'it says no time to expire at (exp)',
    iat: 'its time (iat) is wrong',
  })[claim] ?? 'one of its claims is wrong';

const refused = (message: string, cause?: unknown): SluiceError =>
  new SluiceError('authentication', message, { type: 'auth_error', ...(cause !== undefined && { cause }) });
