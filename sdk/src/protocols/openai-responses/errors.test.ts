import { describe, expect, test } from 'bun:test';
import { SluiceError } from '../../types/index.ts';
import { openaiResponses } from './index.ts';

describe('errors', () => {
  test('FP-33: what the provider said survives in both directions', () => {
    const body = { error: { message: 'No.', type: 'invalid_request_error', param: 'input', code: 'context_length_exceeded' } };
    const error = openaiResponses.errors.fromWire({ status: 400, headers: new Headers(), body: JSON.stringify(body) });
    expect(error).toMatchObject({ code: 'context_window_exceeded', status: 400, param: 'input' });
    expect(openaiResponses.errors.toWire(error)).toEqual({ status: 400, body });
  });

  test('an error of a stream that was passed through: for the SDK and for Codex', () => {
    const events = openaiResponses.errors.toEvents(new SluiceError('stream_interrupted', 'Gone.', { model: 'm' }));
    expect(events.map(({ event }) => event)).toEqual(['error', 'response.failed']);
    expect(events.map(({ data }) => JSON.parse(data))).toMatchObject([
      { type: 'error', code: 'stream_interrupted', message: 'Gone.', param: null, error: { type: 'server_error' }, sequence_number: 0 },
      {
        type: 'response.failed',
        response: { object: 'response', status: 'failed', model: 'm', error: { code: 'stream_interrupted', message: 'Gone.' } },
      },
    ]);
  });

  test('what is written as an event is read back the same', () => {
    for (const error of [
      new SluiceError('rate_limited', 'Slow.'),
      new SluiceError('context_window_exceeded', 'Long.'),
      new SluiceError('overloaded', 'Busy.'),
    ]) {
      const decoder = openaiResponses.stream.decoder();
      const codes: string[] = [];
      for (const event of openaiResponses.errors.toEvents(error)) {
        decoder.push(event, (part) => void (part.type === 'error' && codes.push(part.error.code)));
      }
      expect(codes).toEqual([error.code]);
    }
  });
});

describe('counting tokens', () => {
  test('takes from the request what counts', () => {
    const { countTokens } = openaiResponses;
    expect(
      countTokens!.toWire(
        { model: 'a', input: 'x', tools: [], stream: true, temperature: 1, store: false },
        { model: 'gpt-5.4', quirks: {} },
      ),
    ).toEqual({
      model: 'gpt-5.4',
      input: 'x',
      tools: [],
    });
    expect(countTokens!.fromWire(countTokens!.respond(11))).toBe(11);
    expect(() => countTokens!.fromWire({})).toThrow(expect.objectContaining({ code: 'invalid_response' }));
  });
});

test('the protocol cannot be changed', () => {
  expect(Object.isFrozen(openaiResponses)).toBe(true);
  for (const part of [openaiResponses.request, openaiResponses.response, openaiResponses.stream, openaiResponses.errors])
    expect(Object.isFrozen(part)).toBe(true);
});
