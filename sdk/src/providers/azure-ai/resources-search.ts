import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { SluiceError, type JsonObject, type ResourceAdapter, type Target } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import { listOf } from '../kept/list.ts';
import { filterText, readSearch, searchPage, type Comparison } from '../kept/search.ts';
import { storeObject } from '../kept/store.ts';
import { pathSegment } from '../url.ts';
import { wantedBase } from './url.ts';

/*
 * Indexes of Azure AI Search. The words of a query are searched for; where `azure_search_vector_field` names a field, what
 * they mean as well: the index's own vectorizer embeds them. learn.microsoft.com/rest/api/searchservice/documents/search-post
 * (2024-07-01), read 2026-11-22; names of options as in BerriAI/litellm litellm/llms/azure_ai/vector_stores.
 */

const apiVersion = '2024-07-01';
const pathOf = (target: Target, path: string): string => `${wantedBase(target).origin}${path}?api-version=${apiVersion}`;

export const azureSearch: ResourceAdapter = {
  'GET ': async (_, wire) => {
    const answer = await wire.json({ url: `${pathOf(wire.target, '/indexes')}&%24select=name` });
    return { body: listOf(asObjects(answer['value']).map(indexOf), false) };
  },
  'GET /{}': async ({ ids: [id = ''] }, wire) => ({
    body: indexOf(await wire.json({ url: pathOf(wire.target, `/indexes/${pathSegment(id)}`) })),
  }),
  'POST /{}/search': async ({ ids: [id = ''], body }, wire) => {
    const { target } = wire;
    const search = readSearch(body, wire);
    const { filter, ownFilter, query } = search;
    const top = search.limit ?? 10;
    const said = filter ? filterText(filter, compare, { all: ' and ', any: ' or ' }) : asString(ownFilter);
    const fields = textOption(target, 'azure_search_vector_field');
    const json = {
      search: query,
      top,
      ...(fields !== undefined && { vectorQueries: [{ kind: 'text', text: query, fields, k: top }] }),
      ...(said !== undefined && { filter: said }),
    };
    const answer = await wire.json({ url: pathOf(target, `/indexes/${pathSegment(id)}/docs/search`), json });
    return { body: searchPage(search, asObjects(answer['value']).map(foundOf)) };
  },
};

const indexOf = (index: JsonObject): JsonObject => {
  const name = asString(index['name']) ?? '';
  return storeObject({ id: name, name, createdAt: undefined });
};

/** What indexes call their parts, by Azure's own wizards and samples. */
const idFields = ['id', 'chunk_id', 'key'] as const;
const textFields = ['content', 'chunk', 'text', 'page_content'] as const;
const titleFields = ['title', 'filename', 'metadata_storage_name', 'metadata_storage_path', 'url'] as const;

const foundOf = (document: JsonObject) => {
  const first = (names: readonly string[]): string | undefined =>
    names.map((name) => asString(document[name])).find((each) => each !== undefined);
  const id = first(idFields) ?? '';
  const score = document['@search.rerankerScore'] ?? document['@search.score'];
  const text = first(textFields);
  const attributes: JsonObject = {};
  for (const [name, value] of Object.entries(document)) {
    // Vectors are long, and of no use to anybody.
    const isVector = Array.isArray(value) && typeof value[0] === 'number';
    if (!name.startsWith('@') && !isVector && !(textFields as readonly string[]).includes(name) && asObject(value) === undefined)
      attributes[name] = value;
  }
  return { fileId: id, filename: first(titleFields) ?? id, text: text ?? '', attributes, ...(typeof score === 'number' && { score }) };
};

const literal = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : `'${String(value).replaceAll("'", "''")}'`;

/** OData (learn.microsoft.com/azure/search/search-query-odata-filter, read 2026-11-22). */
const compare = ({ key, comparison, value }: { key: string; comparison: Comparison; value: unknown }): string => {
  if (!/^\w[\w/]*$/.test(key)) throw new SluiceError('invalid_request', 'Azure AI Search has no such field.', { param: 'filters' });
  if (comparison !== 'in' && comparison !== 'nin') return `${key} ${operators[comparison]} ${literal(value)}`;
  const any = (Array.isArray(value) ? value : [value]).map((each) => `${key} eq ${literal(each)}`).join(' or ');
  return comparison === 'in' ? `(${any})` : `not (${any})`;
};

const operators: Readonly<Record<Exclude<Comparison, 'in' | 'nin'>, string>> = {
  eq: 'eq',
  ne: 'ne',
  gt: 'gt',
  gte: 'ge',
  lt: 'lt',
  lte: 'le',
};
