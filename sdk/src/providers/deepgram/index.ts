import type { Provider } from '../../types/index.ts';
import { headerText, missingKey } from '../credentials.ts';
import { speech } from './speech.ts';
import { transcription } from './transcription.ts';

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
  operations: { transcription, speech },
  source: 'https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded, 2026-11-22',
};
