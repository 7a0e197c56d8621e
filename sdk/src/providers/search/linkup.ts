import { compact } from '../../protocols/shared/read.ts';
import { searchProvider } from './adapter.ts';
import { firstDay } from './dates.ts';
import { readResults, without } from './results.ts';

export const linkup = searchProvider(
  {
    id: 'linkup',
    label: 'Linkup',
    baseUrl: 'https://api.linkup.so/v1',
    baseUrlEnv: ['LINKUP_API_BASE'],
    baseUrlRules: { append: '/v1', strip: ['/search'] },
    auth: { kind: 'bearer' },
    keyEnv: ['LINKUP_API_KEY'],
    source: 'https://docs.linkup.so/pages/documentation/api-reference/endpoint/post-search, 2026-11-22',
  },
  {
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
  },
);
