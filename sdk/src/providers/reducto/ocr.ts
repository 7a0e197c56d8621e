import { base64Pieces } from '../../lib/byte-text.ts';
import { parseDataUrl } from '../../protocols/shared/data-url.ts';
import { asNumber, asObject, asObjects, asString, isObject } from '../../protocols/shared/read.ts';
import { SluiceError, type Adapter, type JsonObject, type MediaFile, type Wire } from '../../types/index.ts';
import { noAnswer } from '../media/failure.ts';
import { ocrResult, ownMembers, readDocument, type OcrPage } from '../ocr/document.ts';

/*
 * Documents go by a link, or are uploaded and named; the text comes in blocks that know their page. Sources, read
 * 2026-11-22: docs.reducto.ai/api-reference/parse, docs.reducto.ai/parse/response-format, docs.reducto.ai/api-reference/upload.
 */

const endings: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/tiff': 'tiff',
};

export const reductoOcr: Adapter<'ocr'> = async (request, wire) => {
  const { url } = readDocument(request);
  if (request.include_image_base64 === true) wire.lacks('include_image_base64', 'ask for images by its own settings');
  const { settings, ...own } = ownMembers(request);
  const input = url.startsWith('data:') ? await upload(url, wire) : url;
  const range = rangeOf(request.pages);
  const all = { ...(range && { page_range: range }), ...(isObject(settings) && settings) };
  const answer = await wire.json({ url: '/parse', json: { input, ...(Object.keys(all).length > 0 && { settings: all }), ...own } });
  const result = asObject(answer['result']);
  if (result?.['type'] === 'url')
    throw new SluiceError(
      'invalid_response',
      'The document is so long that Reducto answers with a link, which is not followed: read fewer pages at once.',
      {
        upstream: { body: answer },
      },
    );
  if (!Array.isArray(result?.['chunks'])) throw noAnswer(wire, 'text', answer);
  const counted = asNumber(asObject(answer['usage'])?.['num_pages']);
  return ocrResult(pagesOf(asObjects(result['chunks'])), wire.model, counted === undefined ? {} : { counted });
};

/** Ours count from 0, theirs from 1. */
const rangeOf = (pages: readonly number[] | undefined | null): number[] | undefined =>
  pages === undefined || pages === null || pages.length === 0 ? undefined : pages.map((page) => page + 1);

const upload = async (url: string, wire: Wire): Promise<string> => {
  const { mediaType, data } = parseDataUrl(url)!;
  const answer = await wire.json({ url: '/upload', form: [['file', fileOf(mediaType, data)]] });
  const name = asString(answer['file_id']) ?? asString(answer['presigned_url']);
  if (name === undefined) throw noAnswer(wire, 'the name of what was uploaded');
  return name;
};

/** @throws SluiceError `invalid_request` where it is not base64 */
const fileOf = (type: string, data: string): MediaFile => {
  try {
    return { bytes: new Blob([...base64Pieces(data)], { type }), name: `document.${endings[type] ?? 'bin'}`, type };
  } catch (cause) {
    throw new SluiceError('invalid_request', "'document' holds what is not base64.", { param: 'document', cause });
  }
};

/** Blocks by the page that they are on; a chunk without blocks is of the page where the last one was. */
const pagesOf = (chunks: readonly JsonObject[]): OcrPage[] => {
  const texts = new Map<number, string[]>();
  let last = 1;
  const add = (page: number, text: string | undefined): void => {
    last = page;
    if (text !== undefined && text !== '') texts.set(page, [...(texts.get(page) ?? []), text]);
  };
  for (const chunk of chunks) {
    const blocks = asObjects(chunk['blocks']);
    if (blocks.length === 0) add(last, asString(chunk['content']));
    for (const block of blocks) add(pageOf(block) ?? last, asString(block['content']));
  }
  return [...texts].sort(([one], [other]) => one - other).map(([page, parts]) => ({ index: page - 1, markdown: parts.join('\n\n') }));
};

const pageOf = (block: JsonObject): number | undefined => {
  const box = asObject(block['bbox']);
  return asNumber(box?.['original_page']) ?? asNumber(box?.['page']);
};
