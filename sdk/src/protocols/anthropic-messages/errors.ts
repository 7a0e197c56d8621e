import { table } from '../../lib/table.ts';
import { SluiceError, type ErrorCode, type HttpFailure, type JsonObject, type WireError, type WireEvent } from '../../types/index.ts';
import { asArray, asNumber, asObject, asString, parseObject } from '../shared/read.ts';
import { codeOf } from '../shared/status.ts';

/*
 * https://platform.claude.com/docs/en/api/errors, read 2026-11-21: `{ type: 'error', error: { type, message }, request_id }`.
 */

/** Anthropic's types that say what they mean; the other two go by the status and the words. */
const codeOfType: Readonly<Record<string, ErrorCode>> = table({
  authentication_error: 'authentication',
  billing_error: 'payment_required',
  permission_error: 'permission_denied',
  not_found_error: 'not_found',
  conflict_error: 'conflict',
  request_too_large: 'request_too_large',
  rate_limit_error: 'rate_limited',
  timeout_error: 'upstream_timeout',
  overloaded_error: 'overloaded',
});

/** For errors inside a stream, which have no status. */
const statusOfType: Readonly<Record<string, number>> = table({ invalid_request_error: 400, api_error: 500 });

const typeOfCode: Readonly<Record<ErrorCode, string>> = {
  invalid_request: 'invalid_request_error',
  unsupported_parameter: 'invalid_request_error',
  context_window_exceeded: 'invalid_request_error',
  content_policy_violation: 'invalid_request_error',
  budget_exceeded: 'billing_error',
  authentication: 'authentication_error',
  payment_required: 'billing_error',
  permission_denied: 'permission_error',
  not_found: 'not_found_error',
  method_not_allowed: 'invalid_request_error',
  timeout: 'timeout_error',
  conflict: 'conflict_error',
  request_too_large: 'request_too_large',
  unsupported_media_type: 'invalid_request_error',
  unprocessable: 'invalid_request_error',
  rate_limited: 'rate_limit_error',
  client_closed_request: 'api_error',
  internal: 'api_error',
  connection: 'api_error',
  invalid_response: 'api_error',
  bad_gateway: 'api_error',
  unavailable: 'api_error',
  overloaded: 'overloaded_error',
  stream_interrupted: 'api_error',
  upstream_timeout: 'timeout_error',
};

/** The `error` object, wherever it stands, and what is beside it. */
const readError = (
  body: JsonObject | undefined,
  status: number | undefined,
): { code: ErrorCode; message?: string; upstream: SluiceError['upstream'] } => {
  const error = asObject(body?.['error']) ?? body;
  // Vertex AI's own errors come in Google's way: `{ error: { code, message, status } }`.
  const type = asString(error?.['type']) ?? asString(error?.['status']);
  const message = asString(error?.['message']) ?? asString(body?.['error']) ?? asString(body?.['message']);
  const requestId = asString(body?.['request_id']);
  const effective = status ?? statusOfType[type ?? ''] ?? asNumber(error?.['code']) ?? 500;
  const known = codeOfType[type ?? ''];
  return {
    // A full context window is told by the words alone, in a 400 or a 413.
    code: known ?? codeOf(effective, [message, type].filter(Boolean).join(' ')),
    message,
    upstream: {
      ...(type !== undefined && type !== 'error' && { type }),
      ...(requestId !== undefined && { requestId }),
      ...(body && { body }),
    },
  };
};

/** `x-should-retry` is the vendor's own word on it. */
const shouldRetry = (headers: Headers): { retry?: boolean } => {
  const value = headers.get('x-should-retry');
  return value === 'true' ? { retry: true } : value === 'false' ? { retry: false } : {};
};

/** Google answers requests for a stream with a list of one. */
const parseBody = (text: string): JsonObject | undefined =>
  parseObject(text) ?? (text.trimStart().startsWith('[') ? asObject(parseList(text)[0]) : undefined);

const parseList = (text: string): unknown[] => {
  try {
    return asArray(JSON.parse(text));
  } catch {
    return [];
  }
};

export const fromWire = ({ status, headers, body }: HttpFailure): SluiceError => {
  const { code, message, upstream } = readError(parseBody(body), status);
  const requestId = headers.get('request-id') ?? upstream?.requestId;
  return new SluiceError(code, message || `The provider answered with status ${status} and no message that can be read.`, {
    status,
    upstream: { ...upstream, ...(requestId !== undefined && { requestId }) },
    ...shouldRetry(headers),
  });
};

/** What an event is. Google's own errors, where Claude is called on Vertex AI, do not say it. */
export const eventType = (body: JsonObject, event: string | undefined): string =>
  asString(body['type']) ?? event ?? (asObject(body['error']) ? 'error' : '');

/** An `error` event of a stream. */
export const fromEvent = (body: JsonObject): SluiceError => {
  const { code, message, upstream } = readError(body, undefined);
  return new SluiceError(code, message || 'The provider ended the stream with an error.', { upstream });
};

/** OpenAI has Anthropic's two general words for other things (`invalid_request_error` for a wrong key), so those are not taken over. */
const bodyOf = (error: SluiceError): JsonObject => {
  const said = error.upstream?.type;
  return {
    type: 'error',
    error: { type: said !== undefined && Object.hasOwn(codeOfType, said) ? said : typeOfCode[error.code], message: messageOf(error) },
    request_id: error.upstream?.requestId ?? null,
  };
};

/** Claude Code sums up its history when it reads these words; other providers say the same in others. */
const tooLong = 'prompt is too long';

const messageOf = ({ code, message }: SluiceError): string =>
  code === 'context_window_exceeded' && !message.toLowerCase().includes(tooLong) ? `${tooLong}: ${message}` : message;

export const toWire = (error: SluiceError): WireError => ({ status: error.status, body: bodyOf(error) });

export const toEvents = (error: SluiceError): readonly WireEvent[] => [{ event: 'error', data: JSON.stringify(bodyOf(error)) }];
