import { table } from '../../lib/table.ts';
import { SluiceError, type ErrorCode, type HttpFailure, type JsonObject, type WireError, type WireEvent } from '../../types/index.ts';
import { asObject, asString, parseObject } from '../shared/read.ts';
import { codeOf } from '../shared/status.ts';

/*
 * `{ id, message }`, now and then with `error_type` (https://docs.cohere.com/v2/reference/errors, read 2026-11-22; the
 * type was seen in answers). Two statuses are Cohere's own: 498 for words that are on a list of denied ones, 499 for a
 * call that was cancelled on its way.
 */
const byType: Readonly<Record<string, ErrorCode>> = table({ TOO_MANY_TOKENS: 'context_window_exceeded' });

const codeFor = (status: number, message: string, type: string | undefined): ErrorCode => {
  const known = type === undefined ? undefined : byType[type];
  if (known) return known;
  if (status === 400 && /^too many tokens/i.test(message)) return 'context_window_exceeded';
  if (status === 498) return 'content_policy_violation';
  if (status === 499) return 'timeout';
  return codeOf(status, message);
};

/** @param status of the answer; inside a stream that has begun there is none */
export const errorFromBody = (body: JsonObject | undefined, status = 500): SluiceError => {
  const said = body?.['message'] ?? body?.['error'];
  const message =
    asString(said) ||
    asString(asObject(said)?.['message']) ||
    asString(body?.['detail']) ||
    `The provider answered ${status} without a message.`;
  const type = asString(body?.['error_type']);
  const requestId = asString(body?.['id']);
  return new SluiceError(codeFor(status, message, type), message, {
    status,
    upstream: { ...(type !== undefined && { type }), ...(requestId !== undefined && { requestId }), body },
  });
};

export const fromWire = ({ status, body }: HttpFailure): SluiceError => {
  const parsed = parseObject(body);
  if (parsed) return errorFromBody(parsed, status);
  // A proxy before Cohere, or a text.
  const message = body
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 500);
  return errorFromBody(message === '' ? undefined : { message }, status);
};

export const toWire = (error: SluiceError): WireError => {
  const requestId = error.upstream?.requestId;
  return { status: error.status, body: { ...(requestId !== undefined && { id: requestId }), message: error.message } };
};

/** The one place that the format has for it: the end of the message, which says that it is none. */
export const endWithError = (error: SluiceError): JsonObject => ({
  type: 'message-end',
  delta: { error: error.message, finish_reason: 'ERROR' },
});

export const toEvents = (error: SluiceError): readonly WireEvent[] => [{ event: 'message-end', data: JSON.stringify(endWithError(error)) }];
