import { asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { gemini as geminiProtocol, geminiEmbeddings } from '../../protocols/index.ts';
import type { JsonObject, MediaFile, ResourceAdapter, Wire } from '../../types/index.ts';
import { countOf, deletedFile, fileObject, secondsOf, wantFile } from '../kept/file.ts';
import { mapLines, rewriteLines, wrongLine, type BatchLine } from '../kept/lines.ts';
import { listAfter } from '../kept/list.ts';
import { chatToVendor, embeddingToVendor, kindOf, modelOf, type BatchKind } from '../kept/translate.ts';
import { inlineOutput, outputLine } from './resources-output.ts';
import { batchFileName, besideApi, fileKey, fileUri, readBatchFileName } from './resources-names.ts';
import { typed, upload } from './resources-upload.ts';

/** Files of the Gemini API (https://ai.google.dev/api/files, read 2026-11-22). They are gone after two days. */
export const geminiFiles: ResourceAdapter = {
  'POST ': async (request, wire) => {
    const file = wantFile(request);
    const purpose = asString(request.body['purpose']) ?? 'user_data';
    const { made, name } = purpose === 'batch' ? await batchFile(file, wire) : { made: typed(file), name: file.name };
    const answer = await upload(`${besideApi(wire.target, 'upload')}/files`, { file: { displayName: name } }, made, wire);
    return { body: objectOf(asObject(answer['file']) ?? answer, purpose) };
  },
  'GET ': async ({ query }, wire) => ({
    body: await listAfter(query, async (pageToken) => {
      const answer = await wire.json({ url: '/files', query: { pageSize: 100, pageToken } });
      const items = asObjects(answer['files']).map((file) => objectOf(file));
      const { purpose } = query;
      return {
        items: purpose === undefined ? items : items.filter((item) => item['purpose'] === purpose),
        next: asString(answer['nextPageToken']),
      };
    }),
  }),
  'GET /{}': async ({ ids: [id = ''] }, wire) => ({ body: objectOf(await wire.json({ url: `/files/${fileKey(id)}` })) }),
  'DELETE /{}': async ({ ids: [id = ''] }, wire) => {
    (await wire.stream({ method: 'DELETE', url: `/files/${fileKey(id)}` })).cancel();
    return { body: deletedFile(id) };
  },
  // What was uploaded cannot be had back; what Google made, such as the results of batches, can.
  'GET /{}/content': async ({ ids: [id = ''] }, wire) => {
    const inline = await inlineOutput(id, wire);
    if (inline) return inline;
    const url = `${besideApi(wire.target, 'download')}/files/${fileKey(id)}:download`;
    return mapLines(await wire.stream({ url, query: { alt: 'media' } }), (line) => outputLine(line, wire), wire);
  },
};

const objectOf = (file: JsonObject, purpose?: string): JsonObject => {
  const display = asString(file['displayName']) ?? '';
  const ofBatch = readBatchFileName(display);
  const made = file['source'] === 'GENERATED';
  return fileObject({
    id: fileUri(asString(file['name']) ?? ''),
    bytes: countOf(file['sizeBytes']),
    created_at: secondsOf(file['createTime']),
    filename: ofBatch?.filename ?? display,
    purpose: ofBatch ? 'batch' : made ? 'batch_output' : (purpose ?? 'user_data'),
    status: file['state'] === 'PROCESSING' ? 'uploaded' : file['state'] === 'FAILED' ? 'error' : 'processed',
    expires_at: secondsOf(file['expirationTime']),
  });
};

/** The requests of a batch in Google's words, with the model in the file's name: a job has one, and wants to be told it. */
const batchFile = async ({ bytes, name: filename }: MediaFile, wire: Wire): Promise<{ made: MediaFile; name: string }> => {
  let first: { kind: BatchKind; model: string } | undefined;
  const text = await rewriteLines(bytes, (line) => {
    const kind = kindOf(line);
    const { model } = modelOf(line.model, wire);
    first ??= { kind, model };
    if (first.kind !== kind || first.model !== model) throw wrongLine(line.number, 'is for another model or endpoint than the first');
    return { key: line.customId, request: kind === 'chat' ? chatToVendor(line, geminiProtocol, wire) : embedding(line, wire) };
  });
  const type = 'application/jsonl';
  return {
    made: { bytes: new Blob([text], { type }), name: filename, type },
    name: batchFileName({ ...first!, filename }),
  };
};

/** A line holds one text. */
const embedding = (line: BatchLine, wire: Wire): JsonObject => {
  const [request, ...others] = asObjects(embeddingToVendor(line, geminiEmbeddings, wire)['requests']);
  if (!request || others.length > 0)
    throw wrongLine(line.number, 'must have one text: this provider embeds one in each request of a batch');
  const { model: _model, ...rest } = request;
  return rest;
};
