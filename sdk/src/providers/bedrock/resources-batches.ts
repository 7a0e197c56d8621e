import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { SluiceError, type JsonObject, type ResourceAdapter, type Wire } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import { batchObject, chatEndpoint, embeddingsEndpoint, wantInputFile, windowHours, type BatchStatus } from '../kept/batch.ts';
import { countOf, lastSegment, plainId, secondsOf } from '../kept/file.ts';
import { listAfter } from '../kept/list.ts';
import { relayedUrl } from './place.ts';
import { readBatchKey } from './resources-files.ts';
import { bucketOf, ownS3Uri, s3Uri } from './s3.ts';

const jobPath = '/model-invocation-job';

/** Batch inference jobs (docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateModelInvocationJob.html, read 2026-11-22). */
export const bedrockBatches: ResourceAdapter = {
  'POST ': async ({ body }, wire) => {
    const { target } = wire;
    const input = ownS3Uri(wantInputFile(body), target);
    const about = readBatchKey(input.key);
    const model = about?.model ?? (wire.model === '-' ? undefined : wire.model);
    if (model === undefined)
      throw new SluiceError('invalid_request', 'The model of the batch is not known: upload its file here with `purpose: batch`.', {
        param: 'input_file_id',
      });
    const roleArn = textOption(target, 'aws_batch_role_arn');
    if (roleArn === undefined)
      throw new SluiceError('invalid_request', 'Batches of Bedrock need a role: give aws_batch_role_arn, or set AWS_BATCH_ROLE_ARN.', {
        param: 'aws_batch_role_arn',
      });
    if (asObject(body['metadata'])) wire.drop('metadata', 'Bedrock keeps none with a job');
    const { bucket, folder } = bucketOf(target);
    const outputBucket = textOption(target, 's3_output_bucket_name');
    const encryptionKey = textOption(target, 's3_encryption_key_id');
    const hours = windowHours(body);
    const json = {
      jobName: `sluice-${crypto.randomUUID()}`,
      modelId: model,
      roleArn,
      inputDataConfig: { s3InputDataConfig: { s3InputFormat: 'JSONL', s3Uri: s3Uri(input) } },
      outputDataConfig: {
        s3OutputDataConfig: {
          s3Uri: outputBucket === undefined ? `s3://${bucket}/${folder}sluice-files/output/` : `s3://${outputBucket}/sluice-files/output/`,
          ...(encryptionKey !== undefined && { s3EncryptionKeyId: encryptionKey }),
        },
      },
      // What is uploaded elsewhere is in the model's own words.
      modelInvocationType: about?.kind === 'chat' ? 'Converse' : 'InvokeModel',
      ...(hours !== undefined && { timeoutDurationInHours: Math.min(168, Math.max(24, hours)) }),
    };
    const { jobArn } = await wire.json({ url: relayedUrl(target, jobPath), json });
    const made = { ...json, jobArn, status: 'Submitted', submitTime: wire.now() / 1000 };
    return { body: { ...objectOf(made), endpoint: asString(body['endpoint']) ?? chatEndpoint } };
  },
  'GET ': async ({ query }, wire) => ({
    body: await listAfter(query, async (nextToken) => {
      const url = relayedUrl(wire.target, `${jobPath}s`);
      const answer = await wire.json({ url, query: { maxResults: 100, nextToken } });
      return { items: asObjects(answer['invocationJobSummaries']).map(objectOf), next: asString(answer['nextToken']) };
    }),
  }),
  'GET /{}': async ({ ids: [id = ''] }, wire) => ({ body: await jobOf(jobId(id), wire) }),
  'POST /{}/cancel': async ({ ids: [id = ''] }, wire) => {
    const job = jobId(id);
    (await wire.stream({ method: 'POST', url: relayedUrl(wire.target, `${jobPath}/${job}/stop`) })).cancel();
    return { body: await jobOf(job, wire) };
  },
};

const jobOf = async (id: string, wire: Wire): Promise<JsonObject> =>
  objectOf(await wire.json({ url: relayedUrl(wire.target, `${jobPath}/${id}`) }));

/** The last part of a job's ARN is what it is known by; the ARN is taken as well. */
const jobId = (id: string): string => {
  const last = lastSegment(plainId(id));
  if (/^[a-z0-9]{1,64}$/.test(last)) return last;
  throw new SluiceError('invalid_request', 'This is no id of a batch of Bedrock.', { param: 'id' });
};

const statuses: Readonly<Record<string, BatchStatus | undefined>> = {
  Submitted: 'validating',
  Validating: 'validating',
  Scheduled: 'in_progress',
  InProgress: 'in_progress',
  Completed: 'completed',
  PartiallyCompleted: 'completed',
  Failed: 'failed',
  Stopping: 'cancelling',
  Stopped: 'cancelled',
  Expired: 'expired',
};

const objectOf = (job: JsonObject): JsonObject => {
  const id = lastSegment(job['jobArn']);
  const input = asString(asObject(asObject(job['inputDataConfig'])?.['s3InputDataConfig'])?.['s3Uri']);
  const output = asString(asObject(asObject(job['outputDataConfig'])?.['s3OutputDataConfig'])?.['s3Uri']);
  const status = statuses[asString(job['status']) ?? ''] ?? 'in_progress';
  const message = asString(job['message']);
  const results = input !== undefined && output !== undefined ? `${output.replace(/\/*$/, '/')}${id}/${lastSegment(input)}.out` : undefined;
  return batchObject({
    id,
    endpoint: (input !== undefined && readBatchKey(input)?.kind) === 'embeddings' ? embeddingsEndpoint : chatEndpoint,
    status,
    inputFileId: input,
    // Where it was stopped or ran out of time, what was done until then is there as well.
    outputFileId: status === 'completed' || status === 'cancelled' || status === 'expired' ? results : undefined,
    createdAt: secondsOf(job['submitTime']),
    endedAt: secondsOf(job['endTime']),
    expiresAt: secondsOf(job['jobExpirationTime']),
    ...(job['totalRecordCount'] !== undefined && {
      counts: {
        total: countOf(job['totalRecordCount']),
        completed: countOf(job['successRecordCount']),
        failed: countOf(job['errorRecordCount']),
      },
    }),
    errors: status === 'failed' ? [{ code: 'failed', message: message ?? 'The job failed.' }] : undefined,
    model: asString(job['modelId']),
  });
};
