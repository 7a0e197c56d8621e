/**
 * Names as they are stored. Clients make up many of them, of any length and with any characters: an index of PostgreSQL takes
 * 2,704 bytes in all (postgresql.org/docs/current/btree.html, read 2026-11-22), and one row that it refuses would hold up all
 * that come after it.
 */

/** Of a name that stands in an index with others. */
const maxBytes = 256;
/** Of a counter's name, which has others in it. */
const maxSubjectBytes = 1024;
const hashLength = 32;

export const storedName = (text: string): string => shortened(clean(text), maxBytes);

/** The name of a counter, the same wherever it is written or asked for. */
export const storedSubject = (subject: string): string => shortened(clean(subject), maxSubjectBytes);

/** Without what PostgreSQL does not store. */
export const clean = (text: string): string => (/[\0\ud800-\udfff]/.test(text) ? text.toWellFormed().replaceAll('\0', '\u{fffd}') : text);

/** What is too long ends with a hash of the whole, so that two of them stay two. */
const shortened = (text: string, most: number): string => {
  // No character has more than three bytes for each of its units.
  if (text.length * 3 <= most) return text;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= most) return text;
  const hash = new Bun.CryptoHasher('sha256').update(bytes).digest('hex').slice(0, hashLength);
  const kept = new TextDecoder().decode(bytes.subarray(0, most - hashLength - 4)).replace(/\u{fffd}+$/u, '');
  return `${kept}…${hash}`;
};

const escaped = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/** JSON that PostgreSQL reads: it refuses the character NUL and halves of characters. Those become U+FFFD. */
export const storedJson = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.includes('\\u') ? text.replaceAll(escaped, (_, before: string) => `${before}\\ufffd`) : text;
};
