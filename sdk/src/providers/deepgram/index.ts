import type { Provider } from '../../types/index.ts';
import { headerText, missingKey } from '../credentials.ts';
import { lazily } from '../lazily.ts';

/** Deepgram: speech to text, and text to speech. */
export const deepgram: Provider = {
  id: 'deepgram',
  label: 'Deepgram',
  baseUrl: 'https://api.deepgram.com',
  baseUrlEnv: ['DEEPGRAM_API_BASE'],
  baseUrlRules: { strip: ['/v1', '/listen', '/speak'] },
  auth: {
    kind: 'custom',
    headers({ apiKey, provider }) {
      if (!apiKey) throw missingKey(provider);
      return { authorization: `Token ${headerText(apiKey, provider)}` };
    },
  },
  keyEnv: ['DEEPGRAM_API_KEY'],
  speaks: {},
  operations: {
    transcription: lazily(() => import('./transcription.ts').then(({ transcription }) => transcription)),
    speech: lazily(() => import('./speech.ts').then(({ speech }) => speech)),
  },
  source: 'https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded, 2026-11-22',
};
