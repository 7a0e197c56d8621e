import type { Provider } from '../../types/index.ts';
import { lazily } from '../lazily.ts';

/** LMNT: text to speech. */
export const lmnt: Provider = {
  id: 'lmnt',
  label: 'LMNT',
  baseUrl: 'https://api.lmnt.com',
  baseUrlEnv: ['LMNT_API_BASE'],
  baseUrlRules: { strip: ['/v1'] },
  auth: { kind: 'header', name: 'x-api-key' },
  keyEnv: ['LMNT_API_KEY'],
  headers: { 'lmnt-version': '1.1' },
  speaks: {},
  operations: { speech: lazily(() => import('./speech.ts').then(({ speech }) => speech)) },
  source: 'https://docs.lmnt.com/api-reference/speech/synthesize-speech-bytes, 2026-11-22',
};
