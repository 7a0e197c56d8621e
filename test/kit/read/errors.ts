import type { WireFormat } from '../wire-formats.ts';
import { parseJson } from './events.ts';
import { has, num, obj, str } from './reading.ts';

export interface ErrorReading {
  message: string;
  /** The vendor's or format's own word: `invalid_request_error`, `INVALID_ARGUMENT`. */
  type: string;
  code: string;
  /** Where the envelope is not the format's own. */
  faults: string[];
}

const text = (value: unknown): string => (typeof value === 'number' ? String(value) : str(value));

/** The error of any vendor: they agree on little more than that there is a message somewhere. */
export const readAnyError = (body: string): ErrorReading => {
  const parsed = parseJson(body);
  const top = obj(Array.isArray(parsed) ? (parsed as unknown[])[0] : parsed);
  const inner = obj(top['error']);
  const detail = top['detail'];
  return {
    message: str(inner['message']) || str(top['error']) || str(top['message']) || str(top['Message']) || str(detail),
    type: str(inner['type']) || str(inner['status']) || str(top['type']),
    code: text(inner['code']) || text(top['code']),
    faults: [],
  };
};

const googleStatuses = new Set([
  'INVALID_ARGUMENT',
  'FAILED_PRECONDITION',
  'OUT_OF_RANGE',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'NOT_FOUND',
  'ABORTED',
  'ALREADY_EXISTS',
  'RESOURCE_EXHAUSTED',
  'CANCELLED',
  'DATA_LOSS',
  'UNKNOWN',
  'INTERNAL',
  'UNIMPLEMENTED',
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
]);

const anthropicTypes = new Set([
  'invalid_request_error',
  'authentication_error',
  'billing_error',
  'permission_error',
  'not_found_error',
  'conflict_error',
  'request_too_large',
  'rate_limit_error',
  'api_error',
  'timeout_error',
  'overloaded_error',
]);

/** An error as the format's own SDKs expect it. */
export const readError = (format: WireFormat, status: number, body: string): ErrorReading => {
  const top = obj(parseJson(body));
  const inner = obj(top['error']);
  const reading: ErrorReading = { message: str(inner['message']), type: str(inner['type']), code: text(inner['code']), faults: [] };
  const fault = (message: string) => void reading.faults.push(message);
  if (format === 'anthropic-messages') {
    if (top['type'] !== 'error') fault(`type of the envelope is ${JSON.stringify(top['type'])}`);
    if (!anthropicTypes.has(reading.type)) fault(`'${reading.type}' is no type of the format`);
  } else if (format === 'gemini') {
    reading.type = str(inner['status']);
    if (num(inner['code']) !== status) fault(`code ${text(inner['code'])} for status ${status}`);
    if (!googleStatuses.has(reading.type)) fault(`'${reading.type}' is no status of the format`);
  } else if (format === 'bedrock-converse') {
    reading.message = str(top['message']);
    reading.type = str(top['__type']);
    if (!/^\w+Exception$/.test(reading.type)) fault(`'${reading.type}' is no type of the format`);
  } else if (format === 'cohere-chat') {
    reading.message = str(top['message']);
    if (reading.message === '') fault('no message');
  } else if (format === 'ollama-chat') {
    reading.message = str(top['error']);
    if (reading.message === '') fault('no error');
  } else {
    if (reading.type === '') fault('no type');
    if (!('param' in inner) || !('code' in inner)) fault('no param or code');
    if (has(inner['code']) && typeof inner['code'] !== 'string') fault('code is no string');
  }
  return reading;
};
