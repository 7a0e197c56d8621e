/** One FNV-1a pass of 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/, read 2026-11-21) over UTF-16 units. */
export const fnv1a = (text: string, seed: number): number => {
  let hash = seed;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
};

/**
 * The same 14 characters of `[0-9a-z]` for the same text, on every machine: to shorten names and ids so that
 * different ones stay different. Not for secrets.
 */
export const shortHash = (text: string): string =>
  fnv1a(text, 0x811c9dc5).toString(36).padStart(7, '0') + fnv1a(text, 0x01234567).toString(36).padStart(7, '0');
