import { compact } from '../../protocols/shared/read.ts';
import type { SearchVendor } from './adapter.ts';
import { dateRange, recencyIn } from './dates.ts';
import { member, noResults, readResults, without } from './results.ts';

const freshness = { day: 'day', week: 'week', month: 'month', year: 'year' };
const members = { snippet: ['snippets', 'description'], date: ['page_age'] };

/** Without a key it is another address, with a hundred searches a day. */
const keyless = 'https://api.you.com/v1/agents/search';

export const youCom: SearchVendor = {
  maxResults: 100,
  takes: ['include', 'exclude', 'country', 'recency', 'after', 'before'],
  call: ({ query, maxResults, include, exclude, country, recency, extra, ...dates }, wire) => ({
    url: wire.target.apiKey === undefined && wire.target.baseUrl === undefined ? keyless : '/v1/search',
    json: compact({
      query,
      count: maxResults,
      include_domains: include.length > 0 ? include : undefined,
      exclude_domains: exclude.length > 0 ? exclude : undefined,
      country,
      freshness: dateRange(dates, wire) ?? recencyIn(freshness, recency, wire),
      ...extra,
    }),
  }),
  read(answer) {
    const found = member(answer, 'results');
    if (answer['results'] === undefined) throw noResults();
    return [...readResults(found['web'] ?? [], members), ...readResults(found['news'] ?? [], members)];
  },
  rest: (answer) => without(answer, 'results'),
};
