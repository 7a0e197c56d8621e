import type { Provider } from '../../types/index.ts';
import { lazily } from '../lazily.ts';

/** Gladia: speech to text. */
export const gladia: Provider = {
  id: 'gladia',
  label: 'Gladia',
  baseUrl: 'https://api.gladia.io',
  baseUrlEnv: ['GLADIA_API_BASE'],
  baseUrlRules: { strip: ['/v2'] },
  auth: { kind: 'header', name: 'x-gladia-key' },
  keyEnv: ['GLADIA_API_KEY'],
  speaks: {},
  operations: { transcription: lazily(() => import('./transcription.ts').then(({ transcription }) => transcription)) },
  source: 'https://docs.gladia.io/api-reference/v2/pre-recorded/init, 2026-11-22',
};
