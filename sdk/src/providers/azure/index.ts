import { openaiChatEndpoints, openaiFamily, openaiTraits } from '../../catalog/index.ts';
import type { ModelTraits, Provider } from '../../types/index.ts';
import { foundryClaude, isClaude } from '../azure-ai/claude-provider.ts';
import { headerText } from '../credentials.ts';
import { openaiAudio, openaiFormats, openaiMedia, openaiResources, openaiVideos } from '../speaks.ts';
import { azureAuth, entraEnv } from './credentials.ts';
import { createEntraTokens, type TokenFetch } from './entra.ts';
import { azureSpeech, isSpeech } from './speech/index.ts';
import { azureRealtimeUrl, azureRelayUrl, azureUrl, defaultApiVersion } from './url.ts';

export interface AzureOptions {
  fetch?: TokenFetch;
  now?: () => number;
}

/** LiteLLM's way to say what is behind a deployment whose name does not. */
const series: Readonly<Record<string, ModelTraits>> = { o_series: openaiTraits('o3'), gpt5_series: openaiTraits('gpt-5') };

/** Azure OpenAI. Holds the Entra tokens of its targets, so a program makes one. */
export const createAzure = ({ fetch = (url, init) => globalThis.fetch(url, init), now = Date.now }: AzureOptions = {}): Provider => {
  const tokens = createEntraTokens({ fetch, now });
  const common = {
    id: 'azure',
    label: 'Azure OpenAI',
    baseUrlEnv: ['AZURE_API_BASE', 'AZURE_OPENAI_ENDPOINT'],
    keyEnv: ['AZURE_API_KEY', 'AZURE_OPENAI_API_KEY'],
    optionsEnv: {
      azure_ad_token: ['AZURE_AD_TOKEN', 'AZURE_OPENAI_AD_TOKEN'],
      ...entraEnv,
    },
    credentialOptions: ['azure_ad_token', 'client_secret'],
    variant: ({ model, baseUrl }: { model: string; baseUrl?: string }): Provider =>
      isSpeech(model) ? speech : isClaude(model, baseUrl) ? claude : models,
  } as const;

  const models: Provider = {
    ...common,
    auth: azureAuth(tokens, (key, { provider }) => ({ 'api-key': headerText(key, provider) })),
    apiVersion: defaultApiVersion,
    apiVersionEnv: ['AZURE_API_VERSION', 'OPENAI_API_VERSION'],
    speaks: openaiFormats('chat', 'completions', 'responses', 'embeddings'),
    resources: openaiResources(
      'files',
      'batches',
      'fine_tuning',
      'vector_stores',
      'responses',
      'assistants',
      'threads',
      'containers',
      'evals',
    ),
    operations: openaiMedia('image-generation', 'image-edit', ...openaiAudio, ...openaiVideos),
    chatOrder: ['chat', 'responses', 'completions'],
    chatEndpoints: openaiChatEndpoints,
    resolveModel(model) {
      const [first = '', ...rest] = model.split('/');
      const traits = rest.length > 0 ? series[first] : undefined;
      return traits ? { model: rest.join('/'), traits } : { model };
    },
    traits: openaiFamily,
    quirks: { promptCacheRetention: true, tokenIds: true, reasoningField: 'none' },
    url: azureUrl,
    relay: { url: azureRelayUrl },
    realtime: { protocol: 'openai', path: '/realtime', url: azureRealtimeUrl },
    source: 'https://learn.microsoft.com/azure/foundry/openai/api-version-lifecycle, 2026-11-21',
  };

  // LiteLLM's users also write `azure/claude-...`, with the address of Foundry.
  const claude = foundryClaude(common, tokens);
  const speech = azureSpeech(common, tokens);
  return models;
};
