import { expect, test } from 'bun:test';
import { compatible } from './compatible/index.ts';
import { mustRewrite } from './same-format.ts';

const quirks = (id: string) => compatible.find((each) => each.id === id)!.quirks!;

test.each([
  ['mistral', { messages: [{ role: 'user', content: 'hi' }], tool_choice: 'any', random_seed: 4, n: 2 }, false],
  ['mistral', { messages: [{ role: 'system', content: [{ type: 'text', text: 'x' }] }] }, false],
  ['mistral', { messages: [{ role: 'developer', content: 'x' }] }, true],
  ['mistral', { seed: 1 }, true],
  ['mistral', { seed: null, user: null }, false],
  ['mistral', { stream_options: { include_usage: true } }, true],
  ['mistral', { user: 'u1' }, true],
  ['mistral', { reasoning_effort: 'low' }, true],
  ['mistral', { reasoning_effort: 'high' }, false],
  ['mistral', { tools: [{ type: 'custom', custom: { name: 'c' } }] }, true],
  ['mistral', { tools: [{ type: 'function', function: { name: 'f', parameters: {} } }, null], tool_choice: { type: 'function' } }, false],
  [
    'mistral',
    {
      messages: [
        { role: 'assistant', content: 'a', reasoning_content: 't' },
        { role: 'user', content: 'q' },
      ],
    },
    true,
  ],
  ['mistral', { messages: [{ role: 'tool', tool_call_id: 'call_PTLP8xhu3uwZk4l3nlnrrJha', content: 'r' }] }, true],
  ['mistral', { messages: [{ role: 'tool', tool_call_id: 'abcDEF123', content: 'r' }] }, false],
  ['mistral', { tool_choice: { type: 'allowed_tools' } }, true],
  ['mistral', { messages: [{ role: 'user', content: [{ type: 'file', file: { file_data: 'data:,' } }] }] }, true],
  ['mistral', { messages: [{ role: 'user', content: [{ type: 'file', file_id: 'f1' }] }] }, false],
  ['mistral', { messages: [{ role: 'user', content: [{ type: 'video_url', video_url: { url: 'u' } }] }] }, true],
  ['openrouter', { messages: [{ role: 'user', content: [{ type: 'video_url', video_url: { url: 'u' } }] }] }, false],
  ['groq', { logprobs: true }, true],
  ['groq', { messages: [{ role: 'developer', content: 'x' }], n: 1 }, false],
  ['groq', { messages: [{ role: 'assistant', content: 'a', reasoning_content: 't' }] }, true],
  ['groq', { messages: [{ role: 'assistant', content: 'a', thinking_blocks: [] }] }, true],
  ['groq', { messages: [{ role: 'assistant', content: 'a', reasoning: 't', reasoning_content: null }] }, false],
  ['deepseek', { messages: [{ role: 'assistant', content: 'a', reasoning_content: 't' }] }, false],
  ['deepseek', { messages: [{ role: 'assistant', content: 'a', reasoning: 't' }] }, true],
  ['deepseek', { max_completion_tokens: 5 }, true],
  ['deepseek', { response_format: { type: 'json_schema' } }, true],
  ['deepseek', { response_format: { type: 'json_object' }, thinking: { type: 'enabled' } }, false],
])('%s %j: %p', (id, body, expected) => {
  expect(mustRewrite(body as Record<string, unknown>, quirks(id))).toBe(expected);
});

test('quirks of messages', () => {
  const messages = [{ role: 'user', content: [{ type: 'text', text: 'x' }] }, null, 'odd'];
  expect(mustRewrite({ messages }, { contentAsString: true })).toBe(true);
  expect(mustRewrite({ messages: [{ role: 'user', content: 'x' }] }, { contentAsString: true })).toBe(false);
  expect(mustRewrite({ messages: 'odd' }, { developerRole: 'system' })).toBe(false);
  expect(mustRewrite({ tool_choice: 'required' }, { toolChoiceRequired: 'any' })).toBe(true);
  expect(mustRewrite({ response_format: { type: 'json_object' } }, { structuredOutput: 'none' })).toBe(true);
  expect(mustRewrite({ response_format: null }, { structuredOutput: 'none' })).toBe(false);
});
