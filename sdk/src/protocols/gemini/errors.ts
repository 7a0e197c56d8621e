import { table } from '../../lib/table.ts';
import { SluiceError, type ErrorCode, type HttpFailure, type JsonObject, type WireError, type WireEvent } from '../../types/index.ts';
import { asArray, asNumber, asObject, asObjects, asString, isObject } from '../shared/read.ts';
import { codeOf } from '../shared/status.ts';

/*
 * Google's envelope: `{ error: { code, message, status, details } }`, in some answers within a list
 * (https://google.aip.dev/193 and https://ai.google.dev/gemini-api/docs/troubleshooting, read 2026-11-21).
 */

/** `google.rpc.Code` words that say more than the HTTP status. */
const byStatus: Readonly<Record<string, ErrorCode>> = table({
  UNAUTHENTICATED: 'authentication',
  PERMISSION_DENIED: 'permission_denied',
  NOT_FOUND: 'not_found',
  ALREADY_EXISTS: 'conflict',
  ABORTED: 'conflict',
  RESOURCE_EXHAUSTED: 'rate_limited',
  DEADLINE_EXCEEDED: 'upstream_timeout',
  UNAVAILABLE: 'unavailable',
  INTERNAL: 'internal',
  UNKNOWN: 'internal',
  DATA_LOSS: 'internal',
});

const httpOf: Readonly<Record<string, number>> = table({
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  OUT_OF_RANGE: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  CANCELLED: 499,
  INTERNAL: 500,
  UNKNOWN: 500,
  DATA_LOSS: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
});

/** A wrong key is a 400 to Google. */
const keyReasons: ReadonlySet<unknown> = new Set(['API_KEY_INVALID', 'API_KEY_EXPIRED', 'ACCESS_TOKEN_EXPIRED', 'CREDENTIALS_MISSING']);

const detailOf = (error: JsonObject, type: string): JsonObject | undefined =>
  asObjects(error['details']).find((each) => asString(each['@type'])?.endsWith(`google.rpc.${type}`));

/** `34.07s` -> 34070 */
const retryDelayMs = (error: JsonObject): number | undefined => {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(asString(detailOf(error, 'RetryInfo')?.['retryDelay']) ?? '')?.[1];
  return seconds === undefined ? undefined : Math.round(Number(seconds) * 1000);
};

const codeFor = (status: number, word: string | undefined, message: string, error: JsonObject): ErrorCode => {
  const reason = detailOf(error, 'ErrorInfo')?.['reason'];
  if (keyReasons.has(reason) || (status === 400 && /api key (not valid|expired)/i.test(message))) return 'authentication';
  return byStatus[word ?? ''] ?? codeOf(status, message);
};

/** @param status the HTTP status; undefined inside a stream, where the body's own stands for it */
export const errorFromBody = (body: unknown, status: number | undefined): SluiceError => {
  const outer = Array.isArray(body) ? asObject(asArray(body).find((each) => isObject(each))) : asObject(body);
  const error = asObject(outer?.['error']) ?? {};
  const word = asString(error['status']);
  const number = status ?? asNumber(error['code']) ?? httpOf[word ?? ''] ?? 500;
  const http = number >= 400 && number <= 599 ? number : 500;
  const message =
    asString(error['message']) ||
    asString(outer?.['error']) ||
    asString(outer?.['message']) ||
    `The provider answered ${http} without a message.`;
  const delay = retryDelayMs(error);
  return new SluiceError(codeFor(http, word, message, error), message, {
    status: http,
    ...(delay !== undefined && { retryAfterMs: delay }),
    upstream: { ...(word !== undefined && { type: word }), body },
  });
};

const withoutMarkup = (body: string): string =>
  body
    .replaceAll(/<(style|script)[\s\S]*?<\/\1>|<[^>]*>/gi, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 500);

export const fromWire = ({ status, body }: HttpFailure): SluiceError => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    const message = withoutMarkup(body) || `The provider answered ${status} without a message.`;
    return new SluiceError(codeOf(status, message), message, { status });
  }
  return errorFromBody(parsed, status);
};

/** Google's words for our codes; a status that has a word of its own goes first. */
const wordByHttp: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  405: 'UNIMPLEMENTED',
  408: 'DEADLINE_EXCEEDED',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
  529: 'UNAVAILABLE',
};

const wordFor = ({ status, upstream }: SluiceError): string => {
  if (upstream?.type !== undefined && upstream.type in httpOf) return upstream.type;
  return wordByHttp[status] ?? (status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT');
};

/** Google's own details go back as they came; else what we know is said in its detail types. */
const detailsFor = (error: SluiceError): unknown[] => {
  const body = error.upstream?.body;
  const google = asObject((Array.isArray(body) ? asObject(body[0]) : asObject(body))?.['error'])?.['details'];
  if (Array.isArray(google) && google.length > 0 && error.upstream?.type !== undefined && error.upstream.type in httpOf) return google;
  const metadata: JsonObject = {
    ...(error.param !== undefined && { param: error.param }),
    ...(error.provider !== undefined && { provider: error.provider }),
  };
  const details: unknown[] = [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: error.code.toUpperCase(),
      domain: 'sluice',
      ...(Object.keys(metadata).length > 0 && { metadata }),
    },
  ];
  if (error.retryAfterMs !== undefined)
    details.push({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${error.retryAfterMs / 1000}s` });
  return details;
};

export const toWire = (error: SluiceError): WireError => ({
  status: error.status,
  body: { error: { code: error.status, message: error.message, status: wordFor(error), details: detailsFor(error) } },
});

/** Google's SDKs throw on an event that is an error. */
export const toEvents = (error: SluiceError): readonly WireEvent[] => [{ data: JSON.stringify(toWire(error).body) }];
