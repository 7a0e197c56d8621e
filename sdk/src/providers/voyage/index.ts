import type { Provider } from '../../types/index.ts';
import { openaiResources } from '../speaks.ts';

const common = {
  id: 'voyage',
  label: 'Voyage AI',
  baseUrl: 'https://api.voyageai.com/v1',
  baseUrlEnv: ['VOYAGE_API_BASE'],
  baseUrlRules: { append: '/v1' },
  auth: { kind: 'bearer' },
  keyEnv: ['VOYAGE_API_KEY', 'VOYAGE_AI_API_KEY', 'VOYAGE_AI_TOKEN'],
  // https://docs.voyageai.com/docs/batch-inference, 2026-11-22: its input files have no models and endpoints, which a batch says in `request_params`.
  resources: openaiResources('files', 'batches'),
  quirks: { rename: { dimensions: 'output_dimension', top_n: 'top_k' } },
  variant: ({ model }) => (model.includes('multimodal') ? multimodal : voyage),
  source: 'https://docs.voyageai.com/reference/embeddings-api, 2026-11-22',
} as const satisfies Partial<Provider>;

const rerank = { protocol: 'jina-rerank', path: '/rerank' };

export const voyage: Provider = Object.freeze({
  ...common,
  speaks: { embeddings: { protocol: 'vendor-embeddings', path: '/embeddings' }, rerank },
} satisfies Provider);

/** Models that take images beside texts have a path and a format of their own. */
const multimodal: Provider = Object.freeze({
  ...common,
  speaks: { embeddings: { protocol: 'voyage-multimodal-embeddings', path: '/multimodalembeddings' }, rerank },
} satisfies Provider);
