import { isPriceField } from '../prices.ts';
import { looksSecret, referenceName } from '../references.ts';
import { deeper, sealedForm, type Change, type Seals } from './open-members.ts';
import { schemaSecrets } from './schema-secrets.ts';

/** What is shown instead of a secret, as in LiteLLM. */
export const mask = '****';

/** A password in an address. */
const withUser = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*@/i;

/**
 * Seals every text that must not be readable in the database: members that the configuration's schema knows as secrets,
 * members whose names say so, at any depth, and addresses with a password. References to the environment are none.
 * @param place of the whole: `model/42/litellm_params`
 */
export const sealMembers = <T>(value: T, place: string, seals: Pick<Seals, 'seal'>): T =>
  change(value, place, (text, at) => seals.seal(text, at)) as T;

/** The same members, as they are shown. */
export const maskMembers = <T>(value: T): T => change(value, '', () => mask) as T;

const change = (value: unknown, place: string, by: Change, secret = false, key = ''): unknown => {
  if (typeof value === 'string') {
    if (value === '' || referenceName(value) !== undefined) return value;
    return secret || isSecretName(key) || withUser.test(value) || sealedForm.test(value) ? by(value, place) : value;
  }
  // A PIN or an id of digits alone comes as a number.
  if (typeof value === 'number' && (secret || isSecretName(key))) return by(String(value), place);
  const below = secret || isSecretName(key);
  return deeper(value, place, (item, at, name) => change(item, at, by, below, name));
};

/** Counts and prices of tokens are no tokens. */
const isSecretName = (key: string): boolean =>
  schemaSecrets.has(key) || (looksSecret(key) && !isPriceField(key) && !/^(?:max|min)_/.test(key));
