import { compact, isObject } from '../../protocols/shared/read.ts';
import type { SearchVendor } from './adapter.ts';
import { firstDay } from './dates.ts';
import { readResults, without } from './results.ts';

/** Members that were at the top before v1 (LiteLLM's users write them so) -> where they are now. */
const settings = ['location', 'fetch_policy'] as const;
const policies = ['include_domains', 'exclude_domains', 'after_date'] as const;

/** Its mode is `basic` where nobody says otherwise: the tier that a search is priced by; its own default is the dearest. */
export const parallel: SearchVendor = {
  maxResults: 40,
  takes: ['include', 'exclude', 'country', 'recency', 'after'],
  takesLists: true,
  call({ query, queries, maxResults, include, exclude, country, recency, after, extra }, wire) {
    const { advanced_settings, processor, max_chars_per_result, ...rest } = extra;
    const own = (names: readonly string[]): Record<string, unknown> => {
      const found = Object.fromEntries(names.filter((name) => rest[name] !== undefined).map((name) => [name, rest[name]]));
      for (const name of names) delete rest[name];
      return found;
    };
    const policy = compact({
      include_domains: include.length > 0 ? include : undefined,
      exclude_domains: exclude.length > 0 ? exclude : undefined,
      after_date: firstDay({ ...(after !== undefined && { after }), ...(recency && { recency }) }, wire),
      ...own(policies),
    });
    const mode = processor === 'base' ? 'basic' : processor === 'pro' ? 'advanced' : (processor ?? 'basic');
    return {
      url: '/v1/search',
      json: {
        search_queries: queries,
        ...(queries.length === 1 && { objective: query }),
        mode,
        advanced_settings: compact({
          max_results: maxResults,
          location: country,
          excerpt_settings: max_chars_per_result === undefined ? undefined : { max_chars_per_result },
          source_policy: Object.keys(policy).length > 0 ? policy : undefined,
          ...own(settings),
          ...(isObject(advanced_settings) && advanced_settings),
        }),
        ...rest,
      },
    };
  },
  read: (answer) => readResults(answer['results'], { snippet: ['excerpts'], date: ['publish_date'], join: ' ... ' }),
  rest: (answer) => without(answer, 'results'),
};
