import { openaiChatEndpoints, openaiFamily } from '../../catalog/index.ts';
import type { Provider, Target } from '../../types/index.ts';
import { bearer, missingKey, textOption, type CredentialRequest } from '../credentials.ts';
import { everyMedia, everyResource, openaiFormats } from '../speaks.ts';

const baseUrl = 'https://api.openai.com/v1';

/** `openai/...` with a base URL of one's own is how any compatible server is written: there a key is no must. */
const headers = (target: Target, { headers: given }: CredentialRequest): Record<string, string> => {
  const { provider, apiKey } = target;
  if (!apiKey && (target.baseUrl === undefined || target.baseUrl === baseUrl)) throw missingKey(provider);
  return { ...(apiKey && bearer(apiKey, provider)), ...fromOptions(target, given) };
};

/** Unless a header says otherwise already. */
const fromOptions = (target: Target, given: CredentialRequest['headers']): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const name of ['organization', 'project']) {
    const value = textOption(target, name);
    if (value !== undefined && given?.[`openai-${name}`] === undefined) headers[`openai-${name}`] = value;
  }
  return headers;
};

export const openai: Provider = {
  id: 'openai',
  label: 'OpenAI',
  baseUrl,
  baseUrlEnv: ['OPENAI_BASE_URL', 'OPENAI_API_BASE'],
  baseUrlRules: { append: '/v1' },
  auth: { kind: 'custom', headers },
  keyEnv: ['OPENAI_API_KEY'],
  // https://platform.openai.com/docs/guides/realtime-websocket, 2026-11-22
  realtime: { protocol: 'openai', path: '/realtime' },
  optionsEnv: { organization: ['OPENAI_ORGANIZATION', 'OPENAI_ORG_ID'], project: ['OPENAI_PROJECT_ID'] },
  speaks: {
    ...openaiFormats('chat', 'completions', 'responses', 'embeddings'),
    // https://platform.openai.com/docs/api-reference/responses/input-tokens, 2026-11-21. Azure's specifications have no such call.
    'count-tokens': { protocol: 'openai-responses', path: '/responses/input_tokens' },
  },
  operations: everyMedia(),
  resources: everyResource(),
  chatOrder: ['chat', 'responses', 'completions'],
  chatEndpoints: openaiChatEndpoints,
  traits: openaiFamily,
  quirks: { promptCacheRetention: true, tokenIds: true, reasoningField: 'none' },
  source: 'https://platform.openai.com/docs/api-reference, 2026-11-21',
};
