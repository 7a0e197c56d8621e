import { cohereTraits } from '../../catalog/index.ts';
import type { Provider } from '../../types/index.ts';
import { lazily } from '../lazily.ts';

/** Cohere's own API in its second version. */
export const cohere: Provider = {
  id: 'cohere',
  label: 'Cohere',
  baseUrl: 'https://api.cohere.com',
  baseUrlEnv: ['COHERE_API_BASE', 'CO_API_URL'],
  // Pasted from its first version, or from its OpenAI-compatible layer.
  baseUrlRules: {
    strip: ['/v1/chat', '/v1/embed', '/v1/rerank', '/v2/parse', '/v1', '/v2', '/chat/completions', '/embeddings', '/compatibility'],
  },
  auth: { kind: 'bearer' },
  keyEnv: ['COHERE_API_KEY', 'CO_API_KEY'],
  speaks: {
    chat: { protocol: 'cohere-chat', path: '/v2/chat' },
    embeddings: { protocol: 'cohere-embeddings', path: '/v2/embed' },
    rerank: { protocol: 'cohere-rerank', path: '/v2/rerank' },
  },
  operations: { ocr: lazily(() => import('./ocr.ts').then(({ cohereOcr }) => cohereOcr)) },
  traits: cohereTraits,
  source: 'https://docs.cohere.com/v2/reference/about, 2026-11-22',
};
