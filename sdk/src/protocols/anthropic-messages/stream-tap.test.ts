import { expect, test } from 'bun:test';
import type { JsonObject } from '../../types/index.ts';
import { createTap } from './stream-tap.ts';

const push = (events: JsonObject[], named = true) => {
  const tap = createTap();
  for (const body of events) tap.push({ ...(named && { event: body['type'] as string }), data: JSON.stringify(body) });
  return tap;
};
const stream: JsonObject[] = [
  {
    type: 'message_start',
    message: { model: 'claude', content: [], usage: { input_tokens: 9, cache_read_input_tokens: 4, output_tokens: 1 } },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'ping' },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: '"type":"message_stop"' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 7 } },
  { type: 'message_stop' },
];

test.each([true, false])('usage, model, output and the end; events named: %p', (named) => {
  expect(push(stream, named)).toMatchObject({
    ended: true,
    output: true,
    model: 'claude',
    error: undefined,
    usage: { inputTokens: 9, cacheReadTokens: 4, outputTokens: 7 },
  });
  const early = push(stream.slice(0, 3), named);
  expect(early).toMatchObject({ ended: false, output: false, usage: { inputTokens: 9, outputTokens: 1 } });
  expect(push(stream.slice(0, 5), named)).toMatchObject({ ended: false, output: true });
});

test('a call is output when it begins', () =>
  expect(push([stream[0]!, { type: 'content_block_start', index: 0, content_block: { type: 'tool_use' } }]).output).toBe(true));

test('an error, and events that are not JSON', () => {
  expect(push([stream[0]!, { type: 'error', error: { type: 'overloaded_error', message: 'x' } }]).error).toMatchObject({
    code: 'overloaded',
  });
  const tap = createTap();
  tap.push({ event: 'message_delta', data: 'not JSON' });
  tap.push({ data: '[DONE]' });
  expect(tap).toMatchObject({ ended: false, usage: undefined });
});
