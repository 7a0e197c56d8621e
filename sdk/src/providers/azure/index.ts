import { openaiChatEndpoints, openaiTraits } from '../../catalog/index.ts';
import type { ModelTraits, Provider, Secret, Target } from '../../types/index.ts';
import { bearer, headerText, missingKey, secretOption, textOption } from '../credentials.ts';
import { openaiFormats } from '../speaks.ts';
import { createEntraTokens, type EntraTokens, type TokenFetch } from './entra.ts';
import { azureUrl, defaultApiVersion } from './url.ts';

export interface AzureOptions {
  fetch?: TokenFetch;
  now?: () => number;
}

const defaultScope = 'https://cognitiveservices.azure.com/.default';
const defaultAuthority = 'https://login.microsoftonline.com';

/** The first credential that is there: key, token, client credentials. */
const headersWith =
  (tokens: EntraTokens) =>
  (target: Target): Promise<Record<string, string>> | Record<string, string> => {
    const { provider, apiKey } = target;
    if (apiKey) return { 'api-key': headerText(apiKey, provider) };
    const token = secretOption(target, 'azure_ad_token');
    if (token) return bearer(token, provider);
    const tenantId = textOption(target, 'tenant_id');
    const clientId = textOption(target, 'client_id');
    const clientSecret = secretOption(target, 'client_secret');
    if (tenantId && clientId && clientSecret) return withClient(tokens, target, { tenantId, clientId, clientSecret });
    throw missingKey(
      provider,
      ', or a token (AZURE_AD_TOKEN, azure_ad_token), or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET',
    );
  };

const withClient = async (
  tokens: EntraTokens,
  target: Target,
  client: { tenantId: string; clientId: string; clientSecret: Secret },
): Promise<Record<string, string>> => {
  const scope = textOption(target, 'azure_scope') ?? defaultScope;
  const authority = textOption(target, 'azure_authority') ?? defaultAuthority;
  return { authorization: `Bearer ${await tokens.get({ ...client, scope, authority })}` };
};

/** LiteLLM's way to say what is behind a deployment whose name does not. */
const series: Readonly<Record<string, ModelTraits>> = { o_series: openaiTraits('o3'), gpt5_series: openaiTraits('gpt-5') };

/** Azure OpenAI. Holds the Entra tokens of its targets, so a program makes one. */
export const createAzure = ({ fetch = (url, init) => globalThis.fetch(url, init), now = Date.now }: AzureOptions = {}): Provider => ({
  id: 'azure',
  label: 'Azure OpenAI',
  baseUrlEnv: ['AZURE_API_BASE', 'AZURE_OPENAI_ENDPOINT'],
  auth: { kind: 'custom', headers: headersWith(createEntraTokens({ fetch, now })) },
  keyEnv: ['AZURE_API_KEY', 'AZURE_OPENAI_API_KEY'],
  optionsEnv: {
    azure_ad_token: ['AZURE_AD_TOKEN', 'AZURE_OPENAI_AD_TOKEN'],
    tenant_id: ['AZURE_TENANT_ID'],
    client_id: ['AZURE_CLIENT_ID'],
    client_secret: ['AZURE_CLIENT_SECRET'],
    azure_authority: ['AZURE_AUTHORITY_HOST'],
    azure_scope: ['AZURE_SCOPE'],
  },
  credentialOptions: ['azure_ad_token', 'client_secret'],
  apiVersion: defaultApiVersion,
  apiVersionEnv: ['AZURE_API_VERSION', 'OPENAI_API_VERSION'],
  speaks: openaiFormats('chat', 'completions', 'responses', 'embeddings'),
  chatOrder: ['chat', 'responses', 'completions'],
  chatEndpoints: openaiChatEndpoints,
  resolveModel(model) {
    const [first = '', ...rest] = model.split('/');
    const traits = rest.length > 0 ? series[first] : undefined;
    return traits ? { model: rest.join('/'), traits } : { model };
  },
  traits: openaiTraits,
  url: azureUrl,
  source: 'https://learn.microsoft.com/azure/foundry/openai/api-version-lifecycle, 2026-11-21',
});
