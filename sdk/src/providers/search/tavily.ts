import { compact } from '../../protocols/shared/read.ts';
import type { SearchVendor } from './adapter.ts';
import { recencyIn } from './dates.ts';
import { countryName } from './places.ts';
import { readResults, without } from './results.ts';

const periods = { day: 'day', week: 'week', month: 'month', year: 'year' };

/** Countries go by their English names in small letters. */
export const tavily: SearchVendor = {
  maxResults: 20,
  takes: ['include', 'exclude', 'country', 'recency', 'after', 'before'],
  call: ({ query, maxResults, include, exclude, country, recency, after, before, extra }, wire) => ({
    url: '/search',
    json: compact({
      query,
      max_results: maxResults,
      include_domains: include.length > 0 ? include : undefined,
      exclude_domains: exclude.length > 0 ? exclude : undefined,
      country: country && countryName(country)?.toLowerCase(),
      time_range: recencyIn(periods, recency, wire),
      start_date: after,
      end_date: before,
      ...extra,
    }),
  }),
  read: (answer) => readResults(answer['results'], { snippet: ['content'], date: ['published_date'] }),
  rest: (answer) => without(answer, 'results'),
};
