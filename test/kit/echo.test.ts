import { describe, expect, test } from 'bun:test';
import { nextPlainChatRequest, nextRequest, textsIn } from './echo.ts';
import { told } from './read/samples.ts';

describe('the next turn', () => {
  const requests = {
    'openai-chat': { messages: [{ role: 'user', content: 'Go.' }] },
    'openai-responses': { input: 'Go.' },
    'anthropic-messages': { messages: [{ role: 'user', content: 'Go.' }] },
    gemini: { contents: [{ role: 'user', parts: [{ text: 'Go.' }] }] },
  } as const;

  for (const format of ['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'] as const) {
    test(`${format}: carries thought, text, call and signature, whole and streamed alike`, () => {
      const whole = textsIn(nextRequest(format, requests[format], told[format].whole, false));
      const streamed = textsIn(nextRequest(format, requests[format], told[format].stream, true));
      for (const texts of [whole, streamed]) {
        for (const wanted of ['Go.', 'Hm.', 'add', ...(format === 'openai-chat' ? [] : ['sig'])]) expect([...texts]).toContain(wanted);
        expect([...texts].some((text) => text.startsWith('H') || text === 'Hi.')).toBe(true);
      }
    });
  }

  test('an OpenAI client that drops what it does not know keeps the calls and nothing else', () => {
    const next = nextPlainChatRequest(requests['openai-chat'], told['openai-chat'].stream, true);
    expect(next['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: 'Hi.', tool_calls: [{ id: 't1', function: { name: 'add', arguments: '{"a":1}' } }] },
      { role: 'tool', tool_call_id: 't1' },
    ]);
    expect([...textsIn(next)]).not.toContain('Hm.');
  });
});
