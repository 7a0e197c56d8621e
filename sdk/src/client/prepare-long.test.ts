import { expect, test } from 'bun:test';
import { anthropicMessages, openaiChat } from '../protocols/index.ts';
import { providers, targetOf } from '../providers/index.ts';
import type { JsonObject } from '../types/index.ts';
import { prepare } from './prepare.ts';

const target = targetOf({ model: 'anthropic/claude-sonnet-4-5', apiKey: 'k' }, { providers, env: {} });

const callOf = (format: typeof openaiChat, chars: number) => {
  const body: JsonObject = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'ä'.repeat(chars) }] };
  return { format, body, text: JSON.stringify(body), stream: false, target };
};

/** How many turns of the event loop others get while a request is made ready. */
const turnsDuring = async (call: ReturnType<typeof callOf>): Promise<number> => {
  let turns = 0;
  let over = false;
  const count = () => {
    if (over) return;
    turns++;
    setTimeout(count, 0);
  };
  setTimeout(count, 0);
  const { text } = await prepare(call, {});
  over = true;
  expect(text).toContain('ä'.repeat(100));
  return turns;
};

test('a long request is translated in several turns of the event loop, any other at once (FP-9)', async () => {
  expect(await turnsDuring(callOf(openaiChat, 1_200_000))).toBeGreaterThanOrEqual(2);
  expect(await turnsDuring(callOf(openaiChat, 1000))).toBe(0);
  expect(await turnsDuring(callOf(anthropicMessages, 1_200_000))).toBe(0);
});
