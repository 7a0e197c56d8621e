import type { Endpoint } from '../types/index.ts';

/** Other names of providers, as LiteLLM's users write them. */
export const aliases: Readonly<Record<string, { provider: string; prefer?: Endpoint }>> = {
  ai21: { provider: 'ai21_chat' },
  aiohttp_openai: { provider: 'openai' },
  azure_text: { provider: 'azure', prefer: 'completions' },
  cohere_chat: { provider: 'cohere' },
  fireworks: { provider: 'fireworks_ai' },
  ollama_chat: { provider: 'ollama' },
  'text-completion-inception': { provider: 'inception', prefer: 'completions' },
  'text-completion-openai': { provider: 'openai', prefer: 'completions' },
  together: { provider: 'together_ai' },
  vertex_ai_beta: { provider: 'vertex_ai' },
  vllm: { provider: 'hosted_vllm' },
  watsonx_text: { provider: 'watsonx', prefer: 'completions' },
};
