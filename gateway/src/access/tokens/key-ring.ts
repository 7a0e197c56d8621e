import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import { SluiceError } from 'sluice/kit';
import type { Reach } from '../sign-on/oidc/reach.ts';
import { askJson, away } from './ask.ts';

export interface KeyRingOptions {
  /** A JWK set, or a discovery document that says where it is. */
  readonly url: string;
  readonly reach: Reach;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Its keys are others now. */
  readonly changed: () => void;
}

/** Between two looks for a key that is not among those that are known, however many ask for one. */
const cooldownMs = 5000;
/** Between two looks while the issuer is away. */
const retryMs = 15_000;
/** How long keys are good while their issuer is away. */
const keepMs = 24 * 3_600_000;
const maxKeys = 100;

/**
 * The public keys of an issuer. Read once however many ask, read again in the background when they are old, kept while the
 * issuer is away (LiteLLM's `public_key_ttl`), and looked for at once where a token names one that is not there.
 */
export class KeyRing {
  readonly #options: KeyRingOptions;
  #keys: { readonly get: JWTVerifyGetKey; readonly text: string; readonly at: number } | undefined;
  #loading: Promise<void> | undefined;
  #triedAt = -Infinity;
  #failed: unknown;

  constructor(options: KeyRingOptions) {
    this.#options = options;
  }

  /** Whether nothing has to be waited for. Looks for newer keys in the background where it is time. */
  settled(freshMs: number): boolean {
    if (!this.#keys) return false;
    const age = this.#options.now() - this.#keys.at;
    if (age < freshMs) return true;
    if (this.#mayTry(retryMs)) this.#load().catch(() => {});
    return age < 2 * freshMs || (this.#failed !== undefined && age < keepMs);
  }

  /** @throws SluiceError `unavailable` where there are no keys, or only some that are too old */
  async ready(freshMs: number): Promise<JWTVerifyGetKey> {
    if (!this.settled(freshMs) && (this.#loading || this.#mayTry(this.#keys ? retryMs : cooldownMs))) await this.#load().catch(() => {});
    const keys = this.#keys;
    if (keys && this.#options.now() - keys.at < keepMs) return keys.get;
    throw away(`The keys of the issuer (${new URL(this.#options.url).host})`, this.#failed);
  }

  /** For a key that is not here: whether there may be others now. */
  async lookAgain(): Promise<boolean> {
    if (!this.#loading && !this.#mayTry(cooldownMs)) return false;
    const before = this.#keys?.text;
    await this.#load().catch(() => {});
    return this.#keys?.text !== before;
  }

  #mayTry(everyMs: number): boolean {
    return this.#options.now() - this.#triedAt >= everyMs;
  }

  #load(): Promise<void> {
    return (this.#loading ??= this.#read().finally(() => (this.#loading = undefined)));
  }

  async #read(): Promise<void> {
    const { now, changed } = this.#options;
    this.#triedAt = now();
    try {
      const set = await this.#ask();
      const text = JSON.stringify(set);
      const { createLocalJWKSet } = await import('jose');
      const isNew = this.#keys?.text !== text;
      this.#keys = { get: isNew || !this.#keys ? createLocalJWKSet(set) : this.#keys.get, text, at: now() };
      this.#failed = undefined;
      if (isNew) changed();
    } catch (cause) {
      this.#failed = cause;
      throw cause;
    }
  }

  async #ask(): Promise<JSONWebKeySet> {
    const { url, reach } = this.#options;
    const ask = async (address: string) => {
      const { status, body } = await askJson(reach, address, { headers: { accept: 'application/json' } }, 'The keys of the issuer');
      if (status !== 200 || !body)
        throw new SluiceError(
          'unavailable',
          `The keys of the issuer cannot be read at the moment: ${new URL(address).host} answers ${status}.`,
        );
      return body;
    };
    const first = await ask(url);
    const at = first['jwks_uri'];
    const set = typeof at === 'string' && !Array.isArray(first['keys']) ? await ask(at) : first;
    if (!Array.isArray(set['keys']))
      throw new SluiceError('unavailable', `${new URL(url).host} answers with something that is no set of keys.`);
    return { keys: (set['keys'] as unknown[]).slice(0, maxKeys).filter(isForSignatures) } as JSONWebKeySet;
  }
}

/** Secrets do not belong there, and one that is there must never count as one. */
const isForSignatures = (key: unknown): boolean => {
  const { kty, use } = (key ?? {}) as { kty?: unknown; use?: unknown };
  return (kty === 'RSA' || kty === 'EC' || kty === 'OKP') && (use === undefined || use === 'sig');
};
