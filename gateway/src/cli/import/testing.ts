import { createCipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import nacl from 'tweetnacl';

/** Encrypts as LiteLLM does, for tests. */
export const encryptLitellm = (text: string, saltKey: string, form: 'nacl' | 'nacl-standard' | 'v2' | 'v3' = 'nacl'): string => {
  const sha = new Uint8Array(createHash('sha256').update(saltKey).digest());
  if (form === 'v2' || form === 'v3') {
    const key = form === 'v3' ? new Uint8Array(hkdfSync('sha256', saltKey, '', 'litellm-at-rest-v3', 32)) : sha;
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const body = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${form}:gcm:${padded(body.toString('base64url'))}`;
  }
  const nonce = nacl.randomBytes(24);
  const body = Buffer.concat([nonce, nacl.secretbox(new TextEncoder().encode(text), nonce, sha)]);
  return form === 'nacl' ? padded(body.toString('base64url')) : body.toString('base64');
};

/** Python keeps the equals signs. */
const padded = (text: string): string => text + '='.repeat((4 - (text.length % 4)) % 4);

/** A file of statements, with `{{name}}` for what only a program knows. */
export const fixture = (name: string, values: Readonly<Record<string, string>> = {}): string =>
  readFileSync(join(import.meta.dir, 'fixtures', name), 'utf8').replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => values[key]!);
