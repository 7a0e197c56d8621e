import { expect, test } from 'bun:test';
import type { JsonObject } from 'sluice/kit';
import { lastUserText } from './last-user-text.ts';
import { cpuMs } from '../../../test/kit/cpu.ts';

const cases: Record<string, JsonObject> = {
  'OpenAI chat': {
    messages: [
      { role: 'user', content: 'before' },
      { role: 'user', content: 'asked' },
      { role: 'assistant', content: 'no' },
    ],
  },
  'OpenAI chat, parts': {
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: {} },
          { type: 'text', text: 'asked' },
        ],
      },
    ],
  },
  completions: { prompt: 'asked' },
  'completions, several': { prompt: ['before', 'asked'] },
  Responses: { input: 'asked' },
  'Responses, items': {
    input: [
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'asked' }] },
      { type: 'function_call_output', call_id: 'c', output: 'no' },
    ],
  },
  Anthropic: {
    system: 'no',
    messages: [
      { role: 'user', content: 'asked' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'n', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'no' }] },
    ],
  },
  "an agent's reminders": {
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: '<system-reminder>no</system-reminder>' },
          { type: 'text', text: 'asked' },
        ],
      },
      { role: 'user', content: ' <system-reminder>\nno <b></system-reminder> ' },
    ],
  },
  Gemini: {
    contents: [
      { parts: [{ text: 'asked' }] },
      { role: 'model', parts: [{ functionCall: {} }] },
      { role: 'user', parts: [{ functionResponse: {} }] },
    ],
  },
  Ollama: { messages: [{ role: 'user', content: 'asked', images: ['aaaa'] }] },
  Cohere: {
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'asked' }] },
      { role: 'tool', content: 'no' },
    ],
  },
  Bedrock: { messages: [{ role: 'user', content: [{ text: 'asked' }, { toolResult: {} }] }] },
};

for (const [name, body] of Object.entries(cases)) test(name, () => expect(lastUserText(body)).toBe('asked'));

test('nothing was said', () => {
  for (const body of [{}, { messages: [] }, { messages: 'x' }, { messages: [null, 5, { role: 'user', content: 5 }] }, { input: 5 }])
    expect(lastUserText(body as JsonObject)).toBe('');
});

test('a mark that does not close is the user’s own, and many cost no more than their length', () => {
  expect(lastUserText({ prompt: 'what is <system-reminder> for' })).toBe('what is <system-reminder> for');
  const text = '<system-reminder>'.repeat(50_000);
  const start = cpuMs();
  expect(lastUserText({ prompt: text })).toBe(text);
  expect(lastUserText({ prompt: `${text}</system-reminder>x` })).toBe('x');
  expect(cpuMs() - start).toBeLessThan(500);
});
