import { table } from '../../lib/table.ts';
import { SluiceError, type ErrorCode, type HttpFailure, type JsonObject, type WireError } from '../../types/index.ts';
import { asNumber, asObject, asString } from './read.ts';
import { codeOf } from './status.ts';

/*
 * The error envelope of OpenAI and of those who follow it: `{ error: { message, type, param, code } }`
 * (https://platform.openai.com/docs/guides/error-codes, read 2026-11-21). Shared by the chat, completions, embeddings
 * and Responses formats.
 */

/** What OpenAI's code strings mean here; they say more than the status. */
const byUpstreamCode: Readonly<Record<string, ErrorCode>> = table({
  context_length_exceeded: 'context_window_exceeded',
  content_filter: 'content_policy_violation',
  content_policy_violation: 'content_policy_violation',
  invalid_prompt: 'content_policy_violation',
  image_content_policy_violation: 'content_policy_violation',
  invalid_api_key: 'authentication',
  model_not_found: 'not_found',
  DeploymentNotFound: 'not_found',
  insufficient_quota: 'rate_limited',
  rate_limit_exceeded: 'rate_limited',
  rate_limit_error: 'rate_limited',
  server_error: 'internal',
  server_is_overloaded: 'overloaded',
  overloaded: 'overloaded',
  overloaded_error: 'overloaded',
  service_unavailable: 'unavailable',
  stream_interrupted: 'stream_interrupted',
  slow_down: 'overloaded',
});

/** OpenAI's `type` and `code` for our codes, where the upstream gave none. Absent: an `invalid_request_error` without a code. */
const spelling: Partial<Record<ErrorCode, { type: string; code: string | null }>> = {
  unsupported_parameter: { type: 'invalid_request_error', code: 'unsupported_parameter' },
  context_window_exceeded: { type: 'invalid_request_error', code: 'context_length_exceeded' },
  content_policy_violation: { type: 'invalid_request_error', code: 'content_policy_violation' },
  budget_exceeded: { type: 'budget_exceeded', code: 'budget_exceeded' },
  authentication: { type: 'authentication_error', code: 'invalid_api_key' },
  payment_required: { type: 'insufficient_quota', code: 'insufficient_quota' },
  permission_denied: { type: 'permission_error', code: null },
  not_found: { type: 'not_found_error', code: 'not_found' },
  timeout: { type: 'timeout_error', code: 'timeout' },
  conflict: { type: 'conflict_error', code: null },
  rate_limited: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  client_closed_request: { type: 'client_closed_request', code: null },
  internal: { type: 'server_error', code: 'server_error' },
  connection: { type: 'api_connection_error', code: 'connection_error' },
  invalid_response: { type: 'server_error', code: 'invalid_response' },
  bad_gateway: { type: 'server_error', code: 'bad_gateway' },
  unavailable: { type: 'server_error', code: 'service_unavailable' },
  overloaded: { type: 'server_error', code: 'overloaded' },
  stream_interrupted: { type: 'server_error', code: 'stream_interrupted' },
  upstream_timeout: { type: 'timeout_error', code: 'upstream_timeout' },
};

/** The members of the envelope, wherever a vendor put them. */
interface Envelope {
  message?: string;
  type?: string;
  code?: string;
  param?: string;
}

const text = (value: unknown): string | undefined => asString(value) ?? asNumber(value)?.toString();

/** FastAPI's `detail`: a text, an object (ElevenLabs: `{ status, message }`), or a list of what is wrong and where (vLLM, ChatGPT; Mistral has it in its message). */
const readDetail = (detail: unknown): string | undefined => {
  if (!Array.isArray(detail)) return asString(detail) ?? asString(asObject(detail)?.['message']);
  const first = asObject(detail[0]);
  const message = asString(first?.['msg']);
  const place = Array.isArray(first?.['loc']) ? first['loc'].join('.') : '';
  return message !== undefined && place !== '' ? `${place}: ${message}` : message;
};

/** The first of a list, as Cloudflare has them: `{ success: false, errors: [{ code, message }] }`. */
const firstOf = (errors: unknown): JsonObject | undefined => (Array.isArray(errors) ? asObject(errors[0]) : undefined);

