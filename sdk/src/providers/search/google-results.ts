import { asString, compact } from '../../protocols/shared/read.ts';
import { SluiceError } from '../../types/index.ts';
import type { SearchVendor } from './adapter.ts';
import { americanDate, googleTbs } from './dates.ts';
import { queryOf } from './question.ts';
import { noResults, readResults, without } from './results.ts';

/* Vendors that read Google's pages of results. */

export const serper: SearchVendor = {
  maxResults: 100,
  takes: ['country', 'recency', 'after', 'before'],
  siteOperator: true,
  call: (question) => ({
    url: '/search',
    json: compact({
      q: question.query,
      num: question.maxResults,
      gl: question.country?.toLowerCase(),
      tbs: googleTbs(question),
      ...question.extra,
    }),
  }),
  read(answer) {
    if (answer['organic'] === undefined && answer['searchParameters'] === undefined) throw noResults();
    return readResults(answer['organic'] ?? [], { url: ['link'], snippet: ['snippet'], date: ['date'] });
  },
  rest: (answer) => without(answer, 'organic', 'searchParameters'),
};

export const searchapi: SearchVendor = {
  // Google gives ten a page and no more.
  maxResults: 10,
  takes: ['country', 'recency', 'after', 'before'],
  siteOperator: true,
  call: ({ query, maxResults, country, recency, after, before, extra }) => ({
    url: '/search',
    query: queryOf({
      engine: 'google',
      q: query,
      num: maxResults,
      gl: country?.toLowerCase(),
      time_period: recency && `last_${recency}`,
      time_period_min: after && americanDate(after),
      time_period_max: before && americanDate(before),
      ...extra,
    }),
  }),
  read(answer) {
    const { organic_results: list, error } = answer;
    if (list !== undefined) return readResults(list, { url: ['link'], snippet: ['snippet'], date: ['date'] });
    const words = asString(error);
    if (words !== undefined && !/return(?:ed)? any results|no results/i.test(words)) throw new SluiceError('bad_gateway', words);
    if (words === undefined && answer['search_metadata'] === undefined) throw noResults();
    return [];
  },
  rest: (answer) => without(answer, 'organic_results', 'error', 'search_metadata', 'search_parameters', 'pagination'),
};

/** `deep: true` reads more pages of results, at an address of its own. */
export const apiserpent: SearchVendor = {
  maxResults: 100,
  takes: ['country', 'recency'],
  siteOperator: true,
  call({ query, maxResults, country, recency, extra }) {
    const { deep, ...own } = extra;
    const deeply = deep === true;
    return {
      url: deeply ? '/api/search' : '/api/search/quick',
      query: queryOf({
        q: query,
        // A deep search is of ten and more.
        num: deeply ? Math.max(10, maxResults) : maxResults,
        engine: 'google',
        country: country?.toLowerCase(),
        freshness: recency?.[0],
        format: 'full',
        ...own,
      }),
    };
  },
  read(answer) {
    const { results } = answer;
    const list = Array.isArray(results) ? results : (results as { organic?: unknown } | undefined)?.organic;
    return readResults(list, { snippet: ['snippet'], date: ['date'] });
  },
  rest: (answer) => without(answer, 'results', 'success', 'query'),
};
