import { LazyHeaders } from './lazy-headers.ts';

/** How the end of a body is told (RFC 9112, section 6.3): it has none, a length, chunks, or the end of the connection. */
export type Framing = { kind: 'none' } | { kind: 'length'; bytes: number } | { kind: 'chunked' } | { kind: 'close' };

export interface ResponseHead {
  status: number;
  headers: LazyHeaders;
  framing: Framing;
  /** Whether another request may follow on this connection. */
  keepAlive: boolean;
  /** Body's first byte, counted from the head's. */
  bodyAt: number;
}

const headEnd = Buffer.from('\r\n\r\n');
const bareHeadEnd = Buffer.from('\n\n');
const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\n]*)?$/;

/**
 * Reads the head of an answer, if it is all there.
 * @param searchFrom where the end may begin: what was searched before is not searched again
 * @returns undefined if its end is not there yet; a string that says what is wrong if it is not HTTP/1
 */
export const readHead = (bytes: Buffer, searchFrom = 0): ResponseHead | string | undefined => {
  const end = bytes.indexOf(headEnd, searchFrom);
  let bodyAt = end + 4;
  let text = end === -1 ? '' : bytes.toString('latin1', 0, end);
  // Lines that end with a line feed alone may be taken as such (RFC 9112, section 2.2), and small servers write them.
  const bare = end === -1 ? bytes.indexOf(bareHeadEnd, searchFrom) : text.indexOf('\n\n');
  if (bare !== -1) {
    text = bytes.toString('latin1', 0, bare);
    bodyAt = bare + 2;
  } else if (end === -1) return undefined;
  const firstEnd = text.indexOf('\n');
  const first = firstEnd === -1 ? text : text.slice(0, text.charCodeAt(firstEnd - 1) === 13 ? firstEnd - 1 : firstEnd);
  const match = statusLine.exec(first);
  if (!match) return 'its first line is no status line';
  const status = Number(match[2]);
  const headers = new LazyHeaders(firstEnd === -1 ? '' : text.slice(firstEnd));
  const framing = framingOf(status, headers);
  if (typeof framing === 'string') return framing;

  const connection = headers.find('\nconnection:')?.toLowerCase();
  const keepAlive =
    framing.kind !== 'close' &&
    (match[1] === '1'
      ? connection === undefined || !/\bclose\b/.test(connection)
      : connection !== undefined && /\bkeep-alive\b/.test(connection)) &&
    // Both at once is how answers are smuggled (RFC 9112, section 6.1): the answer is read, the connection is not trusted further.
    !(framing.kind === 'chunked' && headers.find('\ncontent-length:') !== null);
  return { status, headers, framing, keepAlive, bodyAt };
};

const framingOf = (status: number, headers: LazyHeaders): Framing | string => {
  if (status < 200 || status === 204 || status === 304) return { kind: 'none' };
  const encoding = headers.find('\ntransfer-encoding:')?.toLowerCase();
  if (encoding !== undefined && encoding !== 'identity')
    return encoding === 'chunked' ? { kind: 'chunked' } : `its transfer-encoding "${encoding}" is not known`;
  const length = headers.find('\ncontent-length:');
  if (length === null) return { kind: 'close' };
  const value = digits.test(length) ? length : sameDigits(length);
  if (value === undefined) return 'its content-length is no number';
  const bytes = Number(value);
  return bytes === 0 ? { kind: 'none' } : { kind: 'length', bytes };
};

const digits = /^\d{1,15}$/;

/** A length that was sent more than once, if it is one. */
const sameDigits = (lengths: string): string | undefined => {
  const [value = '', ...others] = lengths.split(/\s*,\s*/);
  return digits.test(value) && others.every((other) => other === value) ? value : undefined;
};

/** Milliseconds that the upstream keeps an idle connection, if it says so (`keep-alive: timeout=5`). */
export const keepAliveMs = (headers: LazyHeaders): number | undefined => {
  const value = headers.find('\nkeep-alive:');
  const seconds = value === null ? undefined : /timeout\s*=\s*"?(\d{1,6})/i.exec(value)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
};
