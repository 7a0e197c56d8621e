import { geminiTraits } from '../../catalog/index.ts';
import type { Provider } from '../../types/index.ts';
import { lazily } from '../lazily.ts';

const images = () =>
  import('./images.ts').then(({ googleImages }) => googleImages((method) => `/models/{model}:${method}`, { masks: false }));
const media = () => import('../google/gemini-api.ts').then(({ geminiMedia }) => geminiMedia);

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
  operations: {
    'image-generation': lazily(() => images().then((all) => all['image-generation'])),
    'image-edit': lazily(() => images().then((all) => all['image-edit'])),
    speech: lazily(() => media().then((all) => all.speech)),
    transcription: lazily(() => media().then((all) => all.transcription)),
    translation: lazily(() => media().then((all) => all.translation)),
    'video-create': lazily(() => media().then((all) => all['video-create'])),
    'video-retrieve': lazily(() => media().then((all) => all['video-retrieve'])),
    'video-content': lazily(() => media().then((all) => all['video-content'])),
  },
  resources: {
    files: () => import('./resources-files.ts').then(({ geminiFiles }) => geminiFiles),
    batches: () => import('./resources-batches.ts').then(({ geminiBatches }) => geminiBatches),
    // https://ai.google.dev/api/interactions-api, 2026-11-22
    interactions: { path: '/interactions' },
    vector_stores: () => import('./resources-stores.ts').then(({ geminiStores }) => geminiStores),
  },
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
