import type { Provider } from '../../types/index.ts';
import { lazily } from '../lazily.ts';
import { openaiFormats } from '../speaks.ts';
import { speechHosts } from './place.ts';

/** AssemblyAI: speech to text, and its gateway to other vendors' models, which speaks OpenAI's format on a host of its own. */
export const assemblyai: Provider = {
  id: 'assemblyai',
  label: 'AssemblyAI',
  baseUrl: 'https://llm-gateway.assemblyai.com/v1',
  baseUrlEnv: ['ASSEMBLYAI_API_BASE'],
  baseUrlRules: { append: '/v1', strip: ['/v2', '/upload', '/transcript'] },
  hosts: speechHosts,
  // The rest of its API, beside the gateway of models.
  relay: { baseUrl: 'https://api.assemblyai.com' },
  // The key alone, without a scheme.
  auth: { kind: 'header', name: 'authorization' },
  keyEnv: ['ASSEMBLYAI_API_KEY'],
  speaks: openaiFormats('chat'),
  quirks: { lacks: ['allowed_tools', 'custom_tools'], developerRole: 'system' },
  operations: { transcription: lazily(() => import('./transcription.ts').then(({ transcription }) => transcription)) },
  source: 'https://www.assemblyai.com/docs/llm-gateway/chat-completions, 2026-11-22',
};
