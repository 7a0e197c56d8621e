import { compact } from '../../protocols/shared/read.ts';
import { searchAdapter } from './adapter.ts';
import { readResults, without } from './results.ts';

/**
 * DeepSeek's search tool as an endpoint of its own. Source: the Python package litellm 1.109.1, read 2026-11-22. It is at
 * the root of the API, wherever the address of chat leads (`/beta`, `/v1`); queries are of 128 characters at most, which
 * its own answer says.
 */
export const deepseekSearch = searchAdapter({
  maxResults: 50,
  takes: [],
  siteOperator: true,
  call: ({ query, maxResults, extra }, { target }) => ({
    url: `${(target.baseUrl ?? target.provider.baseUrl ?? '').replace(/\/+$/, '').replace(/\/(?:beta|v1)$/, '')}/v1/tools/search`,
    json: compact({ query, count: maxResults, ...extra }),
  }),
  read: (answer) => readResults(answer['results'], { snippet: ['snippet'], date: ['date'] }),
  rest: (answer) => without(answer, 'results'),
});
