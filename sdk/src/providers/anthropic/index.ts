import { claudeTraits } from '../../catalog/index.ts';
import type { Provider, Target } from '../../types/index.ts';
import { bearer, headerText, missingKey, secretOption, type CredentialRequest } from '../credentials.ts';

/** Tokens of a Claude subscription look so; they go where a key does not, and need a beta of their own. */
const oauthPrefix = 'sk-ant-oat';
const oauthBeta = 'oauth-2025-04-20';

const headers = (target: Target, request: CredentialRequest): Record<string, string> => {
  const { provider, apiKey } = target;
  if (apiKey) {
    if (!apiKey.reveal().startsWith(oauthPrefix)) return { 'x-api-key': headerText(apiKey, provider) };
    const given = request.headers?.['anthropic-beta'];
    const betas = new Set([...(given?.split(',').map((each) => each.trim()) ?? []), oauthBeta]);
    return { ...bearer(apiKey, provider), 'anthropic-beta': [...betas].join(',') };
  }
  const token = secretOption(target, 'auth_token');
  if (token) return bearer(token, provider);
  throw missingKey(provider, ', or set ANTHROPIC_AUTH_TOKEN for a gateway that takes bearer tokens');
};

export const anthropic: Provider = {
  id: 'anthropic',
  label: 'Anthropic',
  baseUrl: 'https://api.anthropic.com',
  baseUrlEnv: ['ANTHROPIC_API_BASE', 'ANTHROPIC_BASE_URL'],
  baseUrlRules: { strip: ['/v1'] },
  auth: { kind: 'custom', headers },
  keyEnv: ['ANTHROPIC_API_KEY'],
  optionsEnv: { auth_token: ['ANTHROPIC_AUTH_TOKEN'] },
  credentialOptions: ['auth_token'],
  speaks: {
    messages: { protocol: 'anthropic-messages', path: '/v1/messages' },
    'count-tokens': { protocol: 'anthropic-messages', path: '/v1/messages/count_tokens' },
  },
  // https://platform.claude.com/docs/en/api/creating-message-batches and /files-create, 2026-11-22.
  resources: {
    message_batches: { path: '/v1/messages/batches' },
    anthropic_files: { path: '/v1/files' },
    // https://platform.claude.com/docs/en/api/skills/create-skill, 2026-11-22
    skills: { path: '/v1/skills' },
    batches: () => import('./resources.ts').then(({ openaiBatches }) => openaiBatches),
    files: () => import('./resources.ts').then(({ openaiFiles }) => openaiFiles),
  },
  errors: 'anthropic-messages',
  chatOrder: ['messages'],
  headers: { 'anthropic-version': '2023-06-01' },
  traits: claudeTraits,
  source: 'https://platform.claude.com/docs/en/api/overview, 2026-11-21',
};
