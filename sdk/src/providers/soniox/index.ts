import type { Provider } from '../../types/index.ts';
import { transcription, translation } from './transcription.ts';

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
  operations: { transcription, translation },
  source: 'https://soniox.com/docs/stt/async/async-transcription, 2026-11-22',
};
