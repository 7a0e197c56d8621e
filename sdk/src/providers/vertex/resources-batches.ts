import { asArray, asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { SluiceError, type JsonObject, type ResourceAdapter, type Wire } from '../../types/index.ts';
import { batchObject, chatEndpoint, wantInputFile, type BatchStatus } from '../kept/batch.ts';
import { countOf, lastSegment, plainId, secondsOf } from '../kept/file.ts';
import { listAfter } from '../kept/list.ts';
import { modelOfObject, ownObject } from './resources-storage.ts';

/** The whole URL of a path below the target's project and place. */
export type PlaceUrl = (path: string, wire: Wire) => Promise<string>;

const jobs = '/batchPredictionJobs';

/** Batch predictions (docs.cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.batchPredictionJobs, read 2026-11-22). */
export const vertexBatches = (urlOf: PlaceUrl): ResourceAdapter => {
  const jobOf = async (id: string, wire: Wire): Promise<JsonObject> =>
    objectOf(await wire.json({ url: await urlOf(`${jobs}/${jobId(id)}`, wire) }));
  return {
    'POST ': async ({ body }, wire) => {
      const { uri, object } = ownObject(wantInputFile(body), wire.target);
      const named = modelOfObject(object) ?? (/^gemini-[\w.-]+$/.test(wire.model) ? `publishers/google/models/${wire.model}` : undefined);
      if (named === undefined)
        throw new SluiceError('invalid_request', 'The model of the batch is not known: upload its file here with `purpose: batch`.', {
          param: 'input_file_id',
        });
      const metadata = asObject(body['metadata']);
      if (metadata && Object.keys(metadata).some((key) => key !== 'name')) wire.drop('metadata', 'Vertex AI keeps none but a `name`');
      const json = {
        displayName: asString(metadata?.['name']) ?? `batch-${crypto.randomUUID()}`,
        model: named,
        inputConfig: { instancesFormat: 'jsonl', gcsSource: { uris: [uri] } },
        outputConfig: { predictionsFormat: 'jsonl', gcsDestination: { outputUriPrefix: uri.slice(0, uri.lastIndexOf('/')) } },
      };
      return { body: objectOf(await wire.json({ url: await urlOf(jobs, wire), json })) };
    },
    'GET ': async ({ query }, wire) => {
      const url = await urlOf(jobs, wire);
      return {
        body: await listAfter(query, async (pageToken) => {
          const answer = await wire.json({ url, query: { pageSize: 100, pageToken } });
          return { items: asObjects(answer['batchPredictionJobs']).map(objectOf), next: asString(answer['nextPageToken']) };
        }),
      };
    },
    'GET /{}': async ({ ids: [id = ''] }, wire) => ({ body: await jobOf(id, wire) }),
    'POST /{}/cancel': async ({ ids: [id = ''] }, wire) => {
      await wire.json({ method: 'POST', url: await urlOf(`${jobs}/${jobId(id)}:cancel`, wire) });
      return { body: await jobOf(id, wire) };
    },
  };
};

const jobId = (id: string): string => {
  const last = lastSegment(plainId(id));
  if (/^[\w-]{1,128}$/.test(last)) return last;
  throw new SluiceError('invalid_request', 'This is no id of a batch of Vertex AI.', { param: 'id' });
};

const statuses: Readonly<Record<string, BatchStatus | undefined>> = {
  QUEUED: 'validating',
  PENDING: 'validating',
  RUNNING: 'in_progress',
  PAUSED: 'in_progress',
  UPDATING: 'in_progress',
  SUCCEEDED: 'completed',
  PARTIALLY_SUCCEEDED: 'completed',
  FAILED: 'failed',
  CANCELLING: 'cancelling',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
};

const objectOf = (job: JsonObject): JsonObject => {
  const directory = asString(asObject(job['outputInfo'])?.['gcsOutputDirectory']);
  const stats = asObject(job['completionStats']);
  const completed = countOf(stats?.['successfulCount']);
  const failed = countOf(stats?.['failedCount']);
  const error = asObject(job['error']);
  const name = asString(job['displayName']);
  return batchObject({
    id: lastSegment(job['name']),
    endpoint: chatEndpoint,
    status: statuses[(asString(job['state']) ?? '').replace('JOB_STATE_', '')] ?? 'in_progress',
    inputFileId: asString(asArray(asObject(asObject(job['inputConfig'])?.['gcsSource'])?.['uris'])[0]),
    outputFileId: directory ? `${directory.replace(/\/+$/, '')}/predictions.jsonl` : undefined,
    createdAt: secondsOf(job['createTime']),
    startedAt: secondsOf(job['startTime']),
    endedAt: secondsOf(job['endTime']),
    ...(stats && { counts: { total: completed + failed + Math.max(0, countOf(stats['incompleteCount'])), completed, failed } }),
    errors: error && [{ code: String(error['code'] ?? 'error'), message: asString(error['message']) ?? '' }],
    metadata: name === undefined ? null : { name },
    model: asString(job['model'])?.replace('publishers/google/models/', ''),
  });
};
