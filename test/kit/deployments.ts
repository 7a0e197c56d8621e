import type { ChatRecording } from './groups.ts';
import type { Spec } from './specs.ts';

/** An entry of `model_list`, as far as the kit writes it. */
export interface ModelEntry {
  model_name: string;
  litellm_params: { model: string; api_base: string; api_key: string; api_version?: string; drop_params?: boolean; num_retries: number };
  model_info?: { mode: string };
}

/** The gateway's names of vendors that it knows by another one; the rest are OpenAI-compatible addresses. */
const prefixes: Readonly<Record<string, string>> = {
  anthropic: 'anthropic',
  azure: 'azure',
  cerebras: 'cerebras',
  deepseek: 'deepseek',
  gemini: 'gemini',
  groq: 'groq',
  mistral: 'mistral',
  ollama: 'ollama',
  openai: 'openai',
  openrouter: 'openrouter',
  perplexity: 'perplexity',
  together: 'together_ai',
  xai: 'xai',
};

/** Anything goes: the upstream does not look. */
const apiKey = 'sk-replay';

const prefixOf = ({ recording, place }: ChatRecording): string => {
  // The old completions are spoken by OpenAI's own address only, Ollama's native format by its own.
  if (place.format === 'ollama-chat') return 'ollama';
  if (place.format === 'anthropic-messages') return 'anthropic';
  if (recording.provider === 'ollama') return 'openai';
  return prefixes[recording.provider] ?? 'openai';
};

/** The deployment of a recording: its vendor, its model, and the upstream's route in place of the vendor's address. */
export const entryOf = (chat: ChatRecording, name: string, route: string): ModelEntry => {
  const { recording, place } = chat;
  const prefix = prefixOf(chat);
  const deployment = /\/deployments\/([^/]+)/.exec(place.base)?.[1];
  const model = deployment ?? recording.model;
  const version = new URLSearchParams(place.query).get('api-version');
  const mode = place.format === 'openai-responses' ? 'responses' : place.format === 'openai-completions' ? 'completion' : undefined;
  return {
    model_name: name,
    litellm_params: {
      model: `${prefix}/${model}`,
      api_base: route + place.base,
      api_key: apiKey,
      num_retries: 0,
      ...(prefix === 'azure' && version !== null && { api_version: version }),
    },
    ...(mode && { model_info: { mode } }),
  };
};

/** A model of each API that describes itself, to send translated requests to. */
const targets: Readonly<Record<Spec, { model: string; base: string; mode?: string }>> = {
  openai: { model: 'openai/gpt-4.1', base: '/v1' },
  'openai-responses': { model: 'openai/gpt-4.1', base: '/v1', mode: 'responses' },
  anthropic: { model: 'anthropic/claude-sonnet-4-5', base: '' },
  gemini: { model: 'gemini/gemini-2.5-flash', base: '/v1beta' },
  mistral: { model: 'mistral/mistral-large-latest', base: '/v1' },
  ollama: { model: 'ollama/llama3.2', base: '' },
  openrouter: { model: 'openrouter/openai/gpt-4.1', base: '/api/v1' },
};

export const targetEntry = (spec: Spec, name: string, route: string): ModelEntry => {
  const { model, base, mode } = targets[spec];
  return {
    model_name: name,
    litellm_params: { model, api_base: `${route}${base}`, api_key: apiKey, num_retries: 0, drop_params: true },
    ...(mode && { model_info: { mode } }),
  };
};
