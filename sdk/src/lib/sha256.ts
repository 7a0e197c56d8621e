/*
 * SHA-256, and HMAC with it. WebCrypto hands each call to another thread and back, which for the few hundred bytes of a
 * signature takes twenty times as long as the hashing; so the runtime's own module does it where there is one.
 */

/** The part of Node's `crypto` that is used. Asked of the runtime and not imported: see read-file.ts. */
interface NodeCrypto {
  createHash(name: 'sha256'): Digest;
  createHmac(name: 'sha256', key: Uint8Array): Digest;
}

interface Digest {
  update(data: string | Uint8Array): Digest;
  digest(): Uint8Array<ArrayBuffer>;
  digest(encoding: 'hex'): string;
}

interface WithBuiltins {
  process?: { getBuiltinModule?: (id: string) => unknown };
}

let found: NodeCrypto | null | undefined;

/** Looked up when first needed: loading it takes Node a while. */
const nodeCrypto = (): NodeCrypto | null =>
  (found ??= ((globalThis as WithBuiltins).process?.getBuiltinModule?.('node:crypto') as NodeCrypto | undefined) ?? null);

/** More than this would hold the thread up for too long. Bytes, or UTF-16 units. */
const maxAtOnce = 256 * 1024;

const encoder = new TextEncoder();
const bytesOf = (data: string | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  typeof data === 'string' ? encoder.encode(data) : data;

/** @returns hexadecimal digits; at once where that can be done */
export const sha256 = (data: string | Uint8Array<ArrayBuffer>, runtime = nodeCrypto()): string | Promise<string> =>
  runtime && data.length <= maxAtOnce ? runtime.createHash('sha256').update(data).digest('hex') : digested(bytesOf(data));

const digested = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));

type Bytes = Uint8Array<ArrayBuffer>;

/** At once where that can be done. */
export const hmacSha256 = (key: Bytes, text: string, runtime = nodeCrypto()): Bytes | Promise<Bytes> =>
  runtime ? runtime.createHmac('sha256', key).update(text).digest() : signed(key, text);

const signed = async (key: Bytes, text: string): Promise<Bytes> => {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, encoder.encode(text)));
};

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export const toHex = (bytes: Uint8Array): string => {
  let text = '';
  for (let at = 0; at < bytes.length; at++) text += digits[bytes[at]!];
  return text;
};
