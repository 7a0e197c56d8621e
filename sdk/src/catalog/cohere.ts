import type { ModelTraits } from '../types/index.ts';

/* Which of Cohere's models think (https://docs.cohere.com/v2/docs/reasoning and .../docs/models, read 2026-11-22). */
const thinking = /^command-a-(?:reasoning|plus|translate-reasoning)/;
/** Those that are known not to. */
const plain = /^(?:command(?:-(?:light|nightly|r|r-plus|r7b|a|a-vision|a-translate))?(?:-\d[\w-]*|-arabic[\w-]*)?|c4ai-aya-[\w-]+)$/;

/** What is known of a model from its name; hosts put their own words before it (`cohere.command-a-03-2025`). */
export const cohereTraits = (model: string): ModelTraits => {
  const name = model.replace(/^.*[/.](?=command|c4ai)/, '');
  if (thinking.test(name)) return { reasoning: 'budget', thinkingDefault: 'on' };
  return plain.test(name) ? { reasoning: 'none' } : {};
};
