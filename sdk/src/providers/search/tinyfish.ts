import { searchProvider } from './adapter.ts';
import { queryOf } from './question.ts';
import { readResults, without } from './results.ts';

/** A page of ten results, whatever is asked for. */
export const tinyfish = searchProvider(
  {
    id: 'tinyfish',
    label: 'TinyFish',
    baseUrl: 'https://api.search.tinyfish.ai',
    baseUrlEnv: ['TINYFISH_API_BASE'],
    auth: { kind: 'header', name: 'x-api-key' },
    keyEnv: ['TINYFISH_API_KEY'],
    source: 'https://docs.tinyfish.ai/search-api/reference, 2026-11-22',
  },
  {
    maxResults: 10,
    takes: ['country'],
    siteOperator: true,
    call: ({ query, country, extra }) => ({ url: '/', query: queryOf({ query, location: country, ...extra }) }),
    read: (answer) => readResults(answer['results'], { snippet: ['snippet'], date: ['date'] }),
    rest: (answer) => without(answer, 'results', 'query', 'total_results'),
  },
);
