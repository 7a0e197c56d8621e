import { bytesToBase64Url, toBase64Url } from './base64url.ts';
import { pkcs8FromPem } from './pkcs8.ts';

const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

/**
 * A JSON Web Token signed with RS256 (RFC 7515, RFC 7519).
 * @param pem the private key, PKCS #8
 * @throws Error where the key is none; the message never holds any of it
 */
export const signJwt = async (
  claims: Readonly<Record<string, unknown>>,
  { pem, keyId }: { pem: string; keyId?: string },
): Promise<string> => {
  const key = await importKey(pkcs8FromPem(pem));
  const header = { alg: 'RS256', typ: 'JWT', ...(keyId !== undefined && { kid: keyId }) };
  const signed = `${toBase64Url(JSON.stringify(header))}.${toBase64Url(JSON.stringify(claims))}`;
  const signature = await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(signed));
  return `${signed}.${bytesToBase64Url(new Uint8Array(signature))}`;
};

const importKey = async (der: Uint8Array<ArrayBuffer>): Promise<CryptoKey> => {
  try {
    return await crypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
  } catch {
    // What the runtime says of it may quote it.
    throw new Error('not an RSA private key');
  }
};
