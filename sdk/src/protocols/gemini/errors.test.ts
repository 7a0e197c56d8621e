import { describe, expect, test } from 'bun:test';
import { SluiceError, type ErrorCode } from '../../types/index.ts';
import { fromWire, toEvents, toWire } from './errors.ts';

const failure = (status: number, body: unknown) =>
  fromWire({ status, headers: new Headers(), body: typeof body === 'string' ? body : JSON.stringify(body) });
const envelope = (code: number, status: string, message = 'm', details?: unknown[]) => ({
  error: { code, message, status, ...(details && { details }) },
});

describe('reading', () => {
  test.each<[number, string, string, ErrorCode]>([
    [400, 'INVALID_ARGUMENT', 'bad', 'invalid_request'],
    [
      400,
      'INVALID_ARGUMENT',
      'The input token count (1250074) exceeds the maximum number of tokens allowed (1048576).',
      'context_window_exceeded',
    ],
    [400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.', 'invalid_request'],
    [401, 'UNAUTHENTICATED', 'm', 'authentication'],
    [403, 'PERMISSION_DENIED', 'm', 'permission_denied'],
    [404, 'NOT_FOUND', 'm', 'not_found'],
    [429, 'RESOURCE_EXHAUSTED', 'm', 'rate_limited'],
    [500, 'INTERNAL', 'm', 'internal'],
    [503, 'UNAVAILABLE', 'The model is overloaded.', 'unavailable'],
    [504, 'DEADLINE_EXCEEDED', 'm', 'upstream_timeout'],
  ])('%d %s %s', (status, word, message, code) => {
    expect(failure(status, envelope(status, word, message))).toMatchObject({ code, status, message, upstream: { type: word } });
  });

  test('a wrong key is a 400 to Google', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }];
    expect(failure(400, envelope(400, 'INVALID_ARGUMENT', 'API key not valid.', details))).toMatchObject({
      code: 'authentication',
      status: 400,
      retry: false,
    });
  });

  test('when to try again', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.07s' }];
    expect(failure(429, envelope(429, 'RESOURCE_EXHAUSTED', 'm', details)).retryAfterMs).toBe(34_070);
  });

  test('within a list, without the envelope, and what is no JSON', () => {
    expect(failure(404, [envelope(404, 'NOT_FOUND', 'gone')])).toMatchObject({ code: 'not_found', message: 'gone' });
    expect(failure(400, { error: 'plain' }).message).toBe('plain');
    expect(failure(502, '<html><style>x{}</style><h1>Bad   Gateway</h1></html>')).toMatchObject({
      code: 'bad_gateway',
      message: 'Bad Gateway',
    });
    expect(failure(500, '').message).toBe('The provider answered 500 without a message.');
    expect(failure(500, 'null')).toMatchObject({ code: 'internal', status: 500 });
  });
});

describe('writing', () => {
  test("Google's own error goes back with its status, word and details", () => {
    const body = envelope(429, 'RESOURCE_EXHAUSTED', 'slow', [{ '@type': 'type.googleapis.com/google.rpc.QuotaFailure' }]);
    expect(toWire(failure(429, body))).toEqual({ status: 429, body });
  });

  test("another vendor's, and ours", () => {
    const error = new SluiceError('unsupported_parameter', "'seed' is not supported", {
      param: 'seed',
      provider: 'anthropic',
      retryAfterMs: 1500,
    });
    expect(toWire(error)).toEqual({
      status: 400,
      body: {
        error: {
          code: 400,
          message: "'seed' is not supported",
          status: 'INVALID_ARGUMENT',
          details: [
            {
              '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
              reason: 'UNSUPPORTED_PARAMETER',
              domain: 'sluice',
              metadata: { param: 'seed', provider: 'anthropic' },
            },
            { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.5s' },
          ],
        },
      },
    });
    expect(toWire(new SluiceError('overloaded', 'm'))).toMatchObject({
      status: 529,
      body: { error: { code: 529, status: 'UNAVAILABLE' } },
    });
    // A vendor's body is never shown to a foreign format.
    expect(
      JSON.stringify(
        toWire(new SluiceError('internal', 'm', { upstream: { type: 'api_error', body: { error: { details: ['secret'] } } } })),
      ),
    ).not.toContain('secret');
  });

  test('inside a stream', () => {
    expect(toEvents(new SluiceError('stream_interrupted', 'cut')).map(({ data }) => JSON.parse(data) as unknown)).toMatchObject([
      { error: { code: 502, message: 'cut' } },
    ]);
  });
});
