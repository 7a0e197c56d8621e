/**
 * Every kind of failure: the HTTP status a client sees when the provider gave none, and whether the same call
 * may be sent again. `name` is the class name that LiteLLM's users know.
 */
export const errorCodes = {
  invalid_request: { status: 400, retry: false, name: 'BadRequestError' },
  unsupported_parameter: { status: 400, retry: false, name: 'UnsupportedParamsError' },
  context_window_exceeded: { status: 400, retry: false, name: 'ContextWindowExceededError' },
  content_policy_violation: { status: 400, retry: false, name: 'ContentPolicyViolationError' },
  /** A budget of the gateway is spent. LiteLLM's status was 400, 429 and 422 by turns; the gateway's settings choose. */
  budget_exceeded: { status: 400, retry: false, name: 'BudgetExceededError' },
  authentication: { status: 401, retry: false, name: 'AuthenticationError' },
  payment_required: { status: 402, retry: false, name: 'PaymentRequiredError' },
  permission_denied: { status: 403, retry: false, name: 'PermissionDeniedError' },
  not_found: { status: 404, retry: false, name: 'NotFoundError' },
  method_not_allowed: { status: 405, retry: false, name: 'MethodNotAllowedError' },
  timeout: { status: 408, retry: true, name: 'Timeout' },
  conflict: { status: 409, retry: true, name: 'ConflictError' },
  request_too_large: { status: 413, retry: false, name: 'RequestTooLargeError' },
  unsupported_media_type: { status: 415, retry: false, name: 'UnsupportedMediaTypeError' },
  unprocessable: { status: 422, retry: false, name: 'UnprocessableEntityError' },
  rate_limited: { status: 429, retry: true, name: 'RateLimitError' },
  /** The client left. Nobody sees the status; logs do. */
  client_closed_request: { status: 499, retry: false, name: 'ClientClosedRequestError' },
  internal: { status: 500, retry: true, name: 'InternalServerError' },
  /** No connection, or it broke before an answer. */
  connection: { status: 502, retry: true, name: 'APIConnectionError' },
  /** The provider answered with something that is not an answer. */
  invalid_response: { status: 502, retry: true, name: 'APIResponseValidationError' },
  bad_gateway: { status: 502, retry: true, name: 'BadGatewayError' },
  unavailable: { status: 503, retry: true, name: 'ServiceUnavailableError' },
  overloaded: { status: 529, retry: true, name: 'OverloadedError' },
  /** A stream ended before the provider's own end mark. Output has been seen, so it is not sent again. */
  stream_interrupted: { status: 502, retry: false, name: 'MidStreamError' },
  upstream_timeout: { status: 504, retry: true, name: 'Timeout' },
} as const satisfies Record<string, { status: number; retry: boolean; name: string }>;

export type ErrorCode = keyof typeof errorCodes;

/** What the provider itself said, kept apart from our own words. */
export interface UpstreamError {
  /** Its own type or code string (`invalid_request_error`, `INVALID_ARGUMENT`). */
  type?: string;
  code?: string;
  param?: string;
  requestId?: string;
  /** The whole body, parsed if it was JSON. Never shown to foreign formats as it is. */
  body?: unknown;
}

export interface SluiceErrorOptions {
  /** The provider's HTTP status, kept as it was; else the table's. */
  status?: number;
  provider?: string;
  model?: string;
  /** The request's parameter at fault. */
  param?: string;
  /** Milliseconds, from `retry-after` in any of its spellings. */
  retryAfterMs?: number;
  upstream?: UpstreamError;
  /** What only the operator may read (a path of the machine): for logs, never for clients. Holds no secret. */
  detail?: string;
  /** A kind of its own within the code, for clients of OpenAI's format: `key_model_access_denied`. Default: as the code says. */
  type?: string;
  /** Overrides the table, for a provider that knows better. */
  retry?: boolean;
  cause?: unknown;
}

const brand = Symbol.for('sluice.error');

/** The one error of the SDK and the gateway. Tell kinds apart by `code`; the message is for people. */
export class SluiceError extends Error {
  /** Said here because bundlers rename classes, and Node prints the class beside `name`. */
  static override readonly name = 'SluiceError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly retry: boolean;
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly param: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly upstream: UpstreamError | undefined;
  readonly detail: string | undefined;
  readonly type: string | undefined;
  readonly [brand] = true;

  constructor(code: ErrorCode, message: string, options: SluiceErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.name = errorCodes[code].name;
    this.status = options.status ?? errorCodes[code].status;
    this.retry = options.retry ?? errorCodes[code].retry;
    this.provider = options.provider;
    this.model = options.model;
    this.param = options.param ?? options.upstream?.param;
    this.retryAfterMs = options.retryAfterMs;
    this.upstream = options.upstream;
    this.detail = options.detail;
    this.type = options.type;
  }

  /** The same error, with facts that a higher floor knows. */
  with(options: SluiceErrorOptions): SluiceError {
    return new SluiceError(this.code, this.message, {
      status: this.status,
      retry: this.retry,
      provider: this.provider,
      model: this.model,
      param: this.param,
      retryAfterMs: this.retryAfterMs,
      upstream: this.upstream,
      detail: this.detail,
      type: this.type,
      cause: this.cause,
      ...options,
    });
  }

  /** Whatever was thrown, as one of ours. What is not is a bug of ours, unlike all that a provider may do. */
  static from(cause: unknown): SluiceError {
    if (SluiceError.is(cause)) return cause;
    // Translation walks down schemas and blocks; only a client that means to nests them so deep.
    if (cause instanceof RangeError && /call stack/i.test(cause.message))
      return new SluiceError('invalid_request', 'The request is nested too deep.', { cause });
    const words = cause instanceof Error ? cause.message : String(cause);
    return new SluiceError('internal', `Unexpected failure: ${words}`, { cause, retry: false });
  }

  /** Also true for an error made by another copy of this package. */
  static is(value: unknown): value is SluiceError {
    return typeof value === 'object' && value !== null && (value as { [brand]?: boolean })[brand] === true;
  }
}
