import type { SearchVendor } from './adapter.ts';
import { recencyIn } from './dates.ts';
import { localeOf } from './places.ts';
import { queryOf } from './question.ts';
import { readResults, without } from './results.ts';

const periods = { day: 'day', week: 'week', month: 'month', year: 'year' };

/**
 * One's own server. It gives pages of results as its engines have them, so that their number is kept here; its places are
 * languages (`de-DE`). Answers as JSON must be switched on in its settings.
 */
export const searxng: SearchVendor = {
  maxResults: 100,
  takes: ['country', 'recency'],
  siteOperator: true,
  call: ({ query, country, recency, extra }, wire) => ({
    url: '/search',
    query: queryOf({
      q: query,
      language: country && localeOf(country),
      time_range: recencyIn(periods, recency, wire),
      ...extra,
      format: 'json',
    }),
  }),
  read: (answer) => readResults(answer['results'], { snippet: ['content'], date: ['publishedDate', 'pubdate'] }),
  rest: (answer) => without(answer, 'query', 'number_of_results', 'results'),
};
