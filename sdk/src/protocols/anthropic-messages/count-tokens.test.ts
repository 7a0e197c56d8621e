import { expect, test } from 'bun:test';
import { thrown } from './fixtures/context.ts';
import { fromWire, respond, toWire } from './count-tokens.ts';

test('only what the call takes is sent', () => {
  expect(
    toWire(
      {
        model: 'alias',
        max_tokens: 1,
        stream: true,
        temperature: 0,
        metadata: {},
        stop_sequences: [],
        messages: [],
        system: 's',
        tools: [],
        thinking: { type: 'disabled' },
        odd: 1,
      },
      { model: 'claude-test' },
    ),
  ).toEqual({ model: 'claude-test', system: 's', messages: [], tools: [], thinking: { type: 'disabled' } });
});

test('the answer, both ways', () => {
  expect(fromWire(respond(42))).toBe(42);
  expect(thrown(() => fromWire({})).code).toBe('invalid_response');
});
