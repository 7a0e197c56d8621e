import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { SaltKey } from './salt-keys.ts';

export type Opened =
  | { readonly ok: true; readonly text: string }
  /** A sentence for the operator. It holds nothing of the value. */
  | { readonly ok: false; readonly why: string };

/** Encrypts what must not be readable in the database, such as the keys of providers. */
export interface Sealer {
  /**
   * @param place where it belongs (`models/42/api_key`): moved elsewhere it does not open
   * @returns `sluice:1:<key id>:<base64url>`, another one each time
   */
  seal(text: string, place: string): string;
  /** Never throws: a value that cannot be read is shown as such, and the others are read (FP-61). */
  open(sealed: string, place: string): Opened;
  /** The key that seals. What is sealed with another one can be sealed anew. */
  readonly currentKeyId: string;
}

const prefix = 'sluice:1:';
const form = /^sluice:1:(?<key>[0-9a-f]{8}):(?<body>[A-Za-z0-9_-]+)$/;
const nonceBytes = 12;
const tagBytes = 16;

/** Whether it looks like something sealed, by any key. Text of anybody else's begins otherwise. */
export const isSealed = (text: string): boolean => form.test(text);

/** The id of the key that sealed it; undefined where it is not sealed. */
export const sealedWith = (text: string): string | undefined => form.exec(text)?.groups?.['key'];

/**
 * AES-256-GCM with a key derived by HKDF-SHA-256. A nonce is random, so one key is good for 2^32 values
 * (NIST SP 800-38D, section 8.3, read 2026-11-22).
 * @param keys the first one seals, all of them open
 * @throws Error without a key
 */
export const createSealer = ({ keys }: { readonly keys: readonly SaltKey[] }): Sealer => {
  const [current] = keys;
  if (!current) throw new Error('Nothing can be sealed without a salt key.');
  const derived = new Map(keys.map(({ id, secret }) => [id, derive(secret.reveal())]));
  if (derived.size !== keys.length) throw new Error('Two salt keys have the same id.');
  const currentKey = derived.get(current.id)!;
  return {
    currentKeyId: current.id,
    seal(text, place) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', currentKey, nonce).setAAD(placeOf(current.id, place));
      const body = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${prefix}${current.id}:${body.toString('base64url')}`;
    },
    open(sealed, place) {
      const parts = form.exec(sealed)?.groups;
      if (!parts) return { ok: false, why: 'It is not sealed by this gateway.' };
      const { key: id, body: encoded } = parts as { key: string; body: string };
      const key = derived.get(id);
      if (!key) return { ok: false, why: `It was sealed with the salt key ${id}, which this gateway was not given.` };
      const body = Buffer.from(encoded, 'base64url');
      if (body.length < nonceBytes + tagBytes) return { ok: false, why: 'It was cut off.' };
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, nonceBytes), { authTagLength: tagBytes })
          .setAAD(placeOf(id, place))
          .setAuthTag(body.subarray(-tagBytes));
        const text = Buffer.concat([decipher.update(body.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8');
        return { ok: true, text };
      } catch {
        return { ok: false, why: 'It was changed, or belongs to another place.' };
      }
    },
  };
};

/** The secret is long and random, or should be: deriving slowly would not save one that is not. */
const derive = (secret: string): Uint8Array => new Uint8Array(hkdfSync('sha256', secret, 'sluice', 'sealed values 1', 32));

const placeOf = (keyId: string, place: string): Uint8Array => new TextEncoder().encode(`${prefix}${keyId}\n${place}`);
