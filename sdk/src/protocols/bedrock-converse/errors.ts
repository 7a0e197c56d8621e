import { table } from '../../lib/table.ts';
import { SluiceError, type ErrorCode, type HttpFailure, type JsonObject, type WireError, type WireEvent } from '../../types/index.ts';
import { asNumber, asString, parseObject } from '../shared/read.ts';
import { codeOf } from '../shared/status.ts';

/*
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_Errors, read
 * 2026-11-22: the body is `{ message }`, and the type stands in the header `x-amzn-errortype`, behind which may be a
 * namespace after a colon. In a stream the type is the name of the message.
 */

/** Types that say what they mean; ValidationException goes by its words. Names are compared by their first letter in lower case. */
const codeOfType: Readonly<Record<string, ErrorCode>> = table({
  accessDeniedException: 'permission_denied',
  conflictException: 'conflict',
  expiredTokenException: 'authentication',
  incompleteSignature: 'authentication',
  incompleteSignatureException: 'authentication',
  internalFailure: 'internal',
  internalServerException: 'internal',
  invalidSignatureException: 'authentication',
  missingAuthenticationTokenException: 'authentication',
  // The model itself failed, not the request for it.
  modelErrorException: 'bad_gateway',
  modelNotReadyException: 'rate_limited',
  modelStreamErrorException: 'bad_gateway',
  modelTimeoutException: 'timeout',
  resourceNotFoundException: 'not_found',
  serviceQuotaExceededException: 'rate_limited',
  serviceUnavailableException: 'unavailable',
  throttlingException: 'rate_limited',
  unrecognizedClientException: 'authentication',
});

const statusOfType: Readonly<Record<string, number>> = table({ validationException: 400 });

/** `ValidationException:http://...`, `com.amazon.coral#ValidationException` -> `ValidationException`. */
const bareType = (type: string | undefined): string | undefined => type?.split(/[:,]/)[0]!.split('#').at(-1)!.trim() || undefined;

const lowered = (type: string | undefined): string => (type === undefined ? '' : type.charAt(0).toLowerCase() + type.slice(1));

const messageIn = (body: JsonObject | undefined): string | undefined => {
  const said = asString(body?.['message']) ?? asString(body?.['Message']) ?? asString(body?.['errorMessage']);
  const original = asString(body?.['originalMessage']);
  return said !== undefined && original !== undefined && !said.includes(original) ? `${said} (${original})` : (said ?? original);
};

const codeFor = (status: number | undefined, type: string | undefined, message: string | undefined): ErrorCode =>
  codeOfType[lowered(type)] ?? codeOf(status ?? statusOfType[lowered(type)] ?? 500, [message, type].filter(Boolean).join(' '));

export const fromWire = ({ status, headers, body }: HttpFailure): SluiceError => {
  const parsed = parseObject(body);
  const type = bareType(headers.get('x-amzn-errortype') ?? asString(parsed?.['__type']) ?? asString(parsed?.['code']));
  const message = messageIn(parsed);
  const requestId = headers.get('x-amzn-requestid');
  return new SluiceError(
    codeFor(status, type, message),
    message || `Bedrock answered with status ${status} and no message that can be read.`,
    {
      status,
      upstream: { ...(type !== undefined && { type }), ...(requestId !== null && { requestId }), ...(parsed && { body: parsed }) },
    },
  );
};

/** Whether a message of a stream is a failure. */
export const isFailure = (event: string | undefined): event is string =>
  event !== undefined && (event === 'error' || event.endsWith('Exception'));

/** An exception or error of a stream. */
export const fromEvent = (event: string, data: string): SluiceError => {
  const body = parseObject(data);
  const type = event === 'error' ? bareType(asString(body?.['code'])) : event;
  const message = messageIn(body);
  const original = asNumber(body?.['originalStatusCode']);
  return new SluiceError(codeFor(original, type, message), message || 'Bedrock ended the stream with an error.', {
    upstream: { ...(type !== undefined && { type }), ...(body && { body }) },
  });
};

const typeOfCode: Readonly<Record<ErrorCode, string>> = {
  invalid_request: 'ValidationException',
  unsupported_parameter: 'ValidationException',
  context_window_exceeded: 'ValidationException',
  content_policy_violation: 'ValidationException',
  budget_exceeded: 'ServiceQuotaExceededException',
  authentication: 'UnrecognizedClientException',
  payment_required: 'ServiceQuotaExceededException',
  permission_denied: 'AccessDeniedException',
  not_found: 'ResourceNotFoundException',
  method_not_allowed: 'ValidationException',
  timeout: 'ModelTimeoutException',
  conflict: 'ConflictException',
  request_too_large: 'ValidationException',
  unsupported_media_type: 'ValidationException',
  unprocessable: 'ValidationException',
  rate_limited: 'ThrottlingException',
  client_closed_request: 'InternalServerException',
  internal: 'InternalServerException',
  connection: 'ServiceUnavailableException',
  invalid_response: 'ModelErrorException',
  bad_gateway: 'ModelErrorException',
  unavailable: 'ServiceUnavailableException',
  overloaded: 'ServiceUnavailableException',
  stream_interrupted: 'ModelStreamErrorException',
  upstream_timeout: 'ModelTimeoutException',
};

/** Claude Code and others sum up their history when they read these words; other providers say the same in others. */
const tooLong = 'input is too long';

const messageOf = ({ code, message }: SluiceError): string =>
  code === 'context_window_exceeded' && !/(?:input|prompt) is too long/i.test(message) ? `${tooLong}: ${message}` : message;

/** AWS's SDKs read the type from `__type` where the header is missing; never from the status. */
export const toWire = (error: SluiceError): WireError => {
  const said = error.upstream?.type;
  const own = said !== undefined && lowered(said) in codeOfType ? said.charAt(0).toUpperCase() + said.slice(1) : undefined;
  return { status: error.status, body: { __type: own ?? typeOfCode[error.code], message: messageOf(error) } };
};

/** The five that a stream may hold (`ConverseStreamOutput`); any other is a failure of the model's stream. */
const streamTypes = new Set([
  'InternalServerException',
  'ModelStreamErrorException',
  'ServiceUnavailableException',
  'ThrottlingException',
  'ValidationException',
]);

export const toEvents = (error: SluiceError): readonly WireEvent[] => {
  const { body } = toWire(error);
  const type = String(body['__type']);
  const event = lowered(streamTypes.has(type) ? type : 'ModelStreamErrorException');
  const more = event === 'modelStreamErrorException' ? { originalStatusCode: error.status, originalMessage: messageOf(error) } : {};
  return [{ event, data: JSON.stringify({ message: messageOf(error), ...more }) }];
};
