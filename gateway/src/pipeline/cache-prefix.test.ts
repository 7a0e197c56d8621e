import { describe, expect, test } from 'bun:test';
import type { JsonObject } from 'sluice/kit';
import { cachePrefixOf } from './cache-prefix.ts';

const long = 'rules '.repeat(1000);
const mark = { cache_control: { type: 'ephemeral' } };
const text = (words: string, more: object = {}) => ({ type: 'text', text: words, ...more });

/** A conversation of each format: the system's words, and turns. */
const formats: Record<string, (system: string, turns: readonly string[]) => JsonObject> = {
  chat: (system, turns) => ({
    messages: [{ role: 'system', content: system }, ...turns.map((content, at) => ({ role: at % 2 ? 'assistant' : 'user', content }))],
  }),
  responses: (instructions, turns) => ({ instructions, input: turns.map((content) => ({ role: 'user', content })) }),
  messages: (system, turns) => ({ system, messages: turns.map((content) => ({ role: 'user', content })) }),
  gemini: (system, turns) => ({
    systemInstruction: { parts: [{ text: system }] },
    contents: turns.map((each) => ({ role: 'user', parts: [{ text: each }] })),
  }),
  converse: (system, turns) => ({
    system: [{ text: system }],
    messages: turns.map((each) => ({ role: 'user', content: [{ text: each }] })),
  }),
};

describe.each(Object.entries(formats))('%s', (_, make) => {
  test('stays while a conversation goes on, and is another one for another', () => {
    const first = cachePrefixOf(make(long, ['a']));
    expect(first).toBeString();
    expect(cachePrefixOf(make(long, ['a', 'b', 'c']))).toBe(first!);
    expect(cachePrefixOf(make(long, ['b']))).not.toBe(first!);
    expect(cachePrefixOf(make(`${long}!`, ['a']))).not.toBe(first!);
  });

  test('a short prompt has none', () => {
    expect(cachePrefixOf(make('Be brief.', ['a', long]))).toBeUndefined();
  });
});

describe('marks', () => {
  test('a short prompt that is marked has one', () => {
    expect(cachePrefixOf({ system: [text('Be brief.', mark)], messages: [] })).toBeString();
  });

  test('where only the system is marked, what is asked makes no difference', () => {
    const ask = (content: string) => cachePrefixOf({ system: [text(long, mark)], messages: [{ role: 'user', content }] });
    expect(ask('a')).toBe(ask('b')!);
    const chat = (content: string) =>
      cachePrefixOf({
        messages: [
          { role: 'system', content: [text(long, mark)] },
          { role: 'user', content },
        ],
      });
    expect(chat('a')).toBe(chat('b')!);
  });

  test('where only tools are marked, the system makes none either', () => {
    const ask = (system: string) =>
      cachePrefixOf({ tools: [{ name: 'f', ...mark }], system, messages: [{ role: 'user', content: system }] });
    expect(ask('a')).toBe(ask('b')!);
  });

  test('marks that move along change nothing', () => {
    const turn = (words: string, more: object = {}) => ({ role: 'user', content: [text(words, more)] });
    const one = cachePrefixOf({ system: [text(long, mark)], messages: [turn('a', mark)] });
    expect(cachePrefixOf({ system: [text(long, mark)], messages: [turn('a'), turn('b'), turn('c', mark)] })).toBe(one!);
    expect(cachePrefixOf({ system: [text(long, mark)], messages: [turn('b', mark)] })).not.toBe(one!);
    const point = { cachePoint: { type: 'default' } };
    const bedrock = cachePrefixOf({ messages: [{ role: 'user', content: [{ text: 'a' }, point] }] });
    expect(
      cachePrefixOf({
        messages: [
          { role: 'user', content: [{ text: 'a' }] },
          { role: 'user', content: [{ text: 'b' }, point] },
        ],
      }),
    ).toBe(bedrock!);
  });

  test("Claude Code's line that is another one in each call changes nothing", () => {
    const ask = (hash: string) =>
      cachePrefixOf({ system: [text(`x-anthropic-billing-header: cc_version=2.1; cch=${hash};`), text(long, mark)], messages: [] });
    expect(ask('aaaaa')).toBe(ask('bbbbb')!);
  });
});

test('odd bodies have none', () => {
  for (const odd of [{}, { messages: null }, { messages: 7 }, { input: 'x' }, { tools: 'x', messages: [null, [], 1] }])
    expect(cachePrefixOf(odd)).toBeUndefined();
});
