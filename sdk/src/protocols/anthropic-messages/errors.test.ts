import { describe, expect, test } from 'bun:test';
import { errorCodes, SluiceError, type ErrorCode, type StreamPart } from '../../types/index.ts';
import { fromEvent, fromWire, toEvents, toWire } from './errors.ts';
import { anthropicMessages } from './index.ts';

const failure = (status: number, type: string, message: string, headers: Record<string, string> = {}) =>
  fromWire({
    status,
    headers: new Headers(headers),
    body: JSON.stringify({ type: 'error', error: { type, message }, request_id: 'req_body' }),
  });

describe('from Anthropic (FP-33)', () => {
  test.each<[number, string, ErrorCode]>([
    [400, 'invalid_request_error', 'invalid_request'],
    [401, 'authentication_error', 'authentication'],
    [402, 'billing_error', 'payment_required'],
    [403, 'permission_error', 'permission_denied'],
    [404, 'not_found_error', 'not_found'],
    [409, 'conflict_error', 'conflict'],
    [413, 'request_too_large', 'request_too_large'],
    [429, 'rate_limit_error', 'rate_limited'],
    [500, 'api_error', 'internal'],
    [503, 'api_error', 'unavailable'],
    [504, 'timeout_error', 'upstream_timeout'],
    [529, 'overloaded_error', 'overloaded'],
  ])('%d %s', (status, type, code) => {
    const error = failure(status, type, 'words');
    expect(error).toMatchObject({ code, status, message: 'words', upstream: { type, requestId: 'req_body' } });
    // and to a client of this format, unchanged
    expect(toWire(error)).toEqual({ status, body: { type: 'error', error: { type, message: 'words' }, request_id: 'req_body' } });
  });

  test('the header’s request id and word on retries go first', () => {
    expect(failure(500, 'api_error', 'x', { 'request-id': 'req_header', 'x-should-retry': 'false' })).toMatchObject({
      retry: false,
      upstream: { requestId: 'req_header' },
    });
    expect(failure(400, 'invalid_request_error', 'x', { 'x-should-retry': 'true' }).retry).toBe(true);
    expect(failure(529, 'overloaded_error', 'x').retry).toBe(true);
  });

  test.each([
    [404, 'NOT_FOUND', 'not_found'],
    [429, 'RESOURCE_EXHAUSTED', 'rate_limited'],
  ] as const)("Google's own %d, where Claude is called on Vertex AI, for whole answers and for streams", (code, status, expected) => {
    const google = { error: { code, message: 'Publisher Model `x`', status } };
    for (const body of [google, [google]]) {
      const error = fromWire({ status: code, headers: new Headers(), body: JSON.stringify(body) });
      expect(error).toMatchObject({ code: expected, status: code, message: 'Publisher Model `x`', upstream: { type: status } });
    }
    expect(fromEvent(google)).toMatchObject({ code: expected, message: 'Publisher Model `x`' });
    const event = { data: JSON.stringify(google) };
    const parts: StreamPart[] = [];
    anthropicMessages.stream.decoder().push(event, (part) => void parts.push(part));
    expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code: expected } });
    const tap = anthropicMessages.stream.tap();
    tap.push(event);
    expect(tap.error?.code).toBe(expected);
    expect(fromWire({ status: 502, headers: new Headers(), body: '[oops' }).code).toBe('bad_gateway');
  });

  test('a full context window', () =>
    expect(failure(400, 'invalid_request_error', 'prompt is too long: 205000 tokens > 200000 maximum').code).toBe(
      'context_window_exceeded',
    ));

  test.each([
    ['', 502, 'bad_gateway'],
    ['<html>Bad gateway</html>', 502, 'bad_gateway'],
    ['{"message":"no"}', 403, 'permission_denied'],
    ['{"error":"no"}', 401, 'authentication'],
  ])('a body of another kind: %p', (body, status, code) => {
    const error = fromWire({ status, headers: new Headers(), body });
    expect(error).toMatchObject({ code: code as ErrorCode, status });
    expect(error.message).not.toContain('<');
  });
});

test('in a stream: the code by the type', () => {
  expect(fromEvent({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })).toMatchObject({
    code: 'overloaded',
    status: 529,
    message: 'Overloaded',
  });
  expect(fromEvent({ type: 'error', error: { type: 'invalid_request_error', message: 'x' } })).toMatchObject({
    code: 'invalid_request',
    status: 400,
  });
  expect(fromEvent({})).toMatchObject({ code: 'internal' });
});

describe('to a client', () => {
  test('each code has a type', () => {
    for (const code of Object.keys(errorCodes) as ErrorCode[]) {
      const { status, body } = toWire(new SluiceError(code, 'words'));
      expect(status).toBe(errorCodes[code].status);
      expect((body['error'] as { type: string }).type).toMatch(/_error$|^request_too_large$/);
    }
  });

  test('a foreign type does not reach the client; its request id does', () => {
    const error = new SluiceError('rate_limited', 'slow down', { upstream: { type: 'tokens', requestId: 'req_x' } });
    expect(toWire(error).body).toEqual({ type: 'error', error: { type: 'rate_limit_error', message: 'slow down' }, request_id: 'req_x' });
  });

  test('a word that OpenAI has for more than Anthropic goes by what it means', () => {
    const error = new SluiceError('authentication', 'wrong key', { upstream: { type: 'invalid_request_error' } });
    expect(toWire(error).body).toMatchObject({ error: { type: 'authentication_error' } });
  });

  test('a full context window is told in the words that Claude Code looks for', () => {
    const { body } = toWire(new SluiceError('context_window_exceeded', 'maximum context length is 8192 tokens'));
    expect(body).toMatchObject({
      error: { type: 'invalid_request_error', message: 'prompt is too long: maximum context length is 8192 tokens' },
    });
  });

  test('an error without words gets some', () =>
    expect(fromWire({ status: 429, headers: new Headers(), body: '{"type":"error","error":""}' }).message).toContain('429'));

  test('in a stream', () =>
    expect(toEvents(new SluiceError('overloaded', 'x'))).toEqual([
      { event: 'error', data: '{"type":"error","error":{"type":"overloaded_error","message":"x"},"request_id":null}' },
    ]));
});
