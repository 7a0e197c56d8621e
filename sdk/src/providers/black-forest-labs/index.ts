import type { Provider } from '../../types/index.ts';
import { lazily } from '../lazily.ts';
import { bflHosts } from './place.ts';

/** The makers of FLUX. Jobs are looked at where their answers say, on hosts of the region that took them. */
export const blackForestLabs: Provider = {
  id: 'black_forest_labs',
  label: 'Black Forest Labs',
  baseUrl: 'https://api.bfl.ai',
  baseUrlEnv: ['BFL_API_BASE'],
  baseUrlRules: { strip: ['/v1'] },
  auth: { kind: 'header', name: 'x-key' },
  keyEnv: ['BFL_API_KEY', 'BLACK_FOREST_LABS_API_KEY'],
  hosts: bflHosts,
  speaks: {},
  operations: {
    'image-generation': lazily(() => import('./images.ts').then(({ bflGeneration }) => bflGeneration)),
    'image-edit': lazily(() => import('./images.ts').then(({ bflEdit }) => bflEdit)),
  },
  source: 'https://docs.bfl.ai/quick_start/generating_images, 2026-11-22',
};
