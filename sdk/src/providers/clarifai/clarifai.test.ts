import { expect, test } from 'bun:test';
import { modelUrl } from './index.ts';

const url = 'https://clarifai.com/openai/chat-completion/models/gpt-4o';
test.each([
  ['openai.chat-completion.gpt-4o', url],
  ['openai/chat-completion/models/gpt-4o', url],
  ['openai/chat-completion/gpt-4o', url],
  [url, url],
  ['deepseek-ai.deepseek-chat.DeepSeek-R1-0528', 'https://clarifai.com/deepseek-ai/deepseek-chat/models/DeepSeek-R1-0528'],
  ['meta.app.Llama-3.3-70B', 'https://clarifai.com/meta/app/models/Llama-3.3-70B'],
  ['gpt-4o', 'gpt-4o'],
])('%s', (name, expected) => expect(modelUrl(name)).toBe(expected));
