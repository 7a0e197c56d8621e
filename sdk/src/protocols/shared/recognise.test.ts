import { expect, test } from 'bun:test';
import { recognise } from './recognise.ts';

test.each([
  [{ object: 'chat.completion' }, 'openai-chat'],
  [{ object: 'chat.completion.chunk' }, 'openai-chat'],
  [{ object: 'text_completion' }, 'openai-completions'],
  [{ object: 'response' }, 'openai-responses'],
  [{ type: 'response.created' }, 'openai-responses'],
  [{ choices: [{ message: { content: 'a' } }] }, 'openai-chat'],
  [{ object: '', choices: [{ delta: {} }] }, 'openai-chat'],
  [{ choices: [{ text: '' }] }, 'openai-completions'],
  [{ choices: [] }, undefined],
  [{ type: 'message' }, 'anthropic-messages'],
  [{ type: 'message_start' }, 'anthropic-messages'],
  [{ output: { message: { role: 'assistant' } } }, 'bedrock-converse'],
  [{ role: 'assistant', p: 'abc' }, 'bedrock-converse'],
  [{ type: 'ping' }, undefined],
  [{}, undefined],
])('%j', (body, id) => expect(recognise(body)).toBe(id));
