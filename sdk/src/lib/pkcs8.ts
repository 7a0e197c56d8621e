/**
 * The DER bytes of a PEM private key in PKCS #8, as Web Crypto takes it. Line breaks that were escaped twice on their
 * way through an environment variable are read as what they were.
 * @throws Error where it is none; the message never holds any of it
 */
export const pkcs8FromPem = (pem: string): Uint8Array<ArrayBuffer> => {
  const text = pem.replaceAll(String.raw`\r`, '\r').replaceAll(String.raw`\n`, '\n');
  const found = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----([\s\S]+?)-----END/.exec(text);
  if (!found) throw new Error('not a private key in PEM');
  if (found[1] !== '') throw new Error(`a key of the form '${found[1]!.trim()}', and not PKCS #8 ('BEGIN PRIVATE KEY')`);
  try {
    return Uint8Array.from(atob(found[2]!.replaceAll(/\s+/g, '')), (character) => character.charCodeAt(0));
  } catch {
    throw new Error('a private key that is cut or altered');
  }
};
