import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { SluiceError, type JsonObject, type ResourceAdapter, type Wire } from '../../types/index.ts';
import { lastSegment, plainId, secondsOf } from '../kept/file.ts';
import { listAfter } from '../kept/list.ts';
import { filterText, readSearch, searchPage, type Comparison } from '../kept/search.ts';
import { deletedStore, deletedStoreFile, storeFileObject, storeObject } from '../kept/store.ts';
import { jobFailed, noAnswer } from '../media/failure.ts';
import { poll } from '../media/poll.ts';
import type { PlaceUrl } from './resources-batches.ts';
import { searchDataStore, isDataStore } from './resources-search.ts';
import { ownObject } from './resources-storage.ts';

const corpora = '/ragCorpora';

/** Ids are the last part of a name; the whole name is taken as well. @throws SluiceError `invalid_request` */
const idOf = (id: string): string => {
  const last = lastSegment(plainId(id));
  if (/^[\w-]{1,128}$/.test(last)) return last;
  throw new SluiceError('invalid_request', 'This is no id of a corpus of Vertex AI.', { param: 'vector_store_id' });
};

/**
 * Corpora of Vertex AI's RAG engine (docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/rag-api-v1, read
 * 2026-11-22); of a data store or an app of Vertex AI Search there is the search alone.
 */
export const vertexStores = (urlOf: PlaceUrl): ResourceAdapter => {
  const corpusUrl = (id: string, wire: Wire, below = ''): Promise<string> => urlOf(`${corpora}/${idOf(id)}${below}`, wire);
  const finish = (begun: JsonObject, wire: Wire): Promise<JsonObject> => {
    let operation: JsonObject | undefined = begun;
    const name = operationName(begun['name']);
    return poll(wire, async () => {
      operation ??= await wire.json({ url: await urlOf(`/${name ?? ''}`, wire) });
      const error = asObject(operation['error']);
      if (error) throw jobFailed(wire, asString(error['message']), { body: operation });
      if (operation['done'] === true) return asObject(operation['response']) ?? {};
      if (name === undefined) throw noAnswer(wire, 'the name of its operation', operation);
      operation = undefined;
      return undefined;
    });
  };
  return {
    'POST ': async ({ body }, wire) => {
      for (const name of ['expires_after', 'chunking_strategy', 'file_ids', 'metadata'] as const) if (body[name]) wire.lacks(name);
      const json = {
        displayName: asString(body['name']) ?? 'vector store',
        ...(body['description'] !== undefined && { description: body['description'] }),
      };
      return { body: corpusOf(await finish(await wire.json({ url: await urlOf(corpora, wire), json }), wire)) };
    },
    'GET ': async ({ query }, wire) => {
      const url = await urlOf(corpora, wire);
      return {
        body: await listAfter(query, async (pageToken) => {
          const answer = await wire.json({ url, query: { pageSize: 100, pageToken } });
          return { items: asObjects(answer['ragCorpora']).map(corpusOf), next: asString(answer['nextPageToken']) };
        }),
      };
    },
    'GET /{}': async ({ ids: [id = ''] }, wire) => ({ body: corpusOf(await wire.json({ url: await corpusUrl(id, wire) })) }),
    'DELETE /{}': async ({ ids: [id = ''] }, wire) => {
      // With what is in it.
      await finish(await wire.json({ method: 'DELETE', url: await corpusUrl(id, wire), query: { force: true } }), wire);
      return { body: deletedStore(id) };
    },
    'POST /{}/files': async ({ ids: [id = ''], body }, wire) => {
      const { file_id: file, attributes } = body;
      if (typeof file !== 'string') throw new SluiceError('invalid_request', "'file_id' is missing.", { param: 'file_id' });
      if (asObject(attributes)) wire.lacks('attributes');
      const { uri } = ownObject(file, wire.target);
      const json = { importRagFilesConfig: { gcsSource: { uris: [uri] } } };
      await finish(await wire.json({ url: await corpusUrl(id, wire, '/ragFiles:import'), json }), wire);
      return { body: storeFileObject({ id: file, storeId: id, createdAt: Math.floor(wire.now() / 1000), status: 'completed' }) };
    },
    'GET /{}/files': async ({ ids: [id = ''], query }, wire) => {
      const url = await corpusUrl(id, wire, '/ragFiles');
      return {
        body: await listAfter(query, async (pageToken) => {
          const answer = await wire.json({ url, query: { pageSize: 100, pageToken } });
          return { items: asObjects(answer['ragFiles']).map((file) => fileOf(file, id)), next: asString(answer['nextPageToken']) };
        }),
      };
    },
    'GET /{}/files/{}': async ({ ids: [id = '', file = ''] }, wire) => ({
      body: fileOf(await wire.json({ url: await corpusUrl(id, wire, `/ragFiles/${idOf(file)}`) }), id),
    }),
    'DELETE /{}/files/{}': async ({ ids: [id = '', file = ''] }, wire) => {
      await finish(await wire.json({ method: 'DELETE', url: await corpusUrl(id, wire, `/ragFiles/${idOf(file)}`) }), wire);
      return { body: deletedStoreFile(file) };
    },
    'POST /{}/search': async ({ ids: [id = ''], body }, wire) => {
      const search = readSearch(body, wire);
      if (isDataStore(wire)) return searchDataStore(search, id, wire, urlOf);
      const { filter, ownFilter } = search;
      const metadataFilter = filter ? filterText(filter, compare, { all: ' && ', any: ' || ' }) : asString(ownFilter);
      const url = await urlOf(':retrieveContexts', wire);
      const place = /projects\/[^/]+\/locations\/[^/:]+/.exec(url)?.[0];
      if (place === undefined)
        throw new SluiceError('invalid_request', 'A search needs the project: give vertex_project.', { param: 'vertex_project' });
      const config = {
        ...(search.limit !== undefined && { topK: search.limit }),
        ...(metadataFilter !== undefined && { filter: { metadataFilter } }),
      };
      const json = {
        vertexRagStore: { ragResources: [{ ragCorpus: `${place}${corpora}/${idOf(id)}` }] },
        query: { text: search.query, ...(Object.keys(config).length > 0 && { ragRetrievalConfig: config }) },
      };
      const answer = await wire.json({ url, json });
      return { body: searchPage(search, asObjects(asObject(answer['contexts'])?.['contexts']).map(foundOf)) };
    },
  };
};

