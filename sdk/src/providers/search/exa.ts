import { asNumber, compact } from '../../protocols/shared/read.ts';
import type { SearchVendor } from './adapter.ts';
import { firstDay } from './dates.ts';
import { member, readResults, without } from './results.ts';

/** Gives no text of a page that is not asked for, so that it always is; says what each search cost. */
export const exa: SearchVendor = {
  maxResults: 100,
  takes: ['include', 'exclude', 'country', 'recency', 'after', 'before'],
  call({ query, maxResults, include, exclude, country, recency, after, before, extra }, wire) {
    const first = firstDay({ ...(after !== undefined && { after }), ...(recency && { recency }) }, wire);
    return {
      url: '/search',
      json: compact({
        query,
        numResults: maxResults,
        includeDomains: include.length > 0 ? include : undefined,
        excludeDomains: exclude.length > 0 ? exclude : undefined,
        userLocation: country,
        startPublishedDate: first && `${first}T00:00:00.000Z`,
        endPublishedDate: before && `${before}T23:59:59.999Z`,
        contents: { text: true },
        ...extra,
      }),
    };
  },
  read: (answer) => readResults(answer['results'], { snippet: ['text', 'highlights', 'summary'], date: ['publishedDate'] }),
  rest: (answer) => without(answer, 'results'),
  usage(answer) {
    const cost = asNumber(member(answer, 'costDollars')['total']);
    return { inputTokens: 0, outputTokens: 0, units: { queries: 1 }, ...(cost !== undefined && { providerCostUsd: cost }) };
  },
};
