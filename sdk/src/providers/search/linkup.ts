import { compact } from '../../protocols/shared/read.ts';
import type { SearchVendor } from './adapter.ts';
import { firstDay } from './dates.ts';
import { readResults, without } from './results.ts';

export const linkup: SearchVendor = {
  maxResults: 100,
  takes: ['include', 'exclude', 'recency', 'after', 'before'],
  call: ({ query, maxResults, include, exclude, before, extra, ...since }, wire) => ({
    url: '/search',
    json: compact({
      q: query,
      depth: 'standard',
      outputType: 'searchResults',
      maxResults,
      includeDomains: include.length > 0 ? include : undefined,
      excludeDomains: exclude.length > 0 ? exclude : undefined,
      fromDate: firstDay(since, wire),
      toDate: before,
      ...extra,
    }),
  }),
  // An answer in words (`outputType: sourcedAnswer`) has its pages as sources.
  read: (answer) => readResults(answer['results'] ?? answer['sources'], { title: ['name', 'title'], snippet: ['content', 'snippet'] }),
  rest: (answer) => without(answer, 'results', 'sources'),
};
