const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

/** A key ready to sign with. @param der PKCS #8 @throws Error where it is no RSA key; the message never holds any of it */
export const importSigningKey = async (der: Uint8Array<ArrayBuffer>): Promise<CryptoKey> => {
  try {
    return await crypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
  } catch {
    // What the runtime says of it may quote it.
    throw new Error('not an RSA private key');
  }
};

const toBase64 = (bytes: ArrayBuffer): string => {
  let binary = '';
  for (const byte of new Uint8Array(bytes)) binary += String.fromCharCode(byte);
  return btoa(binary);
};

export interface OciRequest {
  method: string;
  url: string;
  body: string;
  contentType: string;
  /** `<tenancy>/<user>/<fingerprint>`. */
  keyId: string;
  key: CryptoKey;
  date: Date;
}

/**
 * The headers that sign a request with a body for Oracle Cloud: version 1, RSA with SHA-256
 * (https://docs.oracle.com/en-us/iaas/Content/API/Concepts/signingrequests.htm, read 2026-11-22). The date goes in
 * `x-date`, which may stand for `date`: that one many runtimes do not let a program set. Host and length are signed as the
 * transport will write them.
 */
export const signOci = async ({ method, url, body, contentType, keyId, key, date }: OciRequest): Promise<Record<string, string>> => {
  const { host, pathname, search } = new URL(url);
  const bytes = new TextEncoder().encode(body);
  const signed: readonly (readonly [string, string])[] = [
    ['x-date', date.toUTCString()],
    ['(request-target)', `${method.toLowerCase()} ${pathname}${search}`],
    ['host', host],
    ['content-type', contentType],
    ['content-length', String(bytes.length)],
    ['x-content-sha256', toBase64(await crypto.subtle.digest('SHA-256', bytes))],
  ];
  const text = signed.map(([name, value]) => `${name}: ${value}`).join('\n');
  const signature = toBase64(await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(text)));
  const names = signed.map(([name]) => name).join(' ');
  const parts = ['version="1"', `keyId="${keyId}"`, 'algorithm="rsa-sha256"', `headers="${names}"`, `signature="${signature}"`];
  return { 'x-date': signed[0]![1], 'x-content-sha256': signed[5]![1], authorization: `Signature ${parts.join(',')}` };
};
