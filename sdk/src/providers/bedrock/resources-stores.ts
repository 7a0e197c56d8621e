import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import type { JsonObject, ResourceAdapter } from '../../types/index.ts';
import { lastSegment } from '../kept/file.ts';
import { readSearch, searchPage, type Comparison, type Filter } from '../kept/search.ts';
import { pathSegment } from '../url.ts';
import { relayedUrl } from './place.ts';

/**
 * Knowledge bases. They are made elsewhere, of a database, a bucket and an embedding model: here they are searched
 * (docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_Retrieve.html, read 2026-11-22).
 */
export const bedrockStores: ResourceAdapter = {
  'POST /{}/search': async ({ ids: [id = ''], body }, wire) => {
    const search = readSearch(body, wire);
    // What LiteLLM's users say for it alone.
    const own = asObject(body['retrievalConfiguration'] ?? body['retrieval_configuration']) ?? {};
    const filter = search.filter ? filterOf(search.filter) : search.ownFilter;
    const vectorSearchConfiguration = {
      ...asObject(own['vectorSearchConfiguration']),
      ...(search.limit !== undefined && { numberOfResults: search.limit }),
      ...(filter !== undefined && { filter }),
    };
    const retrievalConfiguration = { ...own, ...(Object.keys(vectorSearchConfiguration).length > 0 && { vectorSearchConfiguration }) };
    const answer = await wire.json({
      url: relayedUrl(wire.target, `/knowledgebases/${pathSegment(id)}/retrieve`),
      json: {
        retrievalQuery: { text: search.query },
        ...(Object.keys(retrievalConfiguration).length > 0 && { retrievalConfiguration }),
      },
    });
    return { body: searchPage(search, asObjects(answer['retrievalResults']).flatMap(foundOf)) };
  },
};

const foundOf = (result: JsonObject) => {
  const text = asString(asObject(result['content'])?.['text']);
  if (text === undefined) return [];
  const attributes = asObject(result['metadata']) ?? {};
  const location = asObject(result['location']) ?? {};
  const place = Object.values(location)
    .map((each) => asString(asObject(each)?.['uri']) ?? asString(asObject(each)?.['url']))
    .find((each) => each !== undefined);
  const fileId = asString(attributes['x-amz-bedrock-kb-source-uri']) ?? place ?? asString(attributes['x-amz-bedrock-kb-chunk-id']) ?? '';
  const score = result['score'];
  return [{ fileId, filename: lastSegment(fileId) || fileId, text, attributes, ...(typeof score === 'number' && { score }) }];
};

const names: Readonly<Record<Comparison, string>> = {
  eq: 'equals',
  ne: 'notEquals',
  gt: 'greaterThan',
  gte: 'greaterThanOrEquals',
  lt: 'lessThan',
  lte: 'lessThanOrEquals',
  in: 'in',
  nin: 'notIn',
};

const filterOf = (filter: Filter): JsonObject => {
  if (filter.kind === 'compare') return { [names[filter.comparison]]: { key: filter.key, value: filter.value } };
  // A list of one is refused.
  if (filter.filters.length === 1) return filterOf(filter.filters[0]!);
  return { [filter.kind === 'all' ? 'andAll' : 'orAll']: filter.filters.map(filterOf) };
};
