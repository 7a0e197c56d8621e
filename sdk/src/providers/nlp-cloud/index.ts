import type { Provider } from '../../types/index.ts';
import { headerText, missingKey } from '../credentials.ts';

/** Its text models run on GPUs, which the address says; smaller ones are reached with an address (api_base) that does not. */
export const nlpCloud: Provider = Object.freeze({
  id: 'nlp_cloud',
  label: 'NLP Cloud',
  baseUrl: 'https://api.nlpcloud.io/v1/gpu',
  baseUrlEnv: ['NLP_CLOUD_API_BASE'],
  baseUrlRules: { append: '/v1/gpu' },
  auth: {
    kind: 'custom',
    headers({ apiKey, provider }) {
      if (!apiKey) throw missingKey(provider);
      return { authorization: `Token ${headerText(apiKey, provider)}` };
    },
  },
  keyEnv: ['NLP_CLOUD_API_KEY'],
  speaks: {
    chat: { protocol: 'nlp-cloud-generation', path: '/{model}/generation' },
    embeddings: { protocol: 'nlp-cloud-embeddings', path: '/{model}/embeddings' },
  },
  source: 'https://docs.nlpcloud.com, 2026-11-22',
} satisfies Provider);
