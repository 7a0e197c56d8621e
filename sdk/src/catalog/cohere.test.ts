import { expect, test } from 'bun:test';
import { cohereTraits } from './cohere.ts';
import { providerOfName } from './names.ts';

test.each([
  ['command-a-reasoning-08-2025', 'budget'],
  ['command-a-plus-05-2026', 'budget'],
  ['command-a-03-2025', 'none'],
  ['command-a-vision-07-2025', 'none'],
  ['command-r', 'none'],
  ['command-r-plus-08-2024', 'none'],
  ['command-r7b-12-2024', 'none'],
  ['command-r7b-arabic-02-2025', 'none'],
  ['c4ai-aya-expanse-32b', 'none'],
  ['cohere.command-r-plus-v1', undefined],
  ['command-b-reasoner', undefined],
  ['my-finetune', undefined],
] as const)('%s thinks: %s', (model, reasoning) => {
  expect(cohereTraits(model).reasoning).toBe(reasoning);
});

test.each([
  ['command-a-03-2025', 'cohere'],
  ['c4ai-aya-vision-8b', 'cohere'],
  ['embed-v4.0', 'cohere'],
  ['embed-multilingual-light-v3.0', 'cohere'],
  ['rerank-v3.5', 'cohere'],
  ['rerank-english-v3.0', 'cohere'],
  ['rerank-v5.0-pro', 'cohere'],
  // Voyage's.
  ['rerank-2.5-lite', 'voyage'],
  ['rerank-lite-1', undefined],
] as const)('%s is of %s', (model, provider) => {
  expect(providerOfName(model)).toBe(provider);
});
