import { openaiChatEndpoints, openaiTraits } from '../../catalog/index.ts';
import type { Provider } from '../../types/index.ts';
import { azureAuth, entraEnv } from '../azure/credentials.ts';
import { createEntraTokens, type TokenFetch } from '../azure/entra.ts';
import { bearer, headerText } from '../credentials.ts';
import { lazily } from '../lazily.ts';
import { openaiFormats } from '../speaks.ts';
import { foundryClaude, isClaude } from './claude-provider.ts';
import { azureAiUrl, takesApiKeyHeader, takesSubscriptionKey } from './url.ts';

export interface AzureAiOptions {
  fetch?: TokenFetch;
  now?: () => number;
}

/** Azure AI Foundry. Holds the Entra tokens of its targets, so a program makes one. */
export const createAzureAi = ({ fetch = (url, init) => globalThis.fetch(url, init), now = Date.now }: AzureAiOptions = {}): Provider => {
  const tokens = createEntraTokens({ fetch, now });
  const common = {
    id: 'azure_ai',
    label: 'Azure AI Foundry',
    baseUrlEnv: ['AZURE_AI_API_BASE'],
    keyEnv: ['AZURE_AI_API_KEY'],
    optionsEnv: { azure_ad_token: ['AZURE_AD_TOKEN'], ...entraEnv },
    credentialOptions: ['azure_ad_token', 'client_secret'],
    apiVersionEnv: ['AZURE_AI_API_VERSION'],
    resolveModel: (name: string) => ({ model: withoutRoute(name) }),
    variant: ({ model, baseUrl }: { model: string; baseUrl?: string }) => (isClaude(model, baseUrl) ? claude : models),
  } as const;

  const models: Provider = Object.freeze({
    ...common,
    auth: azureAuth(tokens, (key, { provider }, { url }) =>
      takesSubscriptionKey(url)
        ? { 'ocp-apim-subscription-key': headerText(key, provider) }
        : takesApiKeyHeader(url)
          ? { 'api-key': headerText(key, provider) }
          : bearer(key, provider),
    ),
    speaks: { ...openaiFormats('chat', 'responses', 'embeddings'), rerank: { protocol: 'cohere-rerank', path: '/v2/rerank' } },
    operations: {
      'image-generation': lazily(() => import('./images.ts').then(({ imageGeneration }) => imageGeneration)),
      'image-edit': lazily(() => import('./images.ts').then(({ imageEdit }) => imageEdit)),
      ocr: lazily(() => import('./ocr.ts').then(({ ocr }) => ocr)),
    },
    resources: { vector_stores: () => import('./resources-search.ts').then(({ azureSearch }) => azureSearch) },
    chatOrder: ['chat', 'responses'],
    chatEndpoints: openaiChatEndpoints,
    traits: openaiTraits,
    // Members that the inference API does not know are the model's to judge, and not a 422 of the door.
    headers: { 'extra-parameters': 'pass-through' },
    url: azureAiUrl,
    source: 'https://learn.microsoft.com/rest/api/aifoundry/modelinference, 2026-11-22',
  } satisfies Provider);

  const claude = foundryClaude(common, tokens);

  return models;
};

/** LiteLLM's users say so that a deployment is a router among models; to Azure it is a deployment like any other. */
const withoutRoute = (name: string): string => name.replace(/^model[-_]router\/(?=.)/, '');
