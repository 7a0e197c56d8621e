import { SluiceError } from 'sluice/kit';
import { refusalOf } from '../limits/errors.ts';
import type { Face } from './faces.ts';
import { addRefusal } from './rate-limit-headers.ts';

/** A failure of ours that nobody foresaw: told without its inner words, which may hold anything. */
export const asSluiceError = (cause: unknown): SluiceError =>
  SluiceError.is(cause) ? cause : new SluiceError('internal', 'The gateway failed to handle the request; its log says more.', { cause });

/** The most a client is told to wait. Seconds. */
const maxRetryAfterSeconds = 3600;
/** Where nobody knows how long, so that clients do not come again at once (FP-85). Seconds. */
const usualRetryAfterSeconds = 1;

/** What a client is told to wait; undefined where nothing is said: a provider that gave no time may know why. */
const retryAfterOf = ({ retryAfterMs, status, upstream }: SluiceError): number | undefined => {
  if (retryAfterMs !== undefined) return Math.min(maxRetryAfterSeconds, Math.ceil(retryAfterMs / 1000));
  return (status === 429 || status === 503) && !upstream ? usualRetryAfterSeconds : undefined;
};

/** An error as an HTTP answer in the client's own format. */
export const errorResponse = (error: SluiceError, face: Face, headers: Record<string, string>): Response => {
  const { status, body } = face.errors.toWire(error);
  const all: Record<string, string> = { 'content-type': 'application/json; charset=utf-8', ...headers, ...face.errorHeaders?.(body) };
  const retryAfter = retryAfterOf(error);
  if (retryAfter !== undefined) all['retry-after'] = String(retryAfter);
  const refusal = refusalOf(error);
  if (refusal) addRefusal(all, refusal, error.retryAfterMs);
  const requestId = error.upstream?.requestId;
  if (requestId !== undefined && /^[\x20-\x7e]+$/.test(requestId)) {
    all['x-request-id'] = all['request-id'] = requestId;
    // Ours is there where the provider gave none.
    if (face.requestIdHeader !== undefined) all[face.requestIdHeader] = requestId;
  }
  // A vendor's own invention (LinkedIn's 999) is none that could be sent.
  return new Response(JSON.stringify(body), { status: status >= 400 && status <= 599 ? status : 502, headers: all });
};
