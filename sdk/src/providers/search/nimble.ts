import { asObject, asString, compact } from '../../protocols/shared/read.ts';
import type { SearchVendor } from './adapter.ts';
import { readResults, without } from './results.ts';

export const nimble: SearchVendor = {
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
};
