import { asString } from '../../protocols/shared/read.ts';
import { searchProvider } from './adapter.ts';
import { dateRange, recencyIn } from './dates.ts';
import { queryOf } from './question.ts';
import { member, noResults, readResults, without } from './results.ts';

const freshness = { day: 'pd', week: 'pw', month: 'pm', year: 'py' };

/** Kinds of results that have a list of pages, the best first. An answer has those that were found. */
const sections = ['web', 'news', 'discussions', 'videos'] as const;

export const brave = searchProvider(
  {
    id: 'brave',
    label: 'Brave Search',
    baseUrl: 'https://api.search.brave.com/res/v1',
    baseUrlEnv: ['BRAVE_API_BASE'],
    baseUrlRules: { append: '/res/v1', strip: ['/web/search'] },
    auth: { kind: 'header', name: 'x-subscription-token' },
    keyEnv: ['BRAVE_API_KEY'],
    source: 'https://api-dashboard.search.brave.com/app/documentation/web-search/get-started, 2026-11-22',
  },
  {
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
  },
);
