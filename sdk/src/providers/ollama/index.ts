import type { Provider } from '../../types/index.ts';

/** Ollama's native API. A key is only for its hosted models and for servers behind a proxy. */
export const ollama: Provider = {
  id: 'ollama',
  label: 'Ollama',
  baseUrl: 'http://127.0.0.1:11434',
  baseUrlEnv: ['OLLAMA_API_BASE', 'OLLAMA_BASE_URL'],
  // Pasted from OpenAI-compatible clients, or with one of its other endpoints.
  baseUrlRules: { strip: ['/v1/chat/completions', '/v1', '/api/generate', '/api'] },
  auth: { kind: 'bearer' },
  keyOptional: true,
  keyEnv: ['OLLAMA_API_KEY'],
  speaks: {
    chat: { protocol: 'ollama-chat', path: '/api/chat' },
    completions: { protocol: 'ollama-generate', path: '/api/generate' },
    embeddings: { protocol: 'ollama-embeddings', path: '/api/embed' },
  },
  source: 'https://docs.ollama.com/api, 2026-11-21',
};
