import type { ErrorCode } from 'sluice/kit';

/** What the client is to get. */
export type Outcome =
  /** The whole answer, as if nothing had been. */
  | { kind: 'complete' }
  /** An HTTP error of the client's format, with these words in it. */
  | { kind: 'error'; status: number; code: ErrorCode | readonly ErrorCode[]; words: RegExp }
  /** A stream that had begun: its text so far, then an error of the client's format. */
  | { kind: 'broken'; code: ErrorCode | readonly ErrorCode[]; words: RegExp };

export const complete: Outcome = { kind: 'complete' };

const error =
  (status: number, code: ErrorCode) =>
  (words: RegExp): Outcome => ({ kind: 'error', status, code, words });

export const noConnection = error(502, 'connection');
export const notAnAnswer = error(502, 'invalid_response');
export const cutShort = error(502, 'stream_interrupted');
export const tooLate = error(504, 'upstream_timeout');
export const refused = (status: number, code: ErrorCode | readonly ErrorCode[], words: RegExp): Outcome => ({
  kind: 'error',
  status,
  code,
  words,
});
export const broken = (code: ErrorCode | readonly ErrorCode[], words: RegExp): Outcome => ({ kind: 'broken', code, words });
