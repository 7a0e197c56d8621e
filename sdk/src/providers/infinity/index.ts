import type { Provider } from '../../types/index.ts';

/** michaelfeil/infinity: a server of one's own, whose paths have no version unless it was started with a prefix. */
export const infinity: Provider = Object.freeze({
  id: 'infinity',
  label: 'Infinity',
  baseUrlEnv: ['INFINITY_API_BASE'],
  auth: { kind: 'bearer' },
  keyOptional: true,
  keyEnv: ['INFINITY_API_KEY'],
  speaks: { embeddings: { protocol: 'openai-embeddings', path: '/embeddings' }, rerank: { protocol: 'jina-rerank', path: '/rerank' } },
  source: 'https://github.com/michaelfeil/infinity, 2026-11-22',
} satisfies Provider);
