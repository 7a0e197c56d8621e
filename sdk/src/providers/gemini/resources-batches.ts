import { newId } from '../../lib/ids.ts';
import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import type { JsonObject, ResourceAdapter, Wire } from '../../types/index.ts';
import { batchObject, chatEndpoint, embeddingsEndpoint, wantInputFile, type BatchStatus } from '../kept/batch.ts';
import { countOf, lastSegment, secondsOf } from '../kept/file.ts';
import { listAfter } from '../kept/list.ts';
import { pathSegment } from '../url.ts';
import { inlineOutputId, outputOf } from './resources-output.ts';
import { fileKey, fileUri, keyIn, readBatchFileName, wantModel } from './resources-names.ts';

/** Google's batch jobs (https://ai.google.dev/api/batch-api, read 2026-11-22). */
export const geminiBatches: ResourceAdapter = {
  'POST ': async ({ body }, wire) => {
    const fileName = `files/${fileKey(wantInputFile(body))}`;
    const about = readBatchFileName(asString((await wire.json({ url: `/${fileName}` }))['displayName']) ?? '');
    const model = pathSegment(wantModel(about?.model, wire));
    const embeds = about ? about.kind === 'embeddings' : body['endpoint'] === embeddingsEndpoint;
    const metadata = asObject(body['metadata']);
    const displayName = asString(metadata?.['name']) ?? newId('batch-');
    if (metadata && Object.keys(metadata).some((key) => key !== 'name')) wire.drop('metadata', 'Gemini keeps none but a `name`');
    const batch = { displayName, inputConfig: { fileName } };
    const url = `/models/${model}:${embeds ? 'asyncBatchEmbedContent' : 'batchGenerateContent'}`;
    return { body: { ...objectOf(await wire.json({ url, json: { batch } })), input_file_id: fileUri(fileName) } };
  },
  'GET ': async ({ query }, wire) => ({
    body: await listAfter(query, async (pageToken) => {
      const answer = await wire.json({ url: '/batches', query: { pageSize: 100, pageToken } });
      return { items: asObjects(answer['operations']).map(objectOf), next: asString(answer['nextPageToken']) };
    }),
  }),
  'GET /{}': async ({ ids: [id = ''] }, wire) => ({ body: await batchOf(id, wire) }),
  'POST /{}/cancel': async ({ ids: [id = ''] }, wire) => {
    await wire.json({ method: 'POST', url: `/batches/${keyIn('batches', id)}:cancel` });
    return { body: await batchOf(id, wire) };
  },
};

const batchOf = async (id: string, wire: Wire): Promise<JsonObject> =>
  objectOf(await wire.json({ url: `/batches/${keyIn('batches', id)}` }));

const statuses: Readonly<Record<string, BatchStatus | undefined>> = {
  PENDING: 'validating',
  QUEUED: 'validating',
  RUNNING: 'in_progress',
  SUCCEEDED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
};

/** An operation, whose metadata is the job. */
const objectOf = (operation: JsonObject): JsonObject => {
  const job = asObject(operation['metadata']) ?? operation;
  const id = lastSegment(operation['name'] ?? job['name']);
  const state = (asString(job['state']) ?? '').replace(/^(?:BATCH|JOB)_STATE_/, '');
  const output = outputOf(operation);
  const responsesFile = asString(output?.['responsesFile']);
  const inline = output?.['inlinedResponses'] !== undefined;
  const fileName = asString(asObject(job['inputConfig'])?.['fileName']);
  const stats = asObject(job['batchStats']) ?? {};
  const error = asObject(operation['error']);
  const name = asString(job['displayName']);
  return batchObject({
    id,
    endpoint: asString(job['@type'])?.endsWith('EmbedContentBatch') ? embeddingsEndpoint : chatEndpoint,
    status: statuses[state] ?? (error ? 'failed' : operation['done'] === true ? 'completed' : 'in_progress'),
    inputFileId: fileName === undefined ? undefined : fileUri(fileName),
    outputFileId: responsesFile !== undefined ? fileUri(responsesFile) : inline ? inlineOutputId(id) : undefined,
    createdAt: secondsOf(job['createTime']),
    endedAt: secondsOf(job['endTime']),
    counts: {
      total: countOf(stats['requestCount']),
      completed: countOf(stats['successfulRequestCount']),
      failed: countOf(stats['failedRequestCount']),
    },
    errors: error && [{ code: String(error['status'] ?? error['code'] ?? 'error'), message: asString(error['message']) ?? '' }],
    metadata: name === undefined ? null : { name },
    model: asString(job['model'])?.replace(/^models\//, ''),
  });
};
