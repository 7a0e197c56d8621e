import { describe, expect, test } from 'bun:test';
import { readBodyError } from './openai-body-error.ts';

describe('readBodyError', () => {
  test('no error is none', () => {
    expect(readBodyError({ choices: [] })).toBeUndefined();
    expect(readBodyError({ error: null })).toBeUndefined();
  });

  test.each([
    [
      { error: { message: 'M', type: 't', code: 'c', param: 'p' } },
      { status: 502, message: 'M', upstream: { type: 't', code: 'c', param: 'p' } },
    ],
    [{ error: { message: 'M', code: 404 } }, { status: 404, code: 'not_found' }],
    [{ error: { message: 'M', status: 429 } }, { status: 429, code: 'rate_limited' }],
    [{ error: { message: "This model's maximum context length is 8", code: 400 } }, { status: 400, code: 'context_window_exceeded' }],
    [{ error: 'plain' }, { message: 'plain' }],
    [{ error: {} }, { message: 'The provider reported an error without a message.' }],
  ])('%j', (body, error) => {
    expect(readBodyError(body)).toMatchObject(error);
  });
});
