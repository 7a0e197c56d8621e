import { pkcs8FromPem } from './pkcs8.ts';

/** What stands before an RSA key of PKCS #1 in PKCS #8: version 0, and the name of the algorithm (RFC 8017, RFC 5208). */
const version = [0x02, 0x01, 0x00];
const rsaEncryption = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/** A length in DER: one byte, or how many bytes it has and those. */
const lengthOf = (length: number): number[] => {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return [0x80 | bytes.length, ...bytes];
};

const wrapped = (pkcs1: Uint8Array): Uint8Array<ArrayBuffer> => {
  const octets = [0x04, ...lengthOf(pkcs1.length)];
  const inner = version.length + rsaEncryption.length + octets.length + pkcs1.length;
  const head = [0x30, ...lengthOf(inner), ...version, ...rsaEncryption, ...octets];
  const der = new Uint8Array(head.length + pkcs1.length);
  der.set(head);
  der.set(pkcs1, head.length);
  return der;
};

/**
 * The DER bytes in PKCS #8, as Web Crypto takes them, of a PEM private key that may be of the older form too
 * ('BEGIN RSA PRIVATE KEY').
 * @throws Error where it is none, or is locked with a password; the message never holds any of it
 */
export const rsaKeyFromPem = (pem: string): Uint8Array<ArrayBuffer> => {
  if (/ENCRYPTED/.test(pem)) throw new Error('a private key that is locked with a password');
  if (!pem.includes('BEGIN RSA PRIVATE KEY')) return pkcs8FromPem(pem);
  return wrapped(pkcs8FromPem(pem.replaceAll('RSA PRIVATE KEY', 'PRIVATE KEY')));
};
