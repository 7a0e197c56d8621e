import type { Provider, Secret } from '../../types/index.ts';
import { headerText, missingKey } from '../credentials.ts';
import { lazily } from '../lazily.ts';
import { queueHost } from './place.ts';

/** Models of many makers, each at an address of its own: `fal_ai/fal-ai/flux/schnell`. */
export const falAi: Provider = {
  id: 'fal_ai',
  label: 'fal',
  baseUrl: 'https://fal.run',
  baseUrlEnv: ['FAL_AI_API_BASE'],
  auth: {
    kind: 'custom',
    headers({ apiKey, provider }) {
      if (!apiKey) throw missingKey(provider);
      return keyHeader(apiKey, provider);
    },
  },
  keyEnv: ['FAL_AI_API_KEY', 'FAL_KEY'],
  hosts: [queueHost],
  speaks: {},
  operations: {
    'image-generation': lazily(() => import('./images.ts').then(({ falGeneration }) => falGeneration)),
    'image-edit': lazily(() => import('./images.ts').then(({ falEdit }) => falEdit)),
    'video-create': lazily(() => import('./video.ts').then(({ falVideo }) => falVideo['video-create'])),
    'video-retrieve': lazily(() => import('./video.ts').then(({ falVideo }) => falVideo['video-retrieve'])),
    'video-content': lazily(() => import('./video.ts').then(({ falVideo }) => falVideo['video-content'])),
  },
  source: 'https://fal.ai/docs/model-endpoints/synchronous-requests, 2026-11-22',
};

const keyHeader = (key: Secret, provider: Provider): Record<string, string> => ({ authorization: `Key ${headerText(key, provider)}` });
