import type { Provider } from '../../types/index.ts';
import { lazily } from '../lazily.ts';

/** Hume: text to speech. */
export const hume: Provider = {
  id: 'hume',
  label: 'Hume',
  baseUrl: 'https://api.hume.ai',
  baseUrlEnv: ['HUME_API_BASE'],
  baseUrlRules: { strip: ['/v0'] },
  auth: { kind: 'header', name: 'x-hume-api-key' },
  keyEnv: ['HUME_API_KEY'],
  speaks: {},
  operations: { speech: lazily(() => import('./speech.ts').then(({ speech }) => speech)) },
  source: 'https://dev.hume.ai/reference/text-to-speech-tts/synthesize-file, 2026-11-22',
};
