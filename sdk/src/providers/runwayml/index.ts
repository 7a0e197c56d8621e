import type { Provider } from '../../types/index.ts';
import { lazily } from '../lazily.ts';

/** Runway: videos, images and speech, each of them a task that is awaited. */
export const runwayml: Provider = {
  id: 'runwayml',
  label: 'Runway',
  baseUrl: 'https://api.dev.runwayml.com',
  baseUrlEnv: ['RUNWAYML_API_BASE', 'RUNWAYML_BASE_URL'],
  baseUrlRules: { strip: ['/v1'] },
  auth: { kind: 'bearer' },
  keyEnv: ['RUNWAYML_API_SECRET', 'RUNWAYML_API_KEY'],
  headers: { 'x-runway-version': '2024-11-06' },
  speaks: {},
  operations: {
    'image-generation': lazily(() => import('./image.ts').then(({ imageGeneration }) => imageGeneration)),
    'image-edit': lazily(() => import('./image.ts').then(({ imageEdit }) => imageEdit)),
    speech: lazily(() => import('./speech.ts').then(({ speech }) => speech)),
    'video-create': lazily(() => import('./video.ts').then(({ videoCreate }) => videoCreate)),
    'video-retrieve': lazily(() => import('./video.ts').then(({ videoRetrieve }) => videoRetrieve)),
    'video-content': lazily(() => import('./video.ts').then(({ videoContent }) => videoContent)),
    'video-delete': lazily(() => import('./video.ts').then(({ videoDelete }) => videoDelete)),
  },
  source: 'https://docs.dev.runwayml.com/api/, 2026-11-22',
};
