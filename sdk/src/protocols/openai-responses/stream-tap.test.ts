import { describe, expect, test } from 'bun:test';
import { createTap } from './stream-tap.ts';

const event = (type: string, more: object = {}, named = true) => ({
  ...(named && { event: type }),
  data: JSON.stringify({ type, ...more }),
});

describe('the tap', () => {
  test.each([true, false])('tells output, usage and the end (event names: %p)', (named) => {
    const tap = createTap();
    tap.push(event('response.created', { response: { id: 'resp_1' } }, named));
    tap.push(event('response.output_item.added', { item: {} }, named));
    expect([tap.output, tap.ended, tap.usage]).toEqual([false, false, undefined]);
    tap.push(event('response.output_text.delta', { delta: 'x' }, named));
    expect([tap.output, tap.ended]).toEqual([true, false]);
    const usage = { input_tokens: 10, input_tokens_details: { cached_tokens: 4 }, output_tokens: 5, total_tokens: 15 };
    tap.push(event('response.completed', { response: { id: 'resp_1', model: 'm', output: [], usage } }, named));
    expect(tap).toMatchObject({ ended: true, id: 'resp_1', model: 'm', usage: { inputTokens: 6, cacheReadTokens: 4, outputTokens: 5 } });
    expect(tap.error).toBeUndefined();
  });

  test('an incomplete answer has ended too', () => {
    const tap = createTap();
    tap.push(event('response.incomplete', { response: {} }));
    expect(tap.ended).toBe(true);
  });

  test('a failed one has not: it is an error, the first that was told', () => {
    const tap = createTap();
    tap.push(event('error', { code: 'rate_limit_exceeded', message: 'Slow.' }));
    tap.push(event('response.failed', { response: { id: 'resp_1', error: { code: 'server_error', message: 'Oops.' } } }));
    expect(tap).toMatchObject({ ended: false, output: false, error: { code: 'rate_limited', message: 'Slow.' } });
  });

  test('what it cannot read is passed over', () => {
    const tap = createTap();
    for (const data of ['[DONE]', '', '{"type":', '[]', '{"a":1}']) tap.push({ data });
    expect([tap.output, tap.ended]).toEqual([false, false]);
  });
});
