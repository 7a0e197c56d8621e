import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { SluiceError, type JsonObject, type ResourceResult, type Wire } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import { serviceRoot } from '../google/place.ts';
import { filterText, searchPage, type Comparison, type StoreSearch } from '../kept/search.ts';
import { pathSegment } from '../url.ts';
import type { PlaceUrl } from './resources-batches.ts';

/*
 * Vertex AI Search: data stores, and apps over several of them. It is meant where the configuration says `vertex_ai/search_api`
 * or names an app (LiteLLM's `vertex_app_id`). docs.cloud.google.com/generative-ai-app-builder/docs/reference/rest/v1/
 * projects.locations.collections.dataStores.servingConfigs/search and BerriAI/litellm
 * litellm/llms/vertex_ai/vector_stores/search_api, read 2026-11-22.
 */

const appOf = ({ target }: Wire): string | undefined => textOption(target, 'vertex_app_id') ?? textOption(target, 'vertex_engine_id');

export const isDataStore = (wire: Wire): boolean => wire.model === 'search_api' || appOf(wire) !== undefined;

const names = { all: ' AND ', any: ' OR ' } as const;
const signs: Readonly<Partial<Record<Comparison, string>>> = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=' };

/** Its own filter language: numbers are compared, texts are any of a list (docs.cloud.google.com/generative-ai-app-builder/docs/filter-search-metadata). */
const compare = ({ key, comparison, value }: { key: string; comparison: Comparison; value: unknown }): string => {
  const sign = signs[comparison];
  if (!/^[\w.-]+$/.test(key)) throw unknownFilter();
  if (typeof value === 'number' && sign !== undefined) return `${key} ${sign} ${value}`;
  const texts = Array.isArray(value) ? value : [value];
  const any = `${key}: ANY(${texts.map((each) => JSON.stringify(String(each))).join(', ')})`;
  if (comparison === 'eq' || comparison === 'in') return any;
  if (comparison === 'ne' || comparison === 'nin') return `NOT ${any}`;
  throw unknownFilter();
};

const unknownFilter = (): SluiceError => new SluiceError('invalid_request', 'Vertex AI Search has no such filter.', { param: 'filters' });

export const searchDataStore = async (search: StoreSearch, id: string, wire: Wire, urlOf: PlaceUrl): Promise<ResourceResult> => {
  const { target } = wire;
  const app = appOf(wire);
  const collection = `/collections/${pathSegment(textOption(target, 'vertex_collection_id') ?? 'default_collection')}`;
  const config = pathSegment(textOption(target, 'vertex_serving_config') ?? (app === undefined ? 'default_config' : 'default_search'));
  // Asked for its project and place alone: it has a host of its own.
  const place = /\/projects\/[^/]+\/locations\/[^/?]+/.exec(await urlOf('/', wire))?.[0] ?? '';
  const location = place.slice(place.lastIndexOf('/') + 1);
  const own = location === 'global' ? 'https://discoveryengine.googleapis.com' : `https://${location}-discoveryengine.googleapis.com`;
  const what = app === undefined ? `/dataStores/${pathSegment(id)}` : `/engines/${pathSegment(app)}`;
  const stores = target.options?.['vertex_datastores'];
  const { filter, ownFilter } = search;
  const said = filter ? filterText(filter, compare, names) : asString(ownFilter);
  const json: JsonObject = {
    query: search.query,
    pageSize: search.limit ?? 10,
    ...(said !== undefined && { filter: said }),
    ...(app !== undefined &&
      Array.isArray(stores) &&
      stores.length > 0 && {
        dataStoreSpecs: stores.map((each: unknown) => {
          const name = String(each);
          return { dataStore: name.startsWith('projects/') ? name : `${place.slice(1)}${collection}/dataStores/${pathSegment(name)}` };
        }),
      }),
  };
  const url = `${serviceRoot(target, own)}/v1${place}${collection}${what}/servingConfigs/${config}:search`;
  const answer = await wire.json({ url, json });
  return {
    body: searchPage(search, asObjects(answer['results']).map(foundOf)),
    usage: { inputTokens: 0, outputTokens: 0, units: { queries: 1 } },
  };
};

const foundOf = (result: JsonObject) => {
  const document = asObject(result['document']) ?? {};
  const derived = asObject(document['derivedStructData']) ?? {};
  const pieces = [
    ...asObjects(derived['extractive_segments']).map(({ content }) => asString(content)),
    ...asObjects(derived['extractive_answers']).map(({ content }) => asString(content)),
    ...asObjects(derived['snippets']).map((each) => asString(each['snippet']) ?? asString(each['htmlSnippet'])),
  ].filter((each) => each !== undefined);
  const struct = asObject(document['structData']);
  const link = asString(derived['link']);
  const title = asString(derived['title']) ?? asString(struct?.['title']);
  const documentId = asString(document['id']) ?? asString(result['id']) ?? '';
  return {
    fileId: link ?? documentId,
    filename: title ?? documentId,
    text: pieces.join('\n') || asString(struct?.['content']) || title || '',
    attributes: { document_id: documentId, ...(link !== undefined && { link }), ...(title !== undefined && { title }) },
  };
};
