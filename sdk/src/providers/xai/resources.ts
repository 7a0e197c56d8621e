import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import type { ByteStream, JsonObject, ResourceAdapter, Wire } from '../../types/index.ts';
import { batchObject, chatEndpoint, wantInputFile, type BatchStatus } from '../kept/batch.ts';
import { countOf, fileObject, secondsOf } from '../kept/file.ts';
import { listAfter } from '../kept/list.ts';
import { relayedFiles } from '../kept/relay.ts';
import { answeredLine, failedLine } from '../kept/translate.ts';
import { pathSegment } from '../url.ts';

/*
 * xAI's batches take OpenAI's files of requests. They have counters in place of a status, and in place of a file results
 * that are asked for page by page: the batch's own id stands for that file.
 * https://docs.x.ai/developers/advanced-api-usage/batch-api and BerriAI/litellm litellm/llms/xai/batches, read 2026-11-22.
 */

const isBatch = (id: string): boolean => id.startsWith('batch_');
const files = relayedFiles({
  // It says no purpose, and there is one alone.
  object: (file) =>
    fileObject({
      id: asString(file['id']) ?? '',
      bytes: countOf(file['bytes']),
      created_at: secondsOf(file['created_at']),
      filename: asString(file['filename']) ?? '',
      purpose: asString(file['purpose']) || 'batch',
      expires_at: secondsOf(file['expires_at']),
    }),
});

export const xaiFiles: ResourceAdapter = {
  ...files,
  'GET /{}/content': async (request, wire) => {
    const [id = ''] = request.ids;
    return isBatch(id) ? resultsOf(id, wire) : files['GET /{}/content'](request, wire);
  },
};

export const xaiBatches: ResourceAdapter = {
  'POST ': async ({ body }, wire) => {
    const metadata = asObject(body['metadata']);
    const name = asString(metadata?.['name']);
    if (metadata && Object.keys(metadata).some((key) => key !== 'name')) wire.drop('metadata', 'xAI keeps none but a `name`');
    const input = wantInputFile(body);
    const made = objectOf(await wire.json({ url: '/batches', json: { name: name ?? 'batch', input_file_id: input } }));
    return { body: { ...made, endpoint: asString(body['endpoint']) ?? chatEndpoint, input_file_id: input } };
  },
  'GET ': async ({ query }, wire) => ({
    body: await listAfter(query, async (token) => {
      const answer = await wire.json({ url: '/batches', query: { limit: 100, pagination_token: token } });
      return { items: asObjects(answer['batches']).map(objectOf), next: asString(answer['pagination_token']) };
    }),
  }),
  'GET /{}': async ({ ids: [id = ''] }, wire) => ({ body: objectOf(await wire.json({ url: `/batches/${pathSegment(id)}` })) }),
  'POST /{}/cancel': async ({ ids: [id = ''] }, wire) => ({
    body: objectOf(await wire.json({ method: 'POST', url: `/batches/${pathSegment(id)}:cancel` })),
  }),
};

const statusOf = (batch: JsonObject, total: number, pending: number): BatchStatus => {
  if (typeof batch['cancel_time'] === 'string') return asString(batch['cancel_by_xai_message']) ? 'failed' : 'cancelled';
  if (total === 0) return 'validating';
  return pending > 0 ? 'in_progress' : 'completed';
};

const objectOf = (batch: JsonObject): JsonObject => {
  const state = asObject(batch['state']) ?? {};
  const total = countOf(state['num_requests']);
  const status = statusOf(batch, total, countOf(state['num_pending']));
  const id = asString(batch['batch_id']) ?? '';
  const completed = countOf(state['num_success']);
  const failed = countOf(state['num_error']) + countOf(state['num_cancelled']);
  const why = asString(batch['cancel_by_xai_message']);
  const name = asString(batch['name']);
  return batchObject({
    id,
    endpoint: chatEndpoint,
    status,
    inputFileId: asString(batch['input_file_id']),
    // What was done before a batch was cancelled can be had as well.
    outputFileId: status === 'completed' || (status === 'cancelled' && completed > 0) ? id : undefined,
    createdAt: secondsOf(batch['create_time']),
    endedAt: secondsOf(batch['cancel_time']),
    expiresAt: secondsOf(batch['expire_time']),
    counts: { total, completed, failed },
    errors: why ? [{ code: 'cancelled', message: why }] : undefined,
    metadata: name ? { name } : null,
  });
};

/** A batch of OpenAI's size has so many pages of results at most. */
const maxPages = 1000;
const pageSize = 100;

/** All results, page by page as they are read. */
const resultsOf = async (id: string, wire: Wire): Promise<ByteStream> => {
  const encoder = new TextEncoder();
  const page = async (token?: string): Promise<{ bytes: Uint8Array; next: string | undefined }> => {
    const query = { limit: pageSize, pagination_token: token };
    const answer = await wire.json({ url: `/batches/${pathSegment(id)}/results`, query });
    const results = asObjects(answer['results']);
    const next = results.length > 0 ? asString(answer['pagination_token']) : undefined;
    return { bytes: encoder.encode(results.map((result) => `${JSON.stringify(lineOf(result))}\n`).join('')), next: next || undefined };
  };
  let left = maxPages;
  // The first is fetched before anything is promised to the client.
  let current: { bytes: Uint8Array; next: string | undefined } | undefined = await page();
  return {
    contentType: 'application/jsonl',
    async read() {
      if (!current || current.bytes.length === 0) return undefined;
      const { bytes, next } = current;
      current = next !== undefined && --left > 0 ? await page(next) : undefined;
      return bytes;
    },
    cancel() {
      current = undefined;
    },
  };
};

/** The answer is wrapped in the name of its endpoint (`chat_get_completion`, `responses`). */
const lineOf = (result: JsonObject): JsonObject => {
  const id = asString(result['batch_request_id']) ?? '';
  const { response, error } = asObject(result['batch_result']) ?? {};
  const body = Object.values(asObject(response) ?? {}).find((each) => asObject(each) !== undefined);
  const { code, message } = asObject(error) ?? {};
  return body !== undefined ? answeredLine(id, body as JsonObject) : failedLine(id, code ?? 'request_failed', message);
};
