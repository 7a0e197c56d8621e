import { expect, test } from 'bun:test';
import { SluiceError } from '../../types/index.ts';
import { fromWire, toWire } from './errors.ts';

const read = (status: number, body: unknown) =>
  fromWire({ status, headers: new Headers(), body: typeof body === 'string' ? body : JSON.stringify(body) });

test.each<[number, unknown, string, string]>([
  [
    400,
    { error_type: 'TOO_MANY_TOKENS', id: 'x', message: 'too many tokens: size limit exceeded' },
    'context_window_exceeded',
    'too many tokens: size limit exceeded',
  ],
  [
    400,
    { message: 'too many tokens: total number of tokens in the prompt cannot exceed 4081' },
    'context_window_exceeded',
    'too many tokens: total number of tokens in the prompt cannot exceed 4081',
  ],
  [400, { message: 'invalid request' }, 'invalid_request', 'invalid request'],
  [401, { message: 'invalid api token' }, 'authentication', 'invalid api token'],
  [404, { id: 'x', message: "model 'm' not found" }, 'not_found', "model 'm' not found"],
  [422, { message: 'schema' }, 'unprocessable', 'schema'],
  [429, { message: 'slow down' }, 'rate_limited', 'slow down'],
  [498, { message: 'blocked' }, 'content_policy_violation', 'blocked'],
  [499, { message: 'cancelled' }, 'timeout', 'cancelled'],
  [502, '<html><h1>Bad gateway</h1></html>', 'bad_gateway', 'Bad gateway'],
  [503, '', 'unavailable', 'The provider answered 503 without a message.'],
])('%d %j', (status, body, code, message) => {
  expect(read(status, body)).toMatchObject({ code, status, message });
});

test('written for its clients, with the id that it had', () => {
  expect(toWire(read(404, { id: 'x', message: 'gone' }))).toEqual({ status: 404, body: { id: 'x', message: 'gone' } });
  expect(toWire(new SluiceError('rate_limited', 'later'))).toEqual({ status: 429, body: { message: 'later' } });
});
