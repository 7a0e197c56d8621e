import type { Provider } from '../../types/index.ts';
import { imageEdit, imageGeneration } from './image.ts';
import { speech } from './speech.ts';
import { videoContent, videoCreate, videoDelete, videoRetrieve } from './video.ts';

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
    'image-generation': imageGeneration,
    'image-edit': imageEdit,
    speech,
    'video-create': videoCreate,
    'video-retrieve': videoRetrieve,
    'video-content': videoContent,
    'video-delete': videoDelete,
  },
  source: 'https://docs.dev.runwayml.com/api/, 2026-11-22',
};
