import { asObject, asString, compact } from '../../protocols/shared/read.ts';
import { searchProvider } from './adapter.ts';
import { readResults, without } from './results.ts';

export const nimble = searchProvider(
  {
    id: 'nimble',
    label: 'Nimble',
    baseUrl: 'https://sdk.nimbleway.com/v2',
    baseUrlEnv: ['NIMBLE_API_BASE'],
    baseUrlRules: { append: '/v2', strip: ['/search'] },
    auth: { kind: 'bearer' },
    keyEnv: ['NIMBLE_API_KEY'],
    source: 'https://docs.nimbleway.com/api-reference/search/search, 2026-11-22',
  },
  {
    maxResults: 100,
    takes: ['include', 'exclude', 'country'],
    call: ({ query, maxResults, include, exclude, country, extra }) => ({
      url: '/search',
      json: compact({
        query,
        max_results: maxResults,
        include_domains: include.length > 0 ? include : undefined,
        exclude_domains: exclude.length > 0 ? exclude : undefined,
        country,
        ...extra,
      }),
    }),
    // News often say only `publish_date_raw` (`1 day ago`), which is no date and stays where it is.
    read: (answer) =>
      readResults(answer['results'], { snippet: ['content', 'description'] }).map((result) => ({
        ...result,
        date: asString(asObject(result['additional_data'])?.['publish_date']) ?? null,
      })),
    rest: (answer) => without(answer, 'results'),
  },
);
