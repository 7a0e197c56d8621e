import { SluiceError, type Provider, type Target } from '../../types/index.ts';
import { azureAuth, entraEnv } from '../azure/credentials.ts';
import { createEntraTokens, type TokenFetch } from '../azure/entra.ts';
import { headerText, textOption } from '../credentials.ts';
import { searchProvider } from './adapter.ts';
import { modelUsage, readCitations } from './responses-search.ts';

export interface BingGroundingOptions {
  fetch?: TokenFetch;
  now?: () => number;
}

/** Foundry's projects are behind a scope of their own. */
const scope = 'https://ai.azure.com/.default';

const modelOf = (target: Target): string => {
  const named = target.model === 'search' ? undefined : target.model;
  const model = named ?? textOption(target, 'bing_grounding_model');
  if (model !== undefined) return model;
  throw new SluiceError(
    'invalid_request',
    'Grounding with Bing needs a deployed model that searches: name it (bing_grounding/gpt-4.1), or set BING_GROUNDING_MODEL.',
    { param: 'model', retry: false },
  );
};

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
    {
      maxResults: 50,
      takes: ['country'],
      call({ query, maxResults, country, extra }, { target, lacks }) {
        const connection = textOption(target, 'bing_grounding_connection_id');
        if (connection !== undefined && country !== undefined)
          lacks('country', 'a connection of Bing wants a market, such as en-US, and takes no country');
        const tool =
          connection === undefined
            ? { type: 'web_search', ...(country !== undefined && { user_location: { type: 'approximate', country } }), ...extra }
            : {
                type: 'bing_grounding',
                bing_grounding: { search_configurations: [{ project_connection_id: connection, count: maxResults, ...extra }] },
              };
        return { url: '/openai/v1/responses', json: { model: modelOf(target), input: query, tools: [tool] } };
      },
      read: readCitations,
      usage: modelUsage,
    },
  );
