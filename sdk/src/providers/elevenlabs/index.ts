import type { Provider } from '../../types/index.ts';
import { lazily } from '../lazily.ts';

/** ElevenLabs: text to speech, and speech to text. */
export const elevenlabs: Provider = {
  id: 'elevenlabs',
  label: 'ElevenLabs',
  baseUrl: 'https://api.elevenlabs.io',
  baseUrlEnv: ['ELEVENLABS_API_BASE'],
  baseUrlRules: { strip: ['/v1', '/speech-to-text', '/text-to-speech'] },
  auth: { kind: 'header', name: 'xi-api-key' },
  keyEnv: ['ELEVENLABS_API_KEY'],
  speaks: {},
  operations: {
    transcription: lazily(() => import('./transcription.ts').then(({ transcription }) => transcription)),
    speech: lazily(() => import('./speech.ts').then(({ speech }) => speech)),
  },
  source: 'https://elevenlabs.io/docs/api-reference/text-to-speech/convert, 2026-11-22',
};
