import { describe, expect, test } from 'bun:test';
import { SluiceError, type ErrorCode } from '../../types/index.ts';
import { fromEvent, fromWire, isFailure, toEvents, toWire } from './errors.ts';

const failure = (status: number, type: string | undefined, body: string, headers: Record<string, string> = {}) =>
  fromWire({ status, headers: new Headers({ ...(type !== undefined && { 'x-amzn-errortype': type }), ...headers }), body });

describe('from Bedrock', () => {
  test.each<[number, string, ErrorCode]>([
    [400, 'ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/', 'invalid_request'],
    [403, 'AccessDeniedException', 'permission_denied'],
    [403, 'ExpiredTokenException:http://internal.amazon.com/coral/com.amazon.coral.service/', 'authentication'],
    [403, 'UnrecognizedClientException', 'authentication'],
    [404, 'ResourceNotFoundException', 'not_found'],
    [408, 'ModelTimeoutException', 'timeout'],
    [424, 'ModelErrorException', 'bad_gateway'],
    [429, 'ModelNotReadyException', 'rate_limited'],
    [429, 'ThrottlingException', 'rate_limited'],
    [400, 'ServiceQuotaExceededException', 'rate_limited'],
    [500, 'InternalServerException', 'internal'],
    [503, 'ServiceUnavailableException', 'unavailable'],
  ])('%i %s', (status, type, code) => {
    const error = failure(status, type, '{"message":"words"}', { 'x-amzn-requestid': 'r' });
    expect([error.code, error.status, error.message]).toEqual([code, status, 'words']);
    expect(error.upstream).toMatchObject({ type: type.split(':')[0], requestId: 'r' });
  });

  test.each([
    'Input is too long for requested model.',
    'The model returned the following errors: Input Tokens Exceeded: Number of input tokens exceeds maximum length. Please update the input to try again.',
    'The model returned the following errors: prompt is too long: 210000 tokens > 200000 maximum',
  ])('a full context window is told by the words alone: %s', (message) => {
    expect(failure(400, 'ValidationException', JSON.stringify({ message })).code).toBe('context_window_exceeded');
  });

  test('the type may stand in the body, the message with a capital letter, or nothing may be readable', () => {
    const error = failure(429, undefined, '{"__type":"com.amazon.coral#ThrottlingException","Message":"slow"}');
    expect([error.code, error.message, error.upstream?.type]).toEqual(['rate_limited', 'slow', 'ThrottlingException']);
    expect(failure(502, undefined, '<html>').message).toContain('502');
  });

  test('exceptions of a stream', () => {
    expect(fromEvent('throttlingException', '{"message":"slow"}').code).toBe('rate_limited');
    expect(fromEvent('validationException', '{"message":"Input is too long for requested model."}').code).toBe('context_window_exceeded');
    const model = fromEvent('modelStreamErrorException', '{"message":"broke","originalStatusCode":500,"originalMessage":"inside"}');
    expect([model.code, model.message]).toEqual(['bad_gateway', 'broke (inside)']);
    expect(fromEvent('error', '{"code":"InternalFailure","message":"m"}')).toMatchObject({ code: 'internal', message: 'm' });
    expect(['messageStop', undefined, 'internalServerException', 'error'].map(isFailure)).toEqual([false, false, true, true]);
  });
});

describe('to a client', () => {
  test('the type is where AWS’s SDKs look for it without the header', () => {
    expect(toWire(new SluiceError('rate_limited', 'slow'))).toEqual({
      status: 429,
      body: { __type: 'ThrottlingException', message: 'slow' },
    });
    expect(toWire(new SluiceError('unavailable', 'x', { upstream: { type: 'ModelNotReadyException' } })).body['__type']).toBe(
      'ModelNotReadyException',
    );
    expect(toWire(new SluiceError('invalid_request', 'x', { upstream: { type: 'invalid_request_error' } })).body['__type']).toBe(
      'ValidationException',
    );
  });

  test('a full context window in the words that clients read', () => {
    expect(toWire(new SluiceError('context_window_exceeded', '9 > 8')).body['message']).toBe('input is too long: 9 > 8');
  });

  test('inside a stream: one of the five exceptions that it may hold', () => {
    expect(toEvents(new SluiceError('rate_limited', 'slow'))).toEqual([{ event: 'throttlingException', data: '{"message":"slow"}' }]);
    expect(toEvents(new SluiceError('stream_interrupted', 'cut'))).toEqual([
      { event: 'modelStreamErrorException', data: '{"message":"cut","originalStatusCode":502,"originalMessage":"cut"}' },
    ]);
    expect(toEvents(new SluiceError('not_found', 'x'))[0]!.event).toBe('modelStreamErrorException');
  });

  test('what goes out comes back the same', () => {
    for (const code of ['invalid_request', 'permission_denied', 'not_found', 'rate_limited', 'internal', 'unavailable'] as const) {
      const { status, body } = toWire(new SluiceError(code, 'x'));
      expect(failure(status, undefined, JSON.stringify(body)).code).toBe(code);
    }
  });
});
