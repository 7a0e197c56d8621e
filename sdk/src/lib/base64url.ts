/** Bytes -> base64url without padding. Web standards only, so it runs on every runtime. */
export const bytesToBase64Url = (bytes: Uint8Array): string => {
  let binary = '';
  // In pieces, because a long argument list overflows the stack.
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
};

/** UTF-8 text -> base64url without padding. */
export const toBase64Url = (text: string): string => bytesToBase64Url(new TextEncoder().encode(text));

/** The reverse; undefined where the text is not base64url of UTF-8. */
export const fromBase64Url = (text: string): string | undefined => {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};
