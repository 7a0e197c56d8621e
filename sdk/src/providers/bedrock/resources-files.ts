import { bedrockConverse } from '../../protocols/index.ts';
import { bedrockEmbeddings } from '../../protocols/bedrock-embeddings/index.ts';
import { fromBase64Url, toBase64Url } from '../../lib/base64url.ts';
import { asObject, asString } from '../../protocols/shared/read.ts';
import type { JsonObject, MediaFile, ResourceAdapter, Wire } from '../../types/index.ts';
import { countOf, deletedFile, fileObject, lastSegment, secondsOf, wantFile } from '../kept/file.ts';
import { mapLines, rewriteLines, wrongLine } from '../kept/lines.ts';
import { listAfter } from '../kept/list.ts';
import {
  chatLine,
  chatToVendor,
  embeddingLine,
  embeddingToVendor,
  failedLine,
  kindOf,
  modelOf,
  type BatchKind,
} from '../kept/translate.ts';
import { bucketOf, ownS3Uri, s3Uri, s3Url, unsigned } from './s3.ts';

/** Where what is uploaded here lies in the bucket. */
const ownFolder = 'sluice-files/';

/** What a batch's file is of stands in its key: a job has one model, and wants to be told it. */
export interface BatchKey {
  kind: BatchKind;
  model: string;
}

export const readBatchKey = (key: string): BatchKey | undefined => {
  const [, kind, encoded = ''] = /sluice-files\/batch\/(chat|embeddings)\/([\w-]+)\/[^/]+$/.exec(key) ?? [];
  const model = fromBase64Url(encoded);
  return kind === undefined || !model ? undefined : { kind: kind as BatchKind, model };
};

/** Files in a bucket of the user's (docs.aws.amazon.com/AmazonS3/latest/API, read 2026-11-22). */
export const bedrockFiles: ResourceAdapter = {
  'POST ': async (request, wire) => {
    const file = wantFile(request);
    const purpose = asString(request.body['purpose']) ?? 'user_data';
    const { bucket, folder } = bucketOf(wire.target);
    const { bytes, place } = purpose === 'batch' ? await batchFile(file, wire) : { bytes: file.bytes, place: `${purposeFolder(purpose)}/` };
    const key = `${folder}${ownFolder}${place}${crypto.randomUUID()}-${safeName(file.name)}`;
    const body = { bytes, name: '', type: file.type };
    (await wire.stream({ method: 'PUT', url: s3Url(wire.target, bucket, key), bytes: body, headers: unsigned })).cancel();
    return { body: objectOf({ id: s3Uri({ bucket, key }), size: bytes.size, at: Math.floor(wire.now() / 1000) }) };
  },
  'GET ': async ({ query }, wire) => {
    const { bucket, folder } = bucketOf(wire.target);
    return {
      body: await listAfter(query, async (token) => {
        const url = s3Url(wire.target, bucket);
        const answer = await wire.file({
          url,
          query: { 'continuation-token': token, 'list-type': 2, prefix: folder + ownFolder },
          headers: unsigned,
        });
        const xml = await answer.bytes.text();
        const items = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, entry = '']) =>
          objectOf({
            id: s3Uri({ bucket, key: member(entry, 'Key') ?? '' }),
            size: countOf(member(entry, 'Size')),
            at: secondsOf(member(entry, 'LastModified')),
          }),
        );
        const { purpose } = query;
        return {
          items: purpose === undefined ? items : items.filter((item) => item['purpose'] === purpose),
          next: member(xml, 'NextContinuationToken'),
        };
      }),
    };
  },
  'GET /{}': async ({ ids: [id = ''] }, wire) => {
    const place = ownS3Uri(id, wire.target);
    const { headers, cancel } = await wire.stream({ url: s3Url(wire.target, place.bucket, place.key), headers: unsigned });
    cancel();
    const size = countOf(headers.get('content-length'));
    return { body: objectOf({ id: s3Uri(place), size, at: secondsOf(headers.get('last-modified') ?? undefined) }) };
  },
  'DELETE /{}': async ({ ids: [id = ''] }, wire) => {
    const { bucket, key } = ownS3Uri(id, wire.target);
    (await wire.stream({ method: 'DELETE', url: s3Url(wire.target, bucket, key), headers: unsigned })).cancel();
    return { body: deletedFile(id) };
  },
  'GET /{}/content': async ({ ids: [id = ''] }, wire) => {
    const { bucket, key } = ownS3Uri(id, wire.target);
    const stream = await wire.stream({ url: s3Url(wire.target, bucket, key), headers: unsigned });
    return key.endsWith('.jsonl.out') ? mapLines(stream, (line) => outputLine(line, wire), wire) : stream;
  },
};

const purposeFolder = (purpose: string): string => purpose.replaceAll(/[^\w-]/g, '_').slice(0, 40) || 'user_data';
const safeName = (name: string): string =>
  name
    .replaceAll(/[^\w.-]/g, '_')
    .replace(/^\.+/, '')
    .slice(-100) || 'file';

/** XML's five entities; a token may have any of them. */
const member = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]*)</${name}>`)
    .exec(xml)?.[1]
    ?.replaceAll(/&(amp|lt|gt|quot|apos|#39);/g, (_, entity: string) => entities[entity] ?? '');
const entities: Readonly<Record<string, string | undefined>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'" };

const objectOf = ({ id, size, at }: { id: string; size: number; at: number | undefined }): JsonObject => {
  const purpose = /sluice-files\/([\w-]+)\//.exec(id)?.[1];
  const name = lastSegment(id).replace(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-/, '');
  const output = id.endsWith('.jsonl.out');
  return fileObject({ id, bytes: size, created_at: at, filename: name, purpose: output ? 'batch_output' : (purpose ?? 'user_data') });
};

/**
 * The requests of a batch as Converse has them, which all chat models take; embeddings in the model's own words
 * (docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html, read 2026-11-22).
 */
const batchFile = async ({ bytes }: MediaFile, wire: Wire): Promise<{ bytes: Blob; place: string }> => {
  let first: BatchKey | undefined;
  const text = await rewriteLines(bytes, (line) => {
    const kind = kindOf(line);
    const { model } = modelOf(line.model, wire);
    first ??= { kind, model };
    if (first.kind !== kind || first.model !== model) throw wrongLine(line.number, 'is for another model or endpoint than the first');
    const modelInput = kind === 'chat' ? chatToVendor(line, bedrockConverse, wire) : embeddingToVendor(line, bedrockEmbeddings, wire);
    return { recordId: line.customId, modelInput };
  });
  const { kind, model } = first!;
  return { bytes: new Blob([text]), place: `batch/${kind}/${toBase64Url(model)}/` };
};

/** One result: `{ recordId, modelOutput }` or `{ recordId, error }` (.../userguide/batch-inference-results.html, read 2026-11-22). Undefined: it is none. */
const outputLine = (line: JsonObject, wire: Wire): JsonObject | undefined => {
  const id = asString(line['recordId']);
  const error = asObject(line['error']);
  if (id === undefined) return undefined;
  if (error) return failedLine(id, error['errorCode'], error['errorMessage']);
  const body = asObject(line['modelOutput']);
  if (!body) return undefined;
  if (body['output'] !== undefined) return chatLine(id, () => bedrockConverse.response.fromWire(body), { model: '', wire });
  if (body['embedding'] !== undefined || body['embeddings'] !== undefined)
    return embeddingLine(id, () => bedrockEmbeddings.response.fromWire(body), '');
  return undefined;
};
