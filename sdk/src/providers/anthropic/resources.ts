import { anthropicMessages } from '../../protocols/index.ts';
import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { SluiceError, type JsonObject, type ResourceAdapter, type Wire } from '../../types/index.ts';
import { batchObject, chatEndpoint, type BatchStatus } from '../kept/batch.ts';
import { countOf, deletedFile, fileObject, secondsOf, wantFile } from '../kept/file.ts';
import { mapLines } from '../kept/lines.ts';
import { listAfter } from '../kept/list.ts';
import { chatLine, failedLine } from '../kept/translate.ts';
import { pathSegment } from '../url.ts';

/*
 * What Anthropic keeps, for clients of OpenAI's API. Its batches hold their requests themselves, and a file that was
 * uploaded cannot be read back: a batch is made at its own endpoint, and looked at here as any other. The results have the
 * batch's own id. https://platform.claude.com/docs/en/api/messages/batches and /files, read 2026-11-22.
 */

const batches = '/v1/messages/batches';
const files = '/v1/files';
/** Files are a beta. */
const headers = { 'anthropic-beta': 'files-api-2025-04-14' };
const pageSize = 100;

export const openaiBatches: ResourceAdapter = {
  'POST ': () => {
    const message = `Anthropic makes batches of requests that are sent along, and not of a file: send them to /v1/messages/batches.`;
    return Promise.reject(new SluiceError('invalid_request', message, { param: 'input_file_id' }));
  },
  'GET ': async ({ query }, wire) => ({ body: await listAfter(query, pages(batches, batchOf, wire)) }),
  'GET /{}': async ({ ids: [id = ''] }, wire) => ({ body: batchOf(await wire.json({ url: `${batches}/${pathSegment(id)}` })) }),
  'POST /{}/cancel': async ({ ids: [id = ''] }, wire) => ({
    body: batchOf(await wire.json({ method: 'POST', url: `${batches}/${pathSegment(id)}/cancel` })),
  }),
};

export const openaiFiles: ResourceAdapter = {
  'POST ': async (request, wire) => {
    const file = wantFile(request);
    if (request.body['purpose'] === 'batch')
      throw new SluiceError('invalid_request', 'Anthropic makes no batches of files: send the requests to /v1/messages/batches.', {
        param: 'purpose',
      });
    return { body: fileOf(await wire.json({ url: files, form: [['file', file]], headers })) };
  },
  'GET ': async ({ query }, wire) => ({ body: await listAfter(query, pages(files, fileOf, wire, headers)) }),
  'GET /{}': async ({ ids: [id = ''] }, wire) => ({ body: fileOf(await wire.json({ url: `${files}/${pathSegment(id)}`, headers })) }),
  'DELETE /{}': async ({ ids: [id = ''] }, wire) => {
    await wire.json({ method: 'DELETE', url: `${files}/${pathSegment(id)}`, headers });
    return { body: deletedFile(id) };
  },
  'GET /{}/content': async ({ ids: [id = ''] }, wire) => {
    if (!id.startsWith('msgbatch_')) return wire.stream({ url: `${files}/${pathSegment(id)}/content`, headers });
    return mapLines(await wire.stream({ url: `${batches}/${pathSegment(id)}/results` }), (line) => lineOf(line, wire), wire);
  },
};

const pages =
  (url: string, read: (object: JsonObject) => JsonObject, wire: Wire, more?: Record<string, string>) =>
  async (after: string | undefined) => {
    const answer = await wire.json({ url, query: { limit: pageSize, after_id: after }, ...(more && { headers: more }) });
    const next = answer['has_more'] === true ? asString(answer['last_id']) : undefined;
    return { items: asObjects(answer['data']).map(read), next };
  };

const statusOf = (batch: JsonObject, succeeded: number, expired: number): BatchStatus => {
  if (batch['processing_status'] === 'canceling') return 'cancelling';
  if (batch['processing_status'] !== 'ended') return 'in_progress';
  if (asString(batch['cancel_initiated_at'])) return 'cancelled';
  return expired > 0 && succeeded === 0 ? 'expired' : 'completed';
};

const batchOf = (batch: JsonObject): JsonObject => {
  const id = asString(batch['id']) ?? '';
  const counts = asObject(batch['request_counts']) ?? {};
  const of = (name: string): number => countOf(counts[name]);
  const failed = of('errored') + of('canceled') + of('expired');
  return batchObject({
    id,
    endpoint: chatEndpoint,
    status: statusOf(batch, of('succeeded'), of('expired')),
    // None, once they are archived.
    outputFileId: asString(batch['results_url']) ? id : undefined,
    createdAt: secondsOf(batch['created_at']),
    startedAt: secondsOf(batch['created_at']),
    endedAt: secondsOf(batch['ended_at']),
    expiresAt: secondsOf(batch['expires_at']),
    counts: { total: of('processing') + of('succeeded') + failed, completed: of('succeeded'), failed },
  });
};

const fileOf = (file: JsonObject): JsonObject =>
  fileObject({
    id: asString(file['id']) ?? '',
    bytes: countOf(file['size_bytes']),
    created_at: secondsOf(file['created_at']),
    filename: asString(file['filename']) ?? '',
    purpose: file['downloadable'] === true ? 'assistants_output' : 'user_data',
  });

/** `{ custom_id, result: { type: 'succeeded', message } }`, or why there is none. */
const lineOf = (line: JsonObject, wire: Wire): JsonObject | undefined => {
  const id = asString(line['custom_id']);
  const result = asObject(line['result']);
  if (id === undefined || !result) return undefined;
  const message = asObject(result['message']);
  if (message) return chatLine(id, () => anthropicMessages.response.fromWire(message), { model: '', wire });
  const outer = asObject(result['error']);
  const error = asObject(outer?.['error']) ?? outer;
  return failedLine(id, error?.['type'] ?? result['type'], error?.['message'] ?? `The request was ${String(result['type'])}.`);
};
