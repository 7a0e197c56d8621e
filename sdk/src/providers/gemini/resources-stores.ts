import { gemini as geminiProtocol } from '../../protocols/index.ts';
import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { SluiceError, type JsonObject, type ResourceAdapter, type Wire } from '../../types/index.ts';
import { countOf, lastSegment, secondsOf } from '../kept/file.ts';
import { listAfter } from '../kept/list.ts';
import { filterText, readSearch, searchPage, type Comparison } from '../kept/search.ts';
import { deletedStore, deletedStoreFile, storeFileObject, storeObject } from '../kept/store.ts';
import { jobFailed, noAnswer } from '../media/failure.ts';
import { poll } from '../media/poll.ts';
import { pathSegment } from '../url.ts';
import { fileKey, keyIn } from './resources-names.ts';

const collection = 'fileSearchStores';
const pathOf = (id: string): string => `/${collection}/${keyIn(collection, id)}`;
const documentOf = ([store = '', file = '']: readonly string[]): string => `${pathOf(store)}/documents/${pathSegment(lastSegment(file))}`;

/** File search stores (https://ai.google.dev/api/file-search/file-search-stores, read 2026-11-22). */
export const geminiStores: ResourceAdapter = {
  'POST ': async ({ body }, wire) => {
    for (const name of ['expires_after', 'chunking_strategy', 'metadata'] as const) if (body[name]) wire.lacks(name);
    const displayName = asString(body['name']);
    const store = await wire.json({ url: `/${collection}`, json: { ...(displayName !== undefined && { displayName }) } });
    const id = lastSegment(store['name']);
    for (const file of Array.isArray(body['file_ids']) ? body['file_ids'] : []) await importFile(id, { file_id: file }, wire);
    return { body: storeOf(store) };
  },
  'GET ': async ({ query }, wire) => ({
    body: await listAfter(query, async (pageToken) => {
      const answer = await wire.json({ url: `/${collection}`, query: { pageSize: 20, pageToken } });
      return { items: asObjects(answer[collection]).map(storeOf), next: asString(answer['nextPageToken']) };
    }),
  }),
  'GET /{}': async ({ ids: [id = ''] }, wire) => ({ body: storeOf(await wire.json({ url: pathOf(id) })) }),
  'DELETE /{}': async ({ ids: [id = ''] }, wire) => {
    // A store with documents in it is not deleted otherwise, and OpenAI's are.
    (await wire.stream({ method: 'DELETE', url: pathOf(id), query: { force: true } })).cancel();
    return { body: deletedStore(id) };
  },
  'POST /{}/files': async ({ ids: [id = ''], body }, wire) => ({ body: await importFile(id, body, wire) }),
  'GET /{}/files': async ({ ids: [id = ''], query }, wire) => ({
    body: await listAfter(query, async (pageToken) => {
      const answer = await wire.json({ url: `${pathOf(id)}/documents`, query: { pageSize: 20, pageToken } });
      return { items: asObjects(answer['documents']).map((document) => fileOf(document, id)), next: asString(answer['nextPageToken']) };
    }),
  }),
  'GET /{}/files/{}': async ({ ids }, wire) => ({ body: fileOf(await wire.json({ url: documentOf(ids) }), ids[0]!) }),
  'DELETE /{}/files/{}': async ({ ids }, wire) => {
    (await wire.stream({ method: 'DELETE', url: documentOf(ids), query: { force: true } })).cancel();
    return { body: deletedStoreFile(ids[1]!) };
  },
  'POST /{}/search': async ({ ids: [id = ''], body }, wire) => {
    const search = readSearch(body, wire);
    const { filter, ownFilter } = search;
    const metadataFilter = filter ? filterText(filter, compare, { all: ' AND ', any: ' OR ' }) : asString(ownFilter);
    const fileSearch = {
      fileSearchStoreNames: [pathOf(id).slice(1)],
      ...(search.limit !== undefined && { topK: search.limit }),
      ...(metadataFilter !== undefined && { metadataFilter }),
    };
    const json = { contents: [{ role: 'user', parts: [{ text: search.query }] }], tools: [{ fileSearch }] };
    const answer = await wire.json({ url: `/models/${searchModel(wire)}:generateContent`, json });
    const usage = geminiProtocol.response.usage(answer);
    return { body: searchPage(search, foundIn(answer)), ...(usage && { usage }) };
  },
};

