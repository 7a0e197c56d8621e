import type { Provider } from '../../types/index.ts';
import { openaiFormats } from '../speaks.ts';

/**
 * A model's name as its address, which is what the API wants: `user/app/models/id`, `user/app/id` or LiteLLM's
 * `user.app.id`. An address, and what is neither, stays as it is.
 */
export const modelUrl = (name: string): string => {
  if (/^https?:\/\//i.test(name)) return name;
  const [, user, app, model] = /^([^/.]+)\/([^/.]+)\/(?:models\/)?([^/]+)$/.exec(name) ?? /^([^/.]+)\.([^/.]+)\.([^/]+)$/.exec(name) ?? [];
  return model === undefined ? name : `https://clarifai.com/${user}/${app}/models/${model}`;
};

export const clarifai: Provider = Object.freeze({
  id: 'clarifai',
  label: 'Clarifai',
  baseUrl: 'https://api.clarifai.com/v2/ext/openai/v1',
  baseUrlEnv: ['CLARIFAI_API_BASE'],
  baseUrlRules: { append: '/v2/ext/openai/v1' },
  auth: { kind: 'bearer' },
  keyEnv: ['CLARIFAI_API_KEY', 'CLARIFAI_PAT'],
  speaks: openaiFormats('chat', 'embeddings'),
  quirks: { lacks: ['allowed_tools', 'custom_tools'], developerRole: 'system', reasoningField: 'reasoning_content' },
  resolveModel: (model) => ({ model: modelUrl(model) }),
  source: 'https://docs.clarifai.com/compute/providers, 2026-11-22',
} satisfies Provider);
