import type { Adapter, JsonObject, SearchResult, Wire, WireCall } from '../../types/index.ts';
import { memberOf, readQuestion, type Filter, type SearchQuestion, type SearchWish } from './question.ts';
import type { Result } from './results.ts';

/** How one vendor of searches is asked, and what it answers. */
export interface SearchVendor {
  /** More than this many results are not asked for. */
  maxResults: number;
  /** What it can be told. What else a client asks for is refused by name. */
  takes: readonly Filter[];
  /** It knows Google's `site:` in the query, which then stands for domains that it cannot be told otherwise. */
  siteOperator?: boolean;
  /** A list of queries is one search of it. */
  takesLists?: boolean;
  call(question: SearchQuestion, wire: Wire): WireCall;
  /** Sends the call, where that is not one JSON answer to it. */
  send?(call: WireCall, wire: Wire): Promise<JsonObject>;
  /** @throws SluiceError `invalid_response`, or what a failure in the body says */
  read(answer: JsonObject, wire: Wire): Result[];
  /** Members of the answer that are left when the results are taken out. Absent: none are worth keeping. */
  rest?(answer: JsonObject): JsonObject;
  usage?(answer: JsonObject): SearchResult['usage'];
}

/** A list of queries is as many searches, whose results are dealt out in turn; a page that two of them found is there once. */
export const searchAdapter =
  (vendor: SearchVendor): Adapter<'search'> =>
  async (request, wire) => {
    const wish = readQuestion(request);
    const fitted = fit(wish, vendor, wire);
    const answers = await Promise.all(
      (vendor.takesLists ? [wish.queries] : wish.queries.map((query) => [query])).map(async (queries) => {
        const sited = queries.map((query) => withSites(query, wish, vendor));
        const call = vendor.call({ ...fitted, query: sited[0]!, queries: sited }, wire);
        return vendor.send ? vendor.send(call, wire) : wire.json(call);
      }),
    );
    const lists = answers.map((answer) => vendor.read(answer, wire).slice(0, fitted.maxResults));
    const results = lists.length === 1 ? lists[0]! : dealt(lists);
    const rests = answers.flatMap((answer) => {
      const rest = vendor.rest?.(answer) ?? {};
      return Object.keys(rest).length > 0 ? [rest] : [];
    });
    const own = answers.length === 1 ? vendor.usage?.(answers[0]!) : undefined;
    return {
      results: wish.maxTokensPerPage === undefined ? results : results.map((result) => shortened(result, wish.maxTokensPerPage!)),
      ...(rests.length > 0 && { provider_metadata: rests.length === 1 ? rests[0]! : { answers: rests } }),
      usage: own ?? { inputTokens: 0, outputTokens: 0, units: { queries: answers.length } },
    };
  };

type Fitted = Omit<SearchQuestion, 'query' | 'queries'>;

/** What the vendor cannot be told is named; what is advice, and how many it gives at most, is noted. */
const fit = (wish: SearchWish, vendor: SearchVendor, wire: Wire): Fitted => {
  const { queries: _queries, maxTokensPerPage: _tokens, ...rest } = wish;
  const question: Fitted = { ...rest };
  const takes = (filter: Filter): boolean => vendor.takes.includes(filter);
  if (!takes('include')) question.include = [];
  if (!takes('exclude')) question.exclude = [];
  const sites = vendor.siteOperator === true;
  if ((wish.include.length > 0 && !takes('include') && !sites) || (wish.exclude.length > 0 && !takes('exclude') && !sites))
    wire.lacks(memberOf.include, 'this vendor cannot be told domains');
  for (const filter of ['country', 'recency', 'after', 'before'] as const) {
    if (wish[filter] === undefined || takes(filter)) continue;
    // Results of elsewhere still answer; those from a time that was not asked for do not.
    if (filter === 'country') wire.drop(memberOf.country, 'this vendor cannot be told a country');
    else wire.lacks(memberOf[filter]);
    delete question[filter];
  }
  if (wish.maxResults > vendor.maxResults) {
    wire.drop('max_results', `${vendor.maxResults} is the most that this vendor gives`);
    question.maxResults = vendor.maxResults;
  }
  return question;
};

const withSites = (query: string, wish: SearchWish, vendor: SearchVendor): string => {
  if (!vendor.siteOperator) return query;
  const include = vendor.takes.includes('include') ? [] : wish.include;
  const exclude = vendor.takes.includes('exclude') ? [] : wish.exclude;
  const only = include.map((domain) => `site:${domain}`).join(' OR ');
  return [query, ...(only === '' ? [] : [include.length > 1 ? `(${only})` : only]), ...exclude.map((domain) => `-site:${domain}`)].join(
    ' ',
  );
};

const dealt = (lists: readonly Result[][]): Result[] => {
  const seen = new Set<string>();
  const results: Result[] = [];
  const longest = Math.max(...lists.map(({ length }) => length));
  for (let at = 0; at < longest; at++) {
    for (const list of lists) {
      const result = list[at];
      if (result === undefined || seen.has(result.url)) continue;
      seen.add(result.url);
      results.push(result);
    }
  }
  return results;
};

/** About four characters of English are a token; only Perplexity counts them itself. */
const charactersPerToken = 4;

const shortened = (result: Result, tokens: number): Result => {
  const most = tokens * charactersPerToken;
  return result.snippet.length > most ? { ...result, snippet: result.snippet.slice(0, most) } : result;
};