/** Nothing but a model's tool searches a store; where no model is configured, LiteLLM's own choice (litellm/llms/gemini/vector_stores, read 2026-11-22). */
const searchModel = ({ model }: Wire): string => pathSegment(model.startsWith('gemini') ? model : 'gemini-2.5-flash');

const foundIn = (answer: JsonObject) =>
  asObjects(answer['candidates']).flatMap((candidate) =>
    asObjects(asObject(candidate['groundingMetadata'])?.['groundingChunks']).flatMap((chunk) => {
      const context = asObject(chunk['retrievedContext']);
      if (!context) return [];
      const title = asString(context['title']) ?? '';
      const uri = asString(context['uri']);
      return [
        {
          fileId: lastSegment(context['documentName'] ?? uri ?? title),
          filename: title,
          text: asString(context['text']) ?? '',
          attributes: { ...(uri !== undefined && { uri }), ...attributesOf(context['customMetadata']) },
        },
      ];
    }),
  );

const signs: Readonly<Partial<Record<Comparison, string>>> = { eq: '=', ne: '!=', gt: '>', gte: '>=', lt: '<', lte: '<=' };

/** The filters of Google's APIs (https://google.aip.dev/160, read 2026-11-22). */
const compare = ({ key, comparison, value }: { key: string; comparison: Comparison; value: unknown }): string => {
  const sign = signs[comparison];
  if (sign === undefined || !/^[\w.-]+$/.test(key))
    throw new SluiceError('invalid_request', `Gemini has no filter '${comparison}' for this key.`, { param: 'filters' });
  return `${key} ${sign} ${typeof value === 'number' || typeof value === 'boolean' ? value : JSON.stringify(String(value))}`;
};

/** Reads a file that was uploaded before into a store, and awaits it: only then it has a name. */
const importFile = async (store: string, { file_id: id, attributes }: JsonObject, wire: Wire): Promise<JsonObject> => {
  if (typeof id !== 'string' || id === '') throw new SluiceError('invalid_request', "'file_id' is missing.", { param: 'file_id' });
  const customMetadata = Object.entries(asObject(attributes) ?? {}).map(([key, value]) =>
    typeof value === 'number' ? { key, numericValue: value } : { key, stringValue: String(value) },
  );
  const json = { fileName: `files/${fileKey(id)}`, ...(customMetadata.length > 0 && { customMetadata }) };
  let operation: JsonObject | undefined = await wire.json({ url: `${pathOf(store)}:importFile`, json });
  const { name: running } = operation;
  const name = await poll(wire, async () => {
    operation ??= await wire.json({ url: `/${operationPath(running, wire)}` });
    const error = asObject(operation['error']);
    if (error) throw jobFailed(wire, asString(error['message']), { body: operation });
    const document = asString(asObject(operation['response'])?.['documentName']);
    if (document === undefined && operation['done'] === true) throw noAnswer(wire, "the document's name", operation);
    operation = undefined;
    return document;
  });
  return fileOf(await wire.json({ url: `${pathOf(store)}/documents/${pathSegment(lastSegment(name))}` }), store);
};

const operationPath = (name: unknown, wire: Wire): string => {
  if (typeof name === 'string' && /^[\w-]+(?:\/[\w-]+)+$/.test(name)) return name;
  throw noAnswer(wire, 'the name of its operation');
};

const storeOf = (store: JsonObject): JsonObject =>
  storeObject({
    id: lastSegment(store['name']),
    name: asString(store['displayName']),
    createdAt: secondsOf(store['createTime']),
    lastActiveAt: secondsOf(store['updateTime']),
    bytes: countOf(store['sizeBytes']),
    files: {
      in_progress: countOf(store['pendingDocumentsCount']),
      completed: countOf(store['activeDocumentsCount']),
      failed: countOf(store['failedDocumentsCount']),
    },
  });

const fileOf = (document: JsonObject, store: string): JsonObject =>
  storeFileObject({
    id: lastSegment(document['name']),
    storeId: store,
    createdAt: secondsOf(document['createTime']),
    bytes: countOf(document['sizeBytes']),
    status: document['state'] === 'STATE_PENDING' ? 'in_progress' : document['state'] === 'STATE_FAILED' ? 'failed' : 'completed',
    attributes: attributesOf(document['customMetadata']),
  });

const attributesOf = (list: unknown): JsonObject =>
  Object.fromEntries(
    asObjects(list).map((each) => [
      String(each['key']),
      each['stringValue'] ?? each['numericValue'] ?? asObject(each['stringListValue'])?.['values'] ?? null,
    ]),
  );
