import { asArray, asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { SluiceError, type JsonObject, type ResourceAdapter } from '../../types/index.ts';
import { batchObject, wantInputFile, windowHours, type BatchStatus } from '../kept/batch.ts';
import { countOf, secondsOf } from '../kept/file.ts';
import { listAfter } from '../kept/list.ts';
import { pathSegment } from '../url.ts';

/*
 * Mistral's batch and fine-tuning jobs; its files are as OpenAI's (docs.mistral.ai/api and its OpenAPI document, read
 * 2026-11-22). The lines of its results are OpenAI's.
 */

const jobs = '/batch/jobs';
const pageSize = 100;

export const mistralBatches: ResourceAdapter = {
  'POST ': async ({ body }, wire) => {
    const hours = windowHours(body);
    const { endpoint, metadata, model } = body;
    const named = typeof model === 'string' ? model : wire.model === '-' ? undefined : wire.model;
    const json = {
      input_files: [wantInputFile(body)],
      endpoint: endpoint ?? '/v1/chat/completions',
      // Without one it takes those of the requests.
      ...(named !== undefined && /^[\w.:/-]+$/.test(named) && { model: named }),
      ...(metadata !== undefined && metadata !== null && { metadata }),
      ...(hours !== undefined && { timeout_hours: hours }),
    };
    return { body: batchOf(await wire.json({ url: jobs, json })) };
  },
  'GET ': async ({ query }, wire) => ({
    body: await listAfter(query, async (token) => {
      const page = Number(token ?? 0);
      const answer = await wire.json({ url: jobs, query: { page, page_size: pageSize } });
      const items = asObjects(answer['data']).map(batchOf);
      return { items, next: items.length === pageSize ? String(page + 1) : undefined };
    }),
  }),
  'GET /{}': async ({ ids: [id = ''] }, wire) => ({ body: batchOf(await wire.json({ url: `${jobs}/${pathSegment(id)}` })) }),
  'POST /{}/cancel': async ({ ids: [id = ''] }, wire) => ({
    body: batchOf(await wire.json({ method: 'POST', url: `${jobs}/${pathSegment(id)}/cancel` })),
  }),
};

const statuses: Readonly<Record<string, BatchStatus | undefined>> = {
  QUEUED: 'validating',
  RUNNING: 'in_progress',
  SUCCESS: 'completed',
  FAILED: 'failed',
  TIMEOUT_EXCEEDED: 'expired',
  CANCELLATION_REQUESTED: 'cancelling',
  CANCELLED: 'cancelled',
};

const batchOf = (job: JsonObject): JsonObject =>
  batchObject({
    id: asString(job['id']) ?? '',
    endpoint: asString(job['endpoint']) ?? '',
    status: statuses[asString(job['status']) ?? ''] ?? 'in_progress',
    inputFileId: asString(asArray(job['input_files'])[0]),
    outputFileId: asString(job['output_file']),
    errorFileId: asString(job['error_file']),
    createdAt: secondsOf(job['created_at']),
    startedAt: secondsOf(job['started_at']),
    endedAt: secondsOf(job['completed_at']),
    counts: {
      total: countOf(job['total_requests']),
      completed: countOf(job['succeeded_requests']),
      failed: countOf(job['failed_requests']),
    },
    errors: asObjects(job['errors']).map(({ message }) => ({ code: 'error', message: asString(message) ?? '' })),
    metadata: job['metadata'] ?? null,
    model: asString(job['model']),
  });

const tunings = '/fine_tuning/jobs';

/** OpenAI's names of what both have. */
const tuned: Readonly<Record<string, string>> = { n_epochs: 'epochs' };

export const mistralFineTuning: ResourceAdapter = {
  'POST ': async ({ body }, wire) => {
    const { training_file: training, validation_file: validation, hyperparameters, method, seed, ...rest } = body;
    if (typeof training !== 'string' && rest['training_files'] === undefined)
      throw new SluiceError('invalid_request', "'training_file' is missing.", { param: 'training_file' });
    if (seed !== undefined) wire.lacks('seed');
    if (method !== undefined && asObject(method)?.['type'] !== 'supervised') wire.lacks('method');
    const given = asObject(hyperparameters) ?? asObject(asObject(asObject(method)?.['supervised'])?.['hyperparameters']) ?? {};
    const parameters: JsonObject = {};
    for (const [name, value] of Object.entries(given)) {
      if (value === 'auto') continue;
      if (name === 'batch_size' || name === 'learning_rate_multiplier') wire.lacks(`hyperparameters.${name}`);
      else parameters[tuned[name] ?? name] = value;
    }
    const json = {
      ...(typeof training === 'string' && { training_files: [{ file_id: training, weight: 1 }] }),
      ...(typeof validation === 'string' && { validation_files: [validation] }),
      hyperparameters: parameters,
      // OpenAI's jobs begin by themselves.
      auto_start: true,
      ...rest,
    };
    return { body: tuningOf(await wire.json({ url: tunings, json })) };
  },
  'GET ': async ({ query }, wire) => ({
    body: await listAfter(query, async (token) => {
      const page = Number(token ?? 0);
      const answer = await wire.json({ url: tunings, query: { page, page_size: pageSize } });
      const items = asObjects(answer['data']).map(tuningOf);
      return { items, next: items.length === pageSize ? String(page + 1) : undefined };
    }),
  }),
  'GET /{}': async ({ ids: [id = ''] }, wire) => ({ body: tuningOf(await wire.json({ url: `${tunings}/${pathSegment(id)}` })) }),
  'POST /{}/cancel': async ({ ids: [id = ''] }, wire) => ({
    body: tuningOf(await wire.json({ method: 'POST', url: `${tunings}/${pathSegment(id)}/cancel` })),
  }),
};

const tuningStatuses: Readonly<Record<string, string | undefined>> = {
  QUEUED: 'queued',
  STARTED: 'running',
  VALIDATING: 'validating_files',
  VALIDATED: 'queued',
  RUNNING: 'running',
  FAILED_VALIDATION: 'failed',
  FAILED: 'failed',
  SUCCESS: 'succeeded',
  CANCELLED: 'cancelled',
  CANCELLATION_REQUESTED: 'cancelled',
};

/** OpenAI's fine-tuning job (openai/openai-openapi, read 2026-11-22). */
const tuningOf = (job: JsonObject): JsonObject => {
  const status = tuningStatuses[asString(job['status']) ?? ''] ?? 'running';
  const ended = status === 'succeeded' || status === 'failed' || status === 'cancelled';
  return {
    id: job['id'] ?? '',
    object: 'fine_tuning.job',
    model: job['model'] ?? '',
    created_at: secondsOf(job['created_at']) ?? 0,
    finished_at: ended ? (secondsOf(job['modified_at']) ?? null) : null,
    fine_tuned_model: job['fine_tuned_model'] ?? null,
    organization_id: '',
    status,
    hyperparameters: job['hyperparameters'] ?? {},
    training_file: asArray(job['training_files'])[0] ?? '',
    validation_file: asArray(job['validation_files'])[0] ?? null,
    result_files: [],
    trained_tokens: job['trained_tokens'] ?? null,
    error: status === 'failed' ? { code: String(job['status']), message: 'The job failed.', param: null } : null,
    seed: 0,
    suffix: job['suffix'] ?? null,
    metadata: job['metadata'] ?? null,
  };
};
