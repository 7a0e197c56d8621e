import type { Provider } from '../../types/index.ts';
import { lazily } from '../lazily.ts';

/** OpenAI's format for new images, forms of its own for others. */
export const recraft: Provider = {
  id: 'recraft',
  label: 'Recraft',
  baseUrl: 'https://external.api.recraft.ai/v1',
  baseUrlEnv: ['RECRAFT_API_BASE'],
  baseUrlRules: { append: '/v1', strip: ['/images/generations', '/images'] },
  auth: { kind: 'bearer' },
  keyEnv: ['RECRAFT_API_KEY'],
  speaks: {},
  operations: {
    'image-generation': { protocol: 'openai-images', path: '/images/generations' },
    'image-edit': lazily(() => import('./images.ts').then(({ recraftEdit }) => recraftEdit)),
    'image-variation': lazily(() => import('./images.ts').then(({ recraftVariation }) => recraftVariation)),
  },
  source: 'https://www.recraft.ai/docs/api-reference/endpoints, 2026-11-22',
};
