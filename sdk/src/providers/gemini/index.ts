import { geminiTraits } from '../../catalog/index.ts';
import type { Provider } from '../../types/index.ts';
import { geminiMedia } from '../google/gemini-api.ts';
import { googleImages } from './images.ts';
import { geminiBatches } from './resources-batches.ts';
import { geminiFiles } from './resources-files.ts';
import { geminiStores } from './resources-stores.ts';

const livePath = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';

const besideVersion = (baseUrl: string, path: string): string => {
  const url = new URL(baseUrl);
  return url.origin + url.pathname.replace(/\/(?:v\d+\w*)?\/?$/, '') + path;
};

/** Google's Gemini API. The key goes into a header, never into the URL, where logs and proxies would see it (FP-26). */
export const gemini: Provider = {
  id: 'gemini',
  label: 'Google Gemini',
  baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  baseUrlEnv: ['GEMINI_API_BASE', 'GOOGLE_GEMINI_BASE_URL'],
  // `/openai` is Google's own OpenAI-compatible layer under the same base.
  baseUrlRules: { append: '/v1beta', strip: ['/openai', '/models'] },
  auth: { kind: 'header', name: 'x-goog-api-key' },
  keyEnv: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  speaks: {
    chat: { protocol: 'gemini', path: '/models/{model}:generateContent', streamPath: '/models/{model}:streamGenerateContent?alt=sse' },
    embeddings: { protocol: 'gemini-embeddings', path: '/models/{model}:batchEmbedContents' },
    'count-tokens': { protocol: 'gemini', path: '/models/{model}:countTokens' },
  },
  operations: { ...googleImages((method) => `/models/{model}:${method}`, { masks: false }), ...geminiMedia },
  resources: { files: geminiFiles, batches: geminiBatches, vector_stores: geminiStores },
  errors: 'gemini',
  // https://ai.google.dev/api/live, 2026-11-22. Beside the base URL's version, not below it.
  realtime: {
    protocol: 'gemini',
    path: livePath,
    url: ({ baseUrl = 'https://generativelanguage.googleapis.com' }) => besideVersion(baseUrl, livePath),
  },
  // Google writes the names of its models with the collection in front.
  resolveModel: (model) => ({ model: model.replace(/^models\//, '') }),
  traits: geminiTraits,
  source: 'https://ai.google.dev/api/generate-content, 2026-11-21',
};
