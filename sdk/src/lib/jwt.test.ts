import { describe, expect, test } from 'bun:test';
import { createVerify, generateKeyPairSync } from 'node:crypto';
import { fromBase64Url } from './base64url.ts';
import { signJwt } from './jwt.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

describe('signed tokens', () => {
  test.each([
    ['as it is', pem],
    ['with line breaks escaped twice', pem.replaceAll('\n', '\\n')],
    ['with the line breaks of Windows', pem.replaceAll('\n', '\r\n')],
  ])('a key %s signs what others can verify', async (_, key) => {
    const token = await signJwt({ iss: 'a@b', exp: 5 }, { pem: key, keyId: 'k1' });
    const [header = '', claims = '', signature = ''] = token.split('.');
    expect(JSON.parse(fromBase64Url(header)!)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k1' });
    expect(JSON.parse(fromBase64Url(claims)!)).toEqual({ iss: 'a@b', exp: 5 });
    const verify = createVerify('RSA-SHA256').update(`${header}.${claims}`);
    expect(verify.verify(publicKey, signature, 'base64url')).toBe(true);
  });

  test.each([
    ['nothing', ''],
    ['a cut key', '-----BEGIN PRIVATE KEY-----\nCANARY!\n-----END PRIVATE KEY-----'],
    ['another thing in base64', '-----BEGIN PRIVATE KEY-----\nQ0FOQVJZ\n-----END PRIVATE KEY-----'],
    ['a key of the old form', privateKey.export({ type: 'pkcs1', format: 'pem' }) as string],
  ])('FP-26: %s is refused without showing it', async (_, key) => {
    const error = await signJwt({}, { pem: key }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).not.toMatch(/CANARY|Q0FOQVJZ|MII/);
  });
});
