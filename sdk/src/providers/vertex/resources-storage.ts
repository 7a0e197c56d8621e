import { gemini as geminiProtocol } from '../../protocols/index.ts';
import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { SluiceError, type JsonObject, type MediaFile, type ResourceAdapter, type Target, type Wire } from '../../types/index.ts';
import { textOption } from '../credentials.ts';
import { serviceRoot } from '../google/place.ts';
import { countOf, deletedFile, fileObject, lastSegment, plainId, secondsOf, wantFile } from '../kept/file.ts';
import { mapLines, rewriteLines, wrongLine } from '../kept/lines.ts';
import { listAfter } from '../kept/list.ts';
import { chatLine, chatToVendor, failedLine, kindOf, modelOf } from '../kept/translate.ts';
import { customIdOf, labelsOf } from './resources-labels.ts';

/*
 * Files of Vertex AI lie in a bucket of the user's, and are known by their addresses there (`gs://bucket/object`), which
 * chats take as well. docs.cloud.google.com/storage/docs/json_api/v1/objects, read 2026-11-22.
 */

const ownFolder = 'sluice-files/';

const invalid = (message: string, param: string): SluiceError => new SluiceError('invalid_request', message, { param });

/** `bucket`, or with a folder. @throws SluiceError `invalid_request` */
const bucketOf = (target: Target): { bucket: string; folder: string } => {
  const named = textOption(target, 'gcs_bucket_name')
    ?.replace(/^gs:\/\//, '')
    .replace(/\/+$/, '');
  if (named === undefined)
    throw invalid('Files of Vertex AI lie in a bucket: give gcs_bucket_name, or set GCS_BUCKET_NAME.', 'gcs_bucket_name');
  const [bucket = '', ...folder] = named.split('/');
  if (!/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(bucket)) throw invalid('gcs_bucket_name is no name of a bucket.', 'gcs_bucket_name');
  return { bucket, folder: folder.map((each) => `${each}/`).join('') };
};

/** Only what lies in the configured bucket is anybody's business here. @throws SluiceError `not_found`, `invalid_request` */
export const ownObject = (id: string, target: Target): { uri: string; bucket: string; object: string } => {
  const uri = plainId(id);
  const [, given, object] = /^gs:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (given === undefined || object === undefined) throw invalid('This is no id of a file of Vertex AI (gs://bucket/object).', 'file_id');
  const { bucket, folder } = bucketOf(target);
  if (given !== bucket || !object.startsWith(folder)) throw new SluiceError('not_found', 'There is no such file.', { param: 'file_id' });
  return { uri, bucket, object };
};

const storage = (target: Target, path: string): string => serviceRoot(target, 'https://storage.googleapis.com') + path;
const objectUrl = (target: Target, { bucket, object }: { bucket: string; object: string }): string =>
  storage(target, `/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(object)}`);

export const vertexFiles: ResourceAdapter = {
  'POST ': async (request, wire) => {
    const file = wantFile(request);
    const purpose = asString(request.body['purpose']) ?? 'user_data';
    const { bucket, folder } = bucketOf(wire.target);
    const { made, place } = purpose === 'batch' ? await batchFile(file, wire) : { made: file, place: `uploads/${safe(purpose)}/` };
    const name = `${folder}${ownFolder}${place}${crypto.randomUUID()}-${safe(file.name) || 'file'}`;
    const url = storage(wire.target, `/upload/storage/v1/b/${encodeURIComponent(bucket)}/o`);
    return { body: objectOf(await wire.json({ method: 'POST', url, query: { uploadType: 'media', name }, bytes: made })) };
  },
  'GET ': async ({ query }, wire) => {
    const { bucket, folder } = bucketOf(wire.target);
    return {
      body: await listAfter(query, async (pageToken) => {
        const url = storage(wire.target, `/storage/v1/b/${encodeURIComponent(bucket)}/o`);
        const answer = await wire.json({ url, query: { prefix: folder + ownFolder, pageToken } });
        const items = asObjects(answer['items']).map(objectOf);
        const { purpose } = query;
        return {
          items: purpose === undefined ? items : items.filter((item) => item['purpose'] === purpose),
          next: asString(answer['nextPageToken']),
        };
      }),
    };
  },
  'GET /{}': async ({ ids: [id = ''] }, wire) => ({
    body: objectOf(await wire.json({ url: objectUrl(wire.target, ownObject(id, wire.target)) })),
  }),
  'DELETE /{}': async ({ ids: [id = ''] }, wire) => {
    (await wire.stream({ method: 'DELETE', url: objectUrl(wire.target, ownObject(id, wire.target)) })).cancel();
    return { body: deletedFile(id) };
  },
  'GET /{}/content': async ({ ids: [id = ''] }, wire) => {
    const place = ownObject(id, wire.target);
    const stream = await wire.stream({ url: objectUrl(wire.target, place), query: { alt: 'media' } });
    return place.object.endsWith('/predictions.jsonl') ? mapLines(stream, (line) => outputLine(line, wire), wire) : stream;
  },
};

const safe = (name: string): string =>
  name
    .replaceAll(/[^\w.-]/g, '_')
    .replace(/^\.+/, '')
    .slice(-100);

const objectOf = (object: JsonObject): JsonObject => {
  const name = asString(object['name']) ?? '';
  const output = name.endsWith('/predictions.jsonl');
  return fileObject({
    id: `gs://${asString(object['bucket']) ?? ''}/${name}`,
    bytes: countOf(object['size']),
    created_at: secondsOf(object['timeCreated']),
    filename: lastSegment(name).replace(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-/, ''),
    purpose: output
      ? 'batch_output'
      : modelOfObject(name) !== undefined
        ? 'batch'
        : (/\/uploads\/([\w.-]+)\//.exec(name)?.[1] ?? 'user_data'),
  });
};

/** The model that a batch's file is for, which stands in its name: a job has one, and wants to be told it. */
export const modelOfObject = (name: string): string | undefined =>
  /sluice-files\/(publishers\/google\/models\/[\w.-]+)\/[^/]+$/.exec(name)?.[1];

/** The requests of a batch in Gemini's words (docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/batch-prediction-from-cloud-storage, read 2026-11-22). */
const batchFile = async ({ bytes }: MediaFile, wire: Wire): Promise<{ made: MediaFile; place: string }> => {
  let first: string | undefined;
  const text = await rewriteLines(bytes, (line) => {
    const { model } = modelOf(line.model, wire);
    if (kindOf(line) !== 'chat' || !/^gemini-[\w.-]+$/.test(model))
      throw wrongLine(line.number, 'is none for a chat model of Gemini, and others are not translated');
    first ??= model;
    if (first !== model) throw wrongLine(line.number, 'is for another model than the first');
    const request = chatToVendor(line, geminiProtocol, wire);
    return { request: { ...request, labels: { ...asObject(request['labels']), ...labelsOf(line.customId) } } };
  });
  const type = 'application/jsonl';
  return { made: { bytes: new Blob([text], { type }), name: '', type }, place: `publishers/google/models/${first!}/` };
};

/** One result: `{ request, response, status }`, where the status is empty if all went well. Undefined: it is none of ours. */
const outputLine = (line: JsonObject, wire: Wire): JsonObject | undefined => {
  const id = customIdOf(asObject(asObject(line['request'])?.['labels']) ?? {});
  if (id === undefined) return undefined;
  const status = asString(line['status']) ?? '';
  const response = asObject(line['response']);
  if (status !== '' || !response || Object.keys(response).length === 0) return failedLine(id, 'error', status || undefined);
  return chatLine(id, () => geminiProtocol.response.fromWire(response), { model: '', wire });
};
