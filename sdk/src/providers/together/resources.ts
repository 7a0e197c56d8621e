import { asObject, asObjects, asString, parseObject } from '../../protocols/shared/read.ts';
import type { JsonObject, ResourceAdapter } from '../../types/index.ts';
import { batchObject, wantInputFile, type BatchStatus } from '../kept/batch.ts';
import { countOf, fileObject, secondsOf } from '../kept/file.ts';
import { listOf } from '../kept/list.ts';
import { relayedFiles } from '../kept/relay.ts';
import { noAnswer } from '../media/failure.ts';
import { pathSegment } from '../url.ts';

/*
 * Files are uploaded elsewhere than OpenAI's, with more said about them; jobs tell their status in capitals. Sources, read
 * 2026-11-22: the npm package together-ai 0.52.0, docs.together.ai/reference/upload-file and /reference/batch-create.
 */

const purposes: Readonly<Record<string, string | undefined>> = { batch: 'batch-api' };

export const togetherFiles: ResourceAdapter = relayedFiles({
  uploadPath: '/files/upload',
  fields: ({ purpose }, filename) => {
    const said = asString(purpose) ?? 'fine-tune';
    const type = filename.endsWith('.csv') ? 'csv' : filename.endsWith('.parquet') ? 'parquet' : 'jsonl';
    return [
      ['purpose', purposes[said] ?? said],
      ['file_name', filename],
      ['file_type', type],
    ];
  },
  object: (file) =>
    fileObject({
      id: asString(file['id']) ?? '',
      bytes: countOf(file['bytes']),
      created_at: secondsOf(file['created_at']),
      filename: asString(file['filename']) ?? '',
      purpose: file['purpose'] === 'batch-api' ? 'batch' : (asString(file['purpose']) ?? ''),
      status: file['Processed'] === false ? 'uploaded' : 'processed',
    }),
});

export const togetherBatches: ResourceAdapter = {
  'POST ': async ({ body }, wire) => {
    const { metadata, input_file_id: _input, ...rest } = body;
    if (asObject(metadata)) wire.drop('metadata', 'Together AI keeps none');
    const answer = await wire.json({ url: '/batches', json: { ...rest, input_file_id: wantInputFile(body) } });
    return { body: objectOf(asObject(answer['job']) ?? answer) };
  },
  // All of them at once, as a list.
  'GET ': async (_, wire) => {
    const { bytes } = await wire.file({ url: '/batches' });
    const list = parseObject(`{"data":${await bytes.text()}}`)?.['data'];
    if (!Array.isArray(list)) throw noAnswer(wire, 'a list of batches');
    return { body: listOf(asObjects(list).map(objectOf), false) };
  },
  'GET /{}': async ({ ids: [id = ''] }, wire) => ({ body: objectOf(await wire.json({ url: `/batches/${pathSegment(id)}` })) }),
  'POST /{}/cancel': async ({ ids: [id = ''] }, wire) => ({
    body: objectOf(await wire.json({ method: 'POST', url: `/batches/${pathSegment(id)}/cancel` })),
  }),
};

const statuses: Readonly<Record<string, BatchStatus | undefined>> = {
  VALIDATING: 'validating',
  IN_PROGRESS: 'in_progress',
  COMPLETED: 'completed',
  FAILED: 'failed',
  EXPIRED: 'expired',
  CANCELLED: 'cancelled',
};

const objectOf = (job: JsonObject): JsonObject => {
  const error = asString(job['error']);
  return batchObject({
    id: asString(job['id']) ?? '',
    endpoint: asString(job['endpoint']) ?? '',
    status: statuses[asString(job['status']) ?? ''] ?? 'in_progress',
    inputFileId: asString(job['input_file_id']),
    outputFileId: asString(job['output_file_id']) || undefined,
    errorFileId: asString(job['error_file_id']) || undefined,
    createdAt: secondsOf(job['created_at']),
    endedAt: secondsOf(job['completed_at']),
    expiresAt: secondsOf(job['job_deadline']),
    errors: error ? [{ code: 'error', message: error }] : undefined,
    model: asString(job['model_id']) || undefined,
  });
};
