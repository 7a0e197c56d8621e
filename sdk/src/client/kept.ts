import { splitRequest, type CallOptions } from './options.ts';
import type { ProviderPrefix } from './models.ts';
import type {
  Batch,
  BatchParams,
  Deleted,
  FileObject,
  FileParams,
  FineTuningJob,
  FineTuningParams,
  Page,
  PageParams,
  VectorStore,
  VectorStoreParams,
  VectorStoreSearchParams,
  VectorStoreSearchResults,
} from './wire/kept.ts';
import type { SpeechResponse } from './wire/media.ts';
import type { Open } from './wire/open.ts';
import type { ResourceKind } from '../types/index.ts';

/** `provider`: whose things they are. */
type Kept<P> = Open<P & CallOptions & { provider: ProviderPrefix | (string & {}) }>;
type Named = { id: string };

/** What one function does, in the words of OpenAI's API. */
type Act = readonly [method: 'GET' | 'POST' | 'DELETE', kind: ResourceKind, rest: string];

const answerOf = async ([method, kind, rest]: Act, request: object) => {
  const { options, body } = splitRequest(request);
  const { provider, id, ...members } = body;
  const { callKept } = await import('./engine.ts');
  return callKept({ provider: String(provider), kind, method, rest, members, ...(id !== undefined && { ids: [String(id)] }) }, options);
};

const json =
  <P, T>(...act: Act) =>
  async (request: Kept<P>): Promise<T> => {
    const answer = await answerOf(act, request);
    const { jsonOf } = await import('./engine.ts');
    return jsonOf(answer) as Promise<T>;
  };

/** Uploads a file. @throws SluiceError */
export const createFile = json<FileParams, FileObject>('POST', 'files', '');
export const listFiles = json<PageParams & { purpose?: string }, Page<FileObject>>('GET', 'files', '');
export const retrieveFile = json<Named, FileObject>('GET', 'files', '/{}');
export const deleteFile = json<Named, Deleted>('DELETE', 'files', '/{}');

/** What a file holds, as it comes. @throws SluiceError */
export const fileContent = async (request: Kept<Named>): Promise<SpeechResponse> => {
  const answer = await answerOf(['GET', 'files', '/{}/content'], request);
  const { bytesOf } = await import('./engine.ts');
  return bytesOf(answer);
};

/** Begins a batch of requests that were uploaded as a file. @throws SluiceError */
export const createBatch = json<BatchParams, Batch>('POST', 'batches', '');
export const listBatches = json<PageParams, Page<Batch>>('GET', 'batches', '');
export const retrieveBatch = json<Named, Batch>('GET', 'batches', '/{}');
export const cancelBatch = json<Named, Batch>('POST', 'batches', '/{}/cancel');

/** Begins to tune a model. @throws SluiceError */
export const createFineTuningJob = json<FineTuningParams, FineTuningJob>('POST', 'fine_tuning', '');
export const listFineTuningJobs = json<PageParams, Page<FineTuningJob>>('GET', 'fine_tuning', '');
export const retrieveFineTuningJob = json<Named, FineTuningJob>('GET', 'fine_tuning', '/{}');
export const cancelFineTuningJob = json<Named, FineTuningJob>('POST', 'fine_tuning', '/{}/cancel');

export const createVectorStore = json<VectorStoreParams, VectorStore>('POST', 'vector_stores', '');
export const listVectorStores = json<PageParams, Page<VectorStore>>('GET', 'vector_stores', '');
export const retrieveVectorStore = json<Named, VectorStore>('GET', 'vector_stores', '/{}');
export const deleteVectorStore = json<Named, Deleted>('DELETE', 'vector_stores', '/{}');
/** The pieces of a vector store that answer a query best. @throws SluiceError */
export const searchVectorStore = json<Named & VectorStoreSearchParams, VectorStoreSearchResults>('POST', 'vector_stores', '/{}/search');

/** A response that its provider keeps. @throws SluiceError */
export const retrieveResponse = json<Named, { id: string; [member: string]: unknown }>('GET', 'responses', '/{}');
export const deleteResponse = json<Named, Deleted>('DELETE', 'responses', '/{}');
export const cancelResponse = json<Named, { id: string; [member: string]: unknown }>('POST', 'responses', '/{}/cancel');
/** What a response was asked with. @throws SluiceError */
export const listInputItems = json<Named & PageParams, Page<{ [member: string]: unknown }>>('GET', 'responses', '/{}/input_items');
