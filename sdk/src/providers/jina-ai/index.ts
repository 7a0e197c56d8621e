import type { Provider } from '../../types/index.ts';

export const jinaAi: Provider = Object.freeze({
  id: 'jina_ai',
  label: 'Jina AI',
  baseUrl: 'https://api.jina.ai/v1',
  baseUrlEnv: ['JINA_AI_API_BASE'],
  baseUrlRules: { append: '/v1' },
  auth: { kind: 'bearer' },
  keyEnv: ['JINA_AI_API_KEY', 'JINA_API_KEY', 'JINA_AI_TOKEN'],
  speaks: { embeddings: { protocol: 'vendor-embeddings', path: '/embeddings' }, rerank: { protocol: 'jina-rerank', path: '/rerank' } },
  quirks: { rename: { encoding_format: 'embedding_type' } },
  source: 'https://api.jina.ai/docs, 2026-11-22',
} satisfies Provider);
