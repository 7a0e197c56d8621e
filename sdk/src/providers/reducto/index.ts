import type { Provider } from '../../types/index.ts';
import { lazily } from '../lazily.ts';

export const reducto: Provider = {
  id: 'reducto',
  label: 'Reducto',
  baseUrl: 'https://platform.reducto.ai',
  baseUrlEnv: ['REDUCTO_API_BASE'],
  baseUrlRules: { strip: ['/parse'] },
  auth: { kind: 'bearer' },
  keyEnv: ['REDUCTO_API_KEY'],
  speaks: {},
  operations: { ocr: lazily(() => import('./ocr.ts').then(({ reductoOcr }) => reductoOcr)) },
  source: 'https://docs.reducto.ai/api-reference/parse, 2026-11-22',
};
