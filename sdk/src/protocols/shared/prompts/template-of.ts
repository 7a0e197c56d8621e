import type { TemplateName } from './templates.ts';

/** Open models by what their names have in them, wherever they are served. Read 2026-11-22 from their pages on huggingface.co. */
const byName: readonly (readonly [RegExp, TemplateName])[] = [
  [/deepseek-?r1/, 'deepseek-r1'],
  [/llama-?4/, 'llama4'],
  [/llama-?3/, 'llama3'],
  [/llama-?2|codellama/, 'llama2'],
  [/zephyr/, 'zephyr'],
  [/phi-?3/, 'phi3'],
  [/gemma/, 'gemma'],
  [/qwen|qwq|hermes|dolphin|chatml|smollm/, 'chatml'],
  [/mistral|mixtral/, 'mistral'],
];

/** How a model wants a conversation written down, as far as its name tells. */
export const templateOf = (model: string): TemplateName => {
  const name = model.toLowerCase();
  return byName.find(([pattern]) => pattern.test(name))?.[1] ?? 'plain';
};