/** A list of what is wrong (Stability AI: texts; Cloudflare: `{ message }`). */
const readErrors = (errors: unknown): string | undefined => {
  if (!Array.isArray(errors)) return undefined;
  const messages = errors.flatMap((each) => asString(each) ?? asString(asObject(each)?.['message']) ?? []);
  return messages.length > 0 ? messages.join('; ') : undefined;
};

/** What the provider behind OpenRouter said, which its own message hides. */
const readHidden = (error: JsonObject): string | undefined => {
  const raw = asString(asObject(error['metadata'])?.['raw']);
  return raw === undefined ? undefined : (readEnvelope(parse(raw)).message ?? raw);
};

/**
 * Reads the members out of a parsed error body or an `error` member: OpenAI's envelope, a bare string (xAI:
 * `{ code, error: '...' }`), FastAPI's `{ detail }`, OpenRouter's nested one, or a list that holds one (Gemini's
 * compatible API).
 */
export const readEnvelope = (value: unknown): Envelope => {
  if (Array.isArray(value)) return readEnvelope(value[0]);
  const body = asObject(value);
  if (!body) return typeof value === 'string' ? { message: value } : {};
  const inner = asObject(body['error']) ?? firstOf(body['errors']) ?? body;
  const message =
    asString(inner['message']) ??
    asString(inner['error']) ??
    asString(body['message']) ??
    readDetail(asObject(inner['message'])?.['detail']) ??
    readDetail(body['detail']) ??
    readErrors(body['errors']) ??
    asString(body['title']) ??
    // Deepgram: `{ err_code, err_msg }`; Soniox: `{ error_type, error_message }`.
    asString(body['err_msg']) ??
    asString(body['error_message']);
  const hidden = readHidden(inner);
  return {
    message: hidden === undefined || message?.includes(hidden) ? message : [message, hidden].filter(Boolean).join(': '),
    type: text(inner['type']) ?? text(inner['status']) ?? text(body['error_type']) ?? text(asObject(body['detail'])?.['status']),
    code: text(inner['code']) ?? text(body['code']) ?? text(body['err_code']),
    param: asString(inner['param']),
  };
};

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const withoutMarkup = (body: string): string =>
  body
    .replaceAll(/<(style|script)[\s\S]*?<\/\1>|<[^>]*>/gi, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 500);

/** Our code for an envelope: the vendor's own code string if it is known, else the status and the words. */
export const envelopeCode = (status: number, { message, type, code }: Envelope): ErrorCode => {
  const known = byUpstreamCode[code ?? ''] ?? byUpstreamCode[type ?? ''];
  // `server_error` is said of every 5xx: the status knows better which one.
  if (known && !(known === 'internal' && status > 500)) return known;
  // xAI answers 400 to a wrong key.
  if (status === 400 && /incorrect api key|invalid api key/i.test(message ?? '')) return 'authentication';
  return codeOf(status, [message, type, code].filter(Boolean).join(' '));
};

/** A failed answer as an error: status, message, type, code and parameter are the vendor's own. */
export const readOpenAiError = ({ status, body }: HttpFailure): SluiceError => {
  const parsed = parse(body);
  const envelope = readEnvelope(parsed);
  const message =
    envelope.message || (parsed === undefined ? withoutMarkup(body) : '') || `The provider answered ${status} without a message.`;
  const { type, code, param } = envelope;
  return new SluiceError(envelopeCode(status, envelope), message, {
    status,
    upstream: {
      ...(type !== undefined && { type }),
      ...(code !== undefined && { code }),
      ...(param !== undefined && { param }),
      ...(parsed !== undefined && { body: parsed }),
    },
  });
};

/** An error's own members for OpenAI's clients; what the upstream said goes before what we would. */
export const openAiErrorObject = (error: SluiceError): JsonObject => {
  const ours = spelling[error.code];
  return {
    message: error.message,
    type: error.type ?? error.upstream?.type ?? ours?.type ?? 'invalid_request_error',
    param: error.param ?? null,
    // Agents look for this one code to compact their history, whatever the provider called it.
    code: (error.code === 'context_window_exceeded' ? undefined : error.upstream?.code) ?? ours?.code ?? null,
  };
};

export const writeOpenAiError = (error: SluiceError): WireError => ({ status: error.status, body: { error: openAiErrorObject(error) } });
