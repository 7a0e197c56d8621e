import type { Provider } from '../../types/index.ts';
import { lazily } from '../lazily.ts';

/** Rev AI: speech to text. */
export const revai: Provider = {
  id: 'revai',
  label: 'Rev AI',
  baseUrl: 'https://api.rev.ai',
  baseUrlEnv: ['REVAI_API_BASE'],
  baseUrlRules: { strip: ['/speechtotext/v1'] },
  auth: { kind: 'bearer' },
  keyEnv: ['REVAI_API_KEY'],
  speaks: {},
  operations: { transcription: lazily(() => import('./transcription.ts').then(({ transcription }) => transcription)) },
  source: 'https://docs.rev.ai/api/asynchronous/reference, 2026-11-22',
};
