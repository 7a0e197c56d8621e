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
  [{ type: 'message' }, undefined],
  [{}, undefined],
])('%j', (body, id) => expect(recognise(body)).toBe(id));
