import type { Provider, Secret } from '../../types/index.ts';
import { headerText, missingKey } from '../credentials.ts';
import { falEdit, falGeneration } from './images.ts';
import { falVideo, queueHost } from './video.ts';

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
  operations: { 'image-generation': falGeneration, 'image-edit': falEdit, ...falVideo },
  source: 'https://fal.ai/docs/model-endpoints/synchronous-requests, 2026-11-22',
};

const keyHeader = (key: Secret, provider: Provider): Record<string, string> => ({ authorization: `Key ${headerText(key, provider)}` });
