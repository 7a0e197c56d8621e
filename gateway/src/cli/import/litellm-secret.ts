import { createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import nacl from 'tweetnacl';

/**
 * How LiteLLM encrypts values in its database (its sources, proxy/common_utils/encrypt_decrypt_utils.py, read 2026-11-22):
 * - `v3:gcm:` and base64url: AES-256-GCM, the key by HKDF-SHA-256 of the salt key
 * - `v2:gcm:` and base64url: the same, the key is the SHA-256 of the salt key
 * - base64 of either alphabet, without a mark: NaCl's secretbox (XSalsa20-Poly1305), the key is the SHA-256 of the salt key
 */
export type DecryptedValue =
  | { readonly ok: true; readonly text: string }
  /** `plain`: it does not look like anything encrypted. */
  | { readonly ok: false; readonly plain: boolean };

const base64 = /^[A-Za-z0-9_\-+/]+={0,2}$/;
const nonceBytes = 24;
const minBoxBytes = nonceBytes + nacl.secretbox.overheadLength;

/** @param saltKeys each is tried: LiteLLM takes the master key where there is no salt key */
export const decryptLitellm = (value: string, saltKeys: readonly string[]): DecryptedValue => {
  const gcm = /^v(?<version>[23]):gcm:(?<body>.*)$/s.exec(value)?.groups;
  const body = Buffer.from((gcm?.['body'] ?? value).replaceAll('-', '+').replaceAll('_', '/'), 'base64');
  if (!gcm && (!base64.test(value) || body.length < minBoxBytes)) return { ok: false, plain: true };
  for (const saltKey of saltKeys) {
    const text = gcm ? openGcm(body, saltKey, gcm['version'] === '3') : openBox(body, saltKey);
    if (text !== undefined) return { ok: true, text };
  }
  return { ok: false, plain: false };
};

const sha256 = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest());

const openBox = (body: Uint8Array, saltKey: string): string | undefined => {
  const opened = nacl.secretbox.open(
    new Uint8Array(body.subarray(nonceBytes)),
    new Uint8Array(body.subarray(0, nonceBytes)),
    sha256(saltKey),
  );
  return opened === null ? undefined : new TextDecoder().decode(opened);
};

const openGcm = (body: Buffer, saltKey: string, derived: boolean): string | undefined => {
  const key = derived ? new Uint8Array(hkdfSync('sha256', saltKey, '', 'litellm-at-rest-v3', 32)) : sha256(saltKey);
  if (body.length < 12 + 16) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, 12), { authTagLength: 16 }).setAuthTag(body.subarray(-16));
    return Buffer.concat([decipher.update(body.subarray(12, -16)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
};
