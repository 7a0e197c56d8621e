import { asArray, asObject } from '../../protocols/shared/read.ts';
import { SluiceError, type JsonObject, type Wire } from '../../types/index.ts';

/** OpenAI's search of a vector store (openai/openai-openapi, read 2026-11-22). */
export interface StoreSearch {
  query: string;
  /** 1 to 50. */
  limit?: number;
  filter?: Filter;
  /** Filters in the vendor's own words, for vendors that LiteLLM's users write them to. */
  ownFilter?: unknown;
  scoreThreshold?: number;
}

export type Comparison = 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'nin';
export type Filter =
  | { kind: 'compare'; comparison: Comparison; key: string; value: unknown }
  | { kind: 'all' | 'any'; filters: readonly Filter[] };

const invalid = (message: string, param: string): SluiceError => new SluiceError('invalid_request', message, { param });

/** @throws SluiceError `invalid_request`, and for a parameter that no vendor but OpenAI has, `unsupported_parameter` */
export const readSearch = (body: JsonObject, wire: Wire): StoreSearch => {
  const { query, max_num_results: limit, filters, ranking_options: ranking, rewrite_query: rewrite } = body;
  const text = Array.isArray(query) ? query.filter((each) => typeof each === 'string').join(' ') : query;
  if (typeof text !== 'string' || text === '') throw invalid("'query' must be a text or a list of texts.", 'query');
  if (limit !== undefined && limit !== null && (!Number.isInteger(limit) || (limit as number) < 1))
    throw invalid("'max_num_results' must be a whole number.", 'max_num_results');
  if (rewrite === true) wire.lacks('rewrite_query');
  const { score_threshold: threshold, ranker } = asObject(ranking) ?? {};
  if (ranker !== undefined && ranker !== 'auto' && ranker !== 'none') wire.lacks('ranking_options.ranker');
  const read = filters === undefined || filters === null ? undefined : readFilter(filters, 'filters', 0);
  return {
    query: text,
    ...(typeof limit === 'number' && { limit }),
    ...(read ? { filter: read } : filters !== undefined && filters !== null && { ownFilter: filters }),
    ...(typeof threshold === 'number' && { scoreThreshold: threshold }),
  };
};

const comparisons: ReadonlySet<unknown> = new Set<Comparison>(['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'nin']);
const maxDepth = 8;

/** Undefined: it is none of OpenAI's. LiteLLM's users write `operator` for `type`, and `{ and: [...] }`. */
const readFilter = (value: unknown, path: string, depth: number): Filter | undefined => {
  const filter = asObject(value);
  if (!filter) return undefined;
  if (depth > maxDepth) throw invalid(`'${path}' is nested too deeply.`, 'filters');
  const type = filter['type'] ?? filter['operator'];
  if (comparisons.has(type) && typeof filter['key'] === 'string')
    return { kind: 'compare', comparison: type as Comparison, key: filter['key'], value: filter['value'] };
  const joined = type === 'and' || type === 'or' ? filter['filters'] : (filter['and'] ?? filter['or']);
  if (!Array.isArray(joined)) return undefined;
  const filters = asArray(joined).map((each, at) => {
    const read = readFilter(each, `${path}[${at}]`, depth + 1);
    if (!read) throw invalid(`'${path}[${at}]' is no filter.`, 'filters');
    return read;
  });
  if (filters.length === 0) throw invalid(`'${path}' has no filters.`, 'filters');
  return { kind: type === 'or' || filter['or'] !== undefined ? 'any' : 'all', filters };
};

/** Writes a filter as a text: how each comparison is said, and how several are joined. */
export const filterText = (
  filter: Filter,
  compare: (filter: Extract<Filter, { kind: 'compare' }>) => string,
  join: { all: string; any: string },
): string => {
  if (filter.kind === 'compare') return compare(filter);
  const parts = filter.filters.map((each) => filterText(each, compare, join));
  return parts.length === 1 ? parts[0]! : `(${parts.join(join[filter.kind])})`;
};

export interface Found {
  fileId: string;
  filename: string;
  /** Absent where the vendor gives none: its order says which is better. */
  score?: number | undefined;
  text: string;
  attributes?: JsonObject;
}

/** OpenAI's page of results. Vendors have no second one. */
export const searchPage = ({ query, scoreThreshold, limit }: StoreSearch, found: readonly Found[]): JsonObject => ({
  object: 'vector_store.search_results.page',
  search_query: [query],
  data: found
    .filter(({ score }) => scoreThreshold === undefined || score === undefined || score >= scoreThreshold)
    .slice(0, limit)
    .map(({ fileId, filename, score, text, attributes = {} }) => ({
      file_id: fileId,
      filename,
      score: score ?? null,
      attributes,
      content: [{ type: 'text', text }],
    })),
  has_more: false,
  next_page: null,
});
