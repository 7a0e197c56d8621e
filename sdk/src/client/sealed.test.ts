import { describe, expect, test } from 'bun:test';
import { cohereChat, ollamaChat } from '../protocols/index.ts';
import { providers, targetOf } from '../providers/index.ts';
import type { ChatProtocol, ChatResult, FromResultContext, JsonObject } from '../types/index.ts';
import { prepare } from './prepare.ts';

/*
 * A conversation that began with one vendor and goes on with another: what the first wants back, and the client carries,
 * must not reach the second.
 */

const answer: ChatResult = {
  id: 'a',
  model: 'm',
  candidates: [
    {
      index: 0,
      finishReason: 'tool-calls',
      content: [
        { type: 'thinking', text: 'hm', signature: { origin: 'anthropic', value: 'signature-of-claude' } },
        { type: 'opaque', origin: 'anthropic', value: { type: 'server_tool_use', id: 'block-of-claude' } },
        { type: 'text', text: 'x', signature: { origin: 'google', value: 'signature-of-gemini' } },
        {
          type: 'tool-call',
          kind: 'function',
          id: 'c',
          name: 'f',
          arguments: '{}',
          signature: { origin: 'google', value: 'call-of-gemini' },
        },
      ],
    },
  ],
};
const writing: FromResultContext = {
  model: 'm',
  request: { model: 'm', messages: [], stream: false, unknown: {} },
  newId: (prefix) => `${prefix}made`,
  now: () => 0,
};

const turn = (format: ChatProtocol): JsonObject => ({
  model: 'm',
  messages: [
    { role: 'user', content: 'q' },
    format.response.toWire(answer, writing)['message'],
    { role: 'tool', tool_call_id: 'c', tool_name: 'f', content: '1' },
  ],
});
const prepared = (format: ChatProtocol, model: string, body: JsonObject) =>
  prepare(
    { format, body, text: JSON.stringify(body), stream: false, target: targetOf({ model, apiKey: 'k' }, { providers, env: {} }) },
    { dropParams: false },
  );

describe.each([
  ['ollama-chat', ollamaChat, 'ollama/llama3.2'],
  ['cohere-chat', cohereChat, 'cohere/command-a-03-2025'],
])('%s', (_name, format, model) => {
  test("is rewritten for a provider of the client's own format, with a record of what is left out", async () => {
    const { same, text, dropped } = await prepared(format, model, turn(format));
    expect(same).toBe(true);
    expect(text).not.toMatch(/slc1-|thinking_blocks|-of-claude|-of-gemini/);
    expect(text).toContain('hm');
    expect(dropped.map(({ what }) => what).sort()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^anthropic:.*signature/),
        'anthropic:server_tool_use',
        expect.stringMatching(/^google:.*signature/),
      ]),
    );
  });

  test('but goes on as it is where there is nothing of the kind', async () => {
    const body = { model: 'm', stream: false, messages: [{ role: 'user', content: 'q', odd: 1 }] };
    expect(JSON.parse((await prepared(format, model, body)).text)).toMatchObject({ messages: body.messages });
  });

  test('and gives the vendor that made it what it wants', async () => {
    const { text } = await prepared(format, 'anthropic/claude-sonnet-4-5', turn(format));
    const { messages } = JSON.parse(text) as { messages: { content: JsonObject[] }[] };
    expect(messages[1]!.content.slice(0, 3)).toEqual([
      { type: 'thinking', thinking: 'hm', signature: 'signature-of-claude' },
      { type: 'server_tool_use', id: 'block-of-claude' },
      { type: 'text', text: 'x' },
    ]);
    expect(text).not.toMatch(/slc1-|-of-gemini/);
  });
});

test("Anthropic's own blocks, unsealed, do not reach Ollama either", async () => {
  const message = {
    role: 'assistant',
    content: 'x',
    thinking_blocks: [{ type: 'thinking', thinking: 'hm', signature: 'signature-of-claude' }],
  };
  const { text, dropped } = await prepared(ollamaChat, 'ollama/llama3.2', {
    model: 'm',
    messages: [{ role: 'user', content: 'q' }, message],
  });
  expect(text).not.toMatch(/thinking_blocks|-of-claude/);
  expect(dropped.map(({ what }) => what)).toEqual(['anthropic:signature']);
});
