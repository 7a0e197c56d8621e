import { asNumber, asString, compact, isObject } from '../../protocols/shared/read.ts';
import { SluiceError, type JsonObject } from '../../types/index.ts';
import type { SearchVendor } from './adapter.ts';
import { googleTbs } from './dates.ts';
import { noResults, readResults, without, type Result } from './results.ts';

const members = { snippet: ['markdown', 'description', 'snippet'], date: ['date'] };

/** Pages are read only where they are asked to be. */
const scrape = { formats: ['markdown'], onlyMainContent: true };

/** A list (version 1, self-hosted servers and who copied them), or lists by kind (version 2). */
const read = (answer: JsonObject): Result[] => {
  const { data } = answer;
  if (answer['success'] === false)
    throw new SluiceError('bad_gateway', asString(answer['error']) ?? 'The search failed without a message.');
  if (!isObject(data)) return readResults(data, members);
  if (data['web'] === undefined && data['news'] === undefined && data['images'] === undefined) throw noResults();
  return [...readResults(data['web'] ?? [], members), ...readResults(data['news'] ?? [], members)];
};

const common = {
  siteOperator: true,
  read,
  rest: (answer: JsonObject) => without(answer, 'success', 'data', 'error'),
  /** It bills by credits, and says how many (docs.firecrawl.dev/api-reference/endpoint/search, read 2026-11-22). */
  usage: (answer: JsonObject) => {
    const credits = asNumber(answer['creditsUsed']);
    return { inputTokens: 0, outputTokens: 0, units: credits === undefined ? { queries: 1 } : { tools: { credits } } };
  },
} satisfies Partial<SearchVendor>;

export const firecrawl: SearchVendor = {
  ...common,
  maxResults: 100,
  takes: ['country', 'recency', 'after', 'before'],
  call: (question) => ({
    url: '/search',
    json: compact({
      query: question.query,
      limit: question.maxResults,
      country: question.country,
      tbs: googleTbs(question),
      scrapeOptions: scrape,
      ...question.extra,
    }),
  }),
};

/** Firecrawl's first version over other servers. */
export const fastcrw: SearchVendor = {
  ...common,
  maxResults: 100,
  takes: [],
  call: ({ query, maxResults, extra }) => ({ url: '/search', json: { query, limit: maxResults, scrapeOptions: scrape, ...extra } }),
};
