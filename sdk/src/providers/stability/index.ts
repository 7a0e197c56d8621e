import type { Provider } from '../../types/index.ts';
import { lazily } from '../lazily.ts';

export const stability: Provider = {
  id: 'stability',
  label: 'Stability AI',
  baseUrl: 'https://api.stability.ai',
  baseUrlEnv: ['STABILITY_API_BASE'],
  baseUrlRules: { strip: ['/v2beta'] },
  auth: { kind: 'bearer' },
  keyEnv: ['STABILITY_API_KEY'],
  speaks: {},
  operations: {
    'image-generation': lazily(() => import('./images.ts').then(({ stabilityGeneration }) => stabilityGeneration)),
    'image-edit': lazily(() => import('./images.ts').then(({ stabilityEdit }) => stabilityEdit)),
  },
  source: 'https://platform.stability.ai/docs/api-reference, 2026-11-22',
};
