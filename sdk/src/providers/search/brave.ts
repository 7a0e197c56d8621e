import { asString } from '../../protocols/shared/read.ts';
import type { SearchVendor } from './adapter.ts';
import { dateRange, recencyIn } from './dates.ts';
import { queryOf } from './question.ts';
import { member, noResults, readResults, without } from './results.ts';

const freshness = { day: 'pd', week: 'pw', month: 'pm', year: 'py' };

/** Kinds of results that have a list of pages, the best first. An answer has those that were found. */
const sections = ['web', 'news', 'discussions', 'videos'] as const;

export const brave: SearchVendor = {
  maxResults: 20,
  takes: ['country', 'recency', 'after', 'before'],
  siteOperator: true,
  call: ({ query, maxResults, country, recency, extra, ...dates }, wire) => ({
    url: '/web/search',
    query: queryOf({
      q: query,
      count: maxResults,
      country,
      freshness: dateRange(dates, wire) ?? recencyIn(freshness, recency, wire),
      ...extra,
    }),
  }),
  read(answer) {
    if (answer['type'] !== 'search' && !sections.some((name) => answer[name] !== undefined)) throw noResults();
    return sections.flatMap((name) => {
      const found = readResults(member(answer, name)['results'] ?? [], { snippet: ['description'], date: ['page_age', 'age'] });
      return name === 'web' ? found : found.map((result) => ({ ...result, section: name }));
    });
  },
  rest: (answer) => (asString(answer['type']) === undefined ? {} : without(answer, 'type', 'mixed', ...sections)),
};
