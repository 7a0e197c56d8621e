import type { SearchVendor } from './adapter.ts';
import { queryOf } from './question.ts';
import { readResults, without } from './results.ts';

/** A page of ten results, whatever is asked for. */
export const tinyfish: SearchVendor = {
  maxResults: 10,
  takes: ['country'],
  siteOperator: true,
  call: ({ query, country, extra }) => ({ url: '/', query: queryOf({ query, location: country, ...extra }) }),
  read: (answer) => readResults(answer['results'], { snippet: ['snippet'], date: ['date'] }),
  rest: (answer) => without(answer, 'results', 'query', 'total_results'),
};
