import { describe, expect, test } from 'bun:test';
import type { JsonObject, WireEvent } from '../../types/index.ts';
import { createOpenAiTap } from './openai-tap.ts';

const tapped = (...events: (JsonObject | string | WireEvent)[]) => {
  const tap = createOpenAiTap();
  for (const event of events) {
    if (typeof event === 'object' && typeof event['data'] === 'string') tap.push(event as unknown as WireEvent);
    else tap.push({ data: typeof event === 'string' ? event : JSON.stringify(event) });
  }
  return tap;
};
const chunk = (delta: JsonObject, finish: string | null = null, more: JsonObject = {}): JsonObject => ({
  model: 'm-1',
  choices: [{ index: 0, delta, finish_reason: finish }],
  ...more,
});

describe('createOpenAiTap', () => {
  test('usage, model, output and end of a stream', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
    const tap = tapped(
      chunk({ role: 'assistant', content: '' }, null, { usage: null }),
      chunk({ content: 'a' }),
      chunk({}, 'stop'),
      { model: 'm-1', choices: [], usage },
      '[DONE]',
    );
    expect(tap).toMatchObject({ ended: true, output: true, model: 'm-1', error: undefined });
    expect(tap.usage).toEqual({ inputTokens: 1, outputTokens: 2, raw: usage });
    expect(tap.usage).toBe(tap.usage!);
  });

  test('the finish reason ends a stream that has no mark; without it nothing has ended', () => {
    expect(tapped(chunk({ content: 'a' })).ended).toBe(false);
    expect(tapped(chunk({ content: 'a' }, 'stop')).ended).toBe(true);
    expect(tapped('[DONE]').ended).toBe(true);
  });

  test.each<[string, JsonObject, boolean]>([
    ['a role', { role: 'assistant', content: '' }, false],
    ['nothing', { content: null, tool_calls: null, reasoning_content: null }, false],
    ['text', { content: 'a' }, true],
    ['thoughts', { reasoning_content: 'a' }, true],
    ["Mistral's thoughts", { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'a' }] }] }, true],
    ['a call', { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '' } }] }, true],
    ['speech', { audio: { id: 'x', data: 'AA' } }, true],
  ])('output: %s', (_, delta, output) => {
    expect(tapped(chunk(delta)).output).toBe(output);
  });

  test('what the model writes is not taken for a member', () => {
    const tap = tapped(
      chunk({ content: '{"error": {"message": "x"}, "usage": {"prompt_tokens": 9}, "finish_reason": "stop", "model": "evil"}' }),
    );
    expect(tap).toMatchObject({ error: undefined, usage: undefined, ended: false, model: 'm-1' });
  });

  test('errors inside the stream, also as named events', () => {
    expect(tapped({ error: { message: 'busy', code: 503 } }).error).toMatchObject({ code: 'unavailable', message: 'busy' });
    expect(tapped({ event: 'error', data: '{"message":"busy"}' }).error).toMatchObject({ message: 'busy' });
  });

  test('Groq counts in a place of its own; the last count holds; Azure says the model late', () => {
    expect(tapped({ ...chunk({}, 'stop'), x_groq: { id: 'r', usage: { prompt_tokens: 1, completion_tokens: 2 } } }).usage).toMatchObject({
      inputTokens: 1,
      outputTokens: 2,
    });
    const tap = tapped({ model: '', choices: [] }, chunk({ content: 'a' }, null, { usage: { prompt_tokens: 1, completion_tokens: 1 } }));
    expect(tap.usage).toMatchObject({ outputTokens: 1 });
    tap.push({ data: JSON.stringify(chunk({ content: 'b' }, null, { usage: { prompt_tokens: 1, completion_tokens: 2 } })) });
    expect(tap.usage).toMatchObject({ outputTokens: 2 });
    expect(tap.model).toBe('m-1');
  });

  test('a last event that counts nothing does not take back what was counted', () => {
    const of = (prompt_tokens: number, completion_tokens: number) => chunk({}, null, { usage: { prompt_tokens, completion_tokens } });
    expect(tapped(of(9, 500), of(0, 0)).usage).toMatchObject({ inputTokens: 9, outputTokens: 500 });
    const read = tapped(of(9, 500));
    expect(read.usage).toMatchObject({ outputTokens: 500 });
    read.push({ data: JSON.stringify(of(0, 0)) });
    expect(read.usage).toMatchObject({ outputTokens: 500 });
    expect(tapped(of(0, 0), of(9, 0)).usage).toMatchObject({ inputTokens: 9, outputTokens: 0 });
    expect(tapped(of(0, 0)).usage).toMatchObject({ inputTokens: 0, outputTokens: 0 });
  });
});
