import type { Provider } from '../../types/index.ts';
import { azureAuth, entraEnv } from '../azure/credentials.ts';
import { createEntraTokens, type TokenFetch } from '../azure/entra.ts';
import { headerText } from '../credentials.ts';
import { searchProvider } from './provider.ts';

export interface BingGroundingOptions {
  fetch?: TokenFetch;
  now?: () => number;
}

/** Foundry's projects are behind a scope of their own. */
const scope = 'https://ai.azure.com/.default';

/**
 * Bing by a model of Azure AI Foundry. With a connection (`bing_grounding_connection_id`) it is Grounding with Bing,
 * else the model's own web search, which can be told the country instead of the number.
 */
export const createBingGrounding = ({
  fetch = (url, init) => globalThis.fetch(url, init),
  now = Date.now,
}: BingGroundingOptions = {}): Provider =>
  searchProvider(
    {
      id: 'bing_grounding',
      label: 'Grounding with Bing Search',
      baseUrlEnv: ['BING_GROUNDING_PROJECT_ENDPOINT'],
      baseUrlRules: { strip: ['/openai/v1/responses', '/openai/v1'] },
      auth: azureAuth(createEntraTokens({ fetch, now }), (key, { provider }) => ({ 'api-key': headerText(key, provider) })),
      keyEnv: ['BING_GROUNDING_API_KEY'],
      optionsEnv: {
        azure_ad_token: ['BING_GROUNDING_TOKEN'],
        bing_grounding_model: ['BING_GROUNDING_MODEL'],
        bing_grounding_connection_id: ['BING_GROUNDING_CONNECTION_ID'],
        ...entraEnv,
      },
      credentialOptions: ['azure_ad_token', 'client_secret'],
      resolveModel: (model) => ({ model, options: { azure_scope: scope } }),
      source: 'https://learn.microsoft.com/azure/ai-foundry/agents/how-to/tools/bing-grounding, 2026-11-22',
    },
    async () => (await import('./bing-search.ts')).bingSearch,
  );
