import type { TemplateName } from '../shared/prompts/templates.ts';

/**
 * The template that a model of Hugging Face's wants, by its name there (`hf_model_name`), else by the endpoint's. In
 * order: the first that matches. A model that is not known gets the turns as plain text.
 */
const byName: readonly (readonly [RegExp, TemplateName])[] = [
  [/deepseek.*r1/, 'deepseek-r1'],
  [/llama-?2.*chat|llama-2-\d+b-chat/, 'llama2'],
  [/llama-?3/, 'llama3'],
  [/llama-?4/, 'llama4'],
  [/mistral|mixtral|codestral/, 'mistral'],
  [/zephyr/, 'zephyr'],
  [/gemma/, 'gemma'],
  [/phi-?[34]/, 'phi3'],
  [/qwen|chatml|hermes|yi-.*chat|smollm/, 'chatml'],
];

export const templateOf = (name: string): TemplateName => {
  const lower = name.toLowerCase();
  return byName.find(([pattern]) => pattern.test(lower))?.[1] ?? 'plain';
};
