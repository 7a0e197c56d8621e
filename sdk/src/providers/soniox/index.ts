import type { Provider } from '../../types/index.ts';
import { lazily } from '../lazily.ts';

/** Soniox: speech to text, and to English text. */
export const soniox: Provider = {
  id: 'soniox',
  label: 'Soniox',
  baseUrl: 'https://api.soniox.com',
  baseUrlEnv: ['SONIOX_API_BASE'],
  baseUrlRules: { strip: ['/v1', '/transcriptions', '/files'] },
  auth: { kind: 'bearer' },
  keyEnv: ['SONIOX_API_KEY'],
  speaks: {},
  operations: {
    transcription: lazily(() => import('./transcription.ts').then(({ transcription }) => transcription)),
    translation: lazily(() => import('./transcription.ts').then(({ translation }) => translation)),
  },
  source: 'https://soniox.com/docs/stt/async/async-transcription, 2026-11-22',
};
