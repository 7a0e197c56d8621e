import { describe, expect, test } from 'bun:test';
import { SluiceError } from '../../types/index.ts';
import { readOpenAiError, writeOpenAiError } from './openai-error.ts';

const read = (status: number, body: unknown) =>
  readOpenAiError({ status, headers: new Headers(), body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('readOpenAiError', () => {
  test("FP-33: the vendor's status, message, type, code and parameter survive", () => {
    const error = read(404, {
      error: { message: 'No such model.', type: 'invalid_request_error', param: 'model', code: 'model_not_found' },
    });
    expect(error).toMatchObject({
      code: 'not_found',
      status: 404,
      message: 'No such model.',
      param: 'model',
      upstream: { type: 'invalid_request_error', code: 'model_not_found' },
    });
  });

  test.each([
    [
      400,
      { code: 'invalid-argument', error: 'Incorrect API key provided. Get one.' },
      'authentication',
      'Incorrect API key provided. Get one.',
    ],
    [401, { err_code: 'INVALID_AUTH', err_msg: 'Invalid credentials.' }, 'authentication', 'Invalid credentials.'],
    [400, { detail: { status: 'voice_not_found', message: 'No such voice.' } }, 'invalid_request', 'No such voice.'],
    [400, { status_code: 400, error_type: 'bad_request', error_message: 'No such model.' }, 'invalid_request', 'No such model.'],
    [401, { detail: 'Could not parse your token.' }, 'authentication', 'Could not parse your token.'],
    [422, { detail: [{ msg: 'field required', loc: ['body', 'n'] }] }, 'unprocessable', 'body.n: field required'],
    [422, { object: 'error', message: { detail: [{ msg: 'Extra input', loc: ['body', 'x'] }] } }, 'unprocessable', 'body.x: Extra input'],
    [
      429,
      {
        error: {
          code: 429,
          message: 'Provider returned error',
          metadata: { provider_name: 'Google', raw: '{"error":{"message":"Slow down."}}' },
        },
      },
      'rate_limited',
      'Provider returned error: Slow down.',
    ],
    [
      429,
      { error: { code: 429, message: 'Provider returned error', metadata: { raw: 'busy' } } },
      'rate_limited',
      'Provider returned error: busy',
    ],
    [400, [{ error: { code: 400, message: 'Bad.', status: 'INVALID_ARGUMENT' } }], 'invalid_request', 'Bad.'],
    [400, { error: { message: 'Too long.', code: 'context_length_exceeded' } }, 'context_window_exceeded', 'Too long.'],
    [429, { error: { message: 'Quota.', type: 'insufficient_quota', code: 'insufficient_quota' } }, 'rate_limited', 'Quota.'],
    [503, '<html><head><style>a{}</style></head><body><h1>503</h1> busy</body></html>', 'unavailable', '503 busy'],
    [502, '', 'bad_gateway', 'The provider answered 502 without a message.'],
    [500, { message: 'Oops', code: 'x' }, 'internal', 'Oops'],
    [
      400,
      { id: 'i', name: 'bad_request', errors: ['prompt: is required', 'seed: too large'] },
      'invalid_request',
      'prompt: is required; seed: too large',
    ],
    [403, { success: false, errors: [{ code: 10000, message: 'Authentication error' }] }, 'permission_denied', 'Authentication error'],
  ])('%i %j', (status, body, code, message) => {
    expect(read(status, body)).toMatchObject({ status, code, message });
  });
});

describe('writeOpenAiError', () => {
  test('OpenAI envelope with a type and a code even where the provider had none', () => {
    expect(writeOpenAiError(new SluiceError('overloaded', 'Busy.', { status: 529, upstream: { type: 'overloaded_error' } }))).toEqual({
      status: 529,
      body: { error: { message: 'Busy.', type: 'overloaded_error', param: null, code: 'overloaded' } },
    });
    expect(writeOpenAiError(new SluiceError('invalid_request', 'Bad.', { param: 'input' })).body).toEqual({
      error: { message: 'Bad.', type: 'invalid_request_error', param: 'input', code: null },
    });
  });

  test('a full context window has the code that agents look for, whoever says so', () => {
    const error = new SluiceError('context_window_exceeded', 'prompt is too long', {
      upstream: { type: 'invalid_request_error', code: 'x' },
    });
    expect(writeOpenAiError(error).body).toMatchObject({ error: { code: 'context_length_exceeded' } });
  });

  test('what was read is written back the same', () => {
    const body = { error: { message: 'M', type: 'invalid_request_error', param: 'input', code: 'previous_response_not_found' } };
    expect(writeOpenAiError(read(400, body))).toEqual({ status: 400, body });
  });
});