/** `projects/1/locations/l/ragCorpora/2/operations/3` -> what is below the place, which the target knows. */
const operationName = (name: unknown): string | undefined =>
  /^(?:projects\/[^/]+\/locations\/[^/]+\/)?((?:[\w-]+\/)*operations\/[\w-]+)$/.exec(asString(name) ?? '')?.[1];

const foundOf = (context: JsonObject) => {
  const uri = asString(context['sourceUri']) ?? '';
  const name = asString(context['sourceDisplayName']) ?? '';
  const score = context['score'];
  return {
    fileId: uri || name,
    filename: name || lastSegment(uri),
    text: asString(context['text']) ?? '',
    attributes: {
      ...(uri !== '' && { sourceUri: uri }),
      ...(asObject(context['chunk'])?.['pageSpan'] !== undefined && { pageSpan: asObject(context['chunk'])!['pageSpan'] }),
    },
    // A distance or a likeness, as the database of the corpus has it.
    ...(typeof score === 'number' && { score }),
  };
};

const signs: Readonly<Partial<Record<Comparison, string>>> = { eq: '==', ne: '!=', gt: '>', gte: '>=', lt: '<', lte: '<=' };

const compare = ({ key, comparison, value }: { key: string; comparison: Comparison; value: unknown }): string => {
  const sign = signs[comparison];
  if (sign === undefined || !/^[\w.-]+$/.test(key))
    throw new SluiceError('invalid_request', `Vertex AI has no filter '${comparison}' for this key.`, { param: 'filters' });
  return `${key} ${sign} ${typeof value === 'number' || typeof value === 'boolean' ? value : JSON.stringify(String(value))}`;
};

const corpusOf = (corpus: JsonObject): JsonObject =>
  storeObject({
    id: lastSegment(corpus['name']),
    name: asString(corpus['displayName']),
    createdAt: secondsOf(corpus['createTime']),
    lastActiveAt: secondsOf(corpus['updateTime']),
    files: { in_progress: 0, completed: Number(corpus['ragFilesCount'] ?? 0) || 0, failed: 0 },
  });

const fileOf = (file: JsonObject, store: string): JsonObject => {
  const state = asString(asObject(file['fileStatus'])?.['state']);
  return storeFileObject({
    id: lastSegment(file['name']),
    storeId: store,
    createdAt: secondsOf(file['createTime']),
    bytes: Number(file['sizeBytes'] ?? 0) || 0,
    status: state === 'ERROR' ? 'failed' : state === 'ACTIVE' || state === undefined ? 'completed' : 'in_progress',
    error: asString(asObject(file['fileStatus'])?.['errorStatus']),
    attributes: { display_name: textOf(file['displayName']) },
  });
};

const textOf = (value: unknown): string => asString(value) ?? '';
