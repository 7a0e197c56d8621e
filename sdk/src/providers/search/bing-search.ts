import { SluiceError, type Target } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import type { SearchVendor } from './adapter.ts';
import { modelUsage, readCitations } from './responses-search.ts';

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

export const bingSearch: SearchVendor = {
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
};
