import type { Provider } from '../../types/index.ts';
import { lazily } from '../lazily.ts';

export const topaz: Provider = {
  id: 'topaz',
  label: 'Topaz Labs',
  baseUrl: 'https://api.topazlabs.com',
  baseUrlEnv: ['TOPAZ_API_BASE'],
  baseUrlRules: { strip: ['/image/v1/enhance', '/image/v1'] },
  auth: { kind: 'header', name: 'x-api-key' },
  keyEnv: ['TOPAZ_API_KEY'],
  speaks: {},
  operations: { 'image-variation': lazily(() => import('./images.ts').then(({ topazVariation }) => topazVariation)) },
  source: 'https://developer.topazlabs.com/image-api/introduction, 2026-11-22',
};
