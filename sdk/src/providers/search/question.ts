import { isObject, wantArray, wantString } from '../../protocols/shared/read.ts';
import { SluiceError, type JsonObject, type SearchRequest } from '../../types/index.ts';

/** How long ago a page may be from (Perplexity's `search_recency_filter`). */
export type Recency = 'hour' | 'day' | 'week' | 'month' | 'year';

/** What a search asks for besides the words, as vendors name it: each declares which of these it can be told. */
export type Filter = 'include' | 'exclude' | 'country' | 'recency' | 'after' | 'before';

/** A search request as a vendor's call is made of it. */
export interface SearchQuestion {
  query: string;
  /** More than one where the vendor takes a list. */
  queries: readonly string[];
  /** Within the vendor's own bounds. */
  maxResults: number;
  /** Domains to search in; empty: all. */
  include: readonly string[];
  exclude: readonly string[];
  /** ISO 3166 alpha-2, in capitals. */
  country?: string;
  recency?: Recency;
  /** `YYYY-MM-DD`. */
  after?: string;
  before?: string;
  /** Members that the common format does not name: the vendor's own. */
  extra: JsonObject;
}

/** A request as it was read, before it is fitted to a vendor. */
export interface SearchWish extends Omit<SearchQuestion, 'query' | 'maxResults'> {
  maxResults: number;
  maxTokensPerPage?: number;
}

/** Members of the common format (docs.perplexity.ai/api-reference/search-post, read 2026-11-22). */
export const memberOf: Readonly<Record<Filter, string>> = {
  include: 'search_domain_filter',
  exclude: 'search_domain_filter',
  country: 'country',
  recency: 'search_recency_filter',
  after: 'search_after_date_filter',
  before: 'search_before_date_filter',
};

/** Where nobody says how many. */
const defaultMaxResults = 10;

/** A list of queries costs as many searches; Perplexity takes five. */
const maxQueries = 5;

const invalid = (param: string, message: string): SluiceError => new SluiceError('invalid_request', message, { param });

/** @throws SluiceError `invalid_request` that names the member */
export const readQuestion = (request: SearchRequest): SearchWish => {
  const {
    model: _model,
    query,
    max_results,
    search_domain_filter,
    country,
    max_tokens_per_page,
    search_recency_filter,
    search_after_date_filter,
    search_before_date_filter,
    ...extra
  } = request;
  const domains =
    search_domain_filter === undefined || search_domain_filter === null ? [] : wantArray(search_domain_filter, 'search_domain_filter');
  const names = domains.map((domain, at) => wantString(domain, `search_domain_filter[${at}]`));
  const after = dateOf(search_after_date_filter, 'search_after_date_filter');
  const before = dateOf(search_before_date_filter, 'search_before_date_filter');
  const recency = recencyOf(search_recency_filter);
  const place = countryOf(country);
  const tokens = countOf(max_tokens_per_page, 'max_tokens_per_page');
  return {
    queries: queriesOf(query),
    maxResults: countOf(max_results, 'max_results') ?? defaultMaxResults,
    include: names.filter((name) => !name.startsWith('-')),
    // Perplexity's sign for what is left out.
    exclude: names.filter((name) => name.startsWith('-')).map((name) => name.slice(1)),
    ...(place !== undefined && { country: place }),
    ...(recency && { recency }),
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
    ...(tokens !== undefined && { maxTokensPerPage: tokens }),
    extra: Object.fromEntries(Object.entries(extra).filter(([, value]) => value !== undefined && value !== null)),
  };
};

const queriesOf = (query: unknown): string[] => {
  const list = Array.isArray(query) ? query : [query];
  const queries = list.map((each, at) => wantString(each, Array.isArray(query) ? `query[${at}]` : 'query').trim());
  if (queries.length === 0 || queries.includes('')) throw invalid('query', "'query' must not be empty.");
  if (queries.length > maxQueries) throw invalid('query', `'query' holds ${queries.length} queries; ${maxQueries} are the most.`);
  return queries;
};

const countOf = (value: unknown, param: string): number | undefined => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw invalid(param, `'${param}' must be a whole number from 1.`);
};

const countryOf = (value: unknown): string | undefined => {
  if (value === undefined || value === null) return undefined;
  const code = wantString(value, 'country').toUpperCase();
  if (!/^[A-Z]{2}$/.test(code)) throw invalid('country', "'country' must be a code of two letters (ISO 3166), such as US.");
  return code;
};

const recencies: readonly string[] = ['hour', 'day', 'week', 'month', 'year'] satisfies Recency[];

const recencyOf = (value: unknown): Recency | undefined => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && recencies.includes(value)) return value as Recency;
  throw invalid('search_recency_filter', `'search_recency_filter' must be one of ${recencies.join(', ')}.`);
};

/** Perplexity writes dates as Americans do (`3/25/2026`); ISO's are taken as well. */
const dateOf = (value: unknown, param: string): string | undefined => {
  if (value === undefined || value === null) return undefined;
  const text = wantString(value, param);
  const [, month, day, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
  const iso = year === undefined ? text : `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`;
  if (/^\d{4}-\d{2}-\d{2}$/.test(iso) && !Number.isNaN(Date.parse(iso))) return iso;
  throw invalid(param, `'${param}' must be a date such as 3/25/2026.`);
};

/** A client's own credentials go nowhere, and least of all into a URL (FP-26, FP-27). */
const credentialNames: ReadonlySet<string> = new Set(['key', 'api_key', 'apikey', 'token', 'access_token']);

/** Members for the query of a URL: lists as vendors of such APIs write them, with commas; objects as JSON. */
export const queryOf = (members: Readonly<Record<string, unknown>>): Record<string, string | number | boolean> => {
  const query: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined || value === null || credentialNames.has(name)) continue;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') query[name] = value;
    else query[name] = Array.isArray(value) && !value.some((each) => isObject(each)) ? value.join(',') : JSON.stringify(value);
  }
  return query;
};
