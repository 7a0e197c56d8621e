import { asNumber, asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { SluiceError, type Adapter, type JsonObject } from '../../types/index.ts';
import { noAnswer } from '../media/failure.ts';
import { ocrResult, ownMembers, readDocument, type OcrPage } from '../ocr/document.ts';

/** Cohere Parse: the image of a page (https://docs.cohere.com/v2/reference/parse, read 2026-11-22). */
export const cohereOcr: Adapter<'ocr'> = async (request, wire) => {
  const document = readDocument(request);
  if (document.kind !== 'image')
    throw new SluiceError('unsupported_parameter', 'Cohere Parse reads images of pages: give image_url.', { param: document.param });
  if (request.pages !== undefined && request.pages !== null) wire.lacks('pages', 'it reads one image');
  if (request.include_image_base64 === true) wire.lacks('include_image_base64');
  const json = { model: wire.model, document: { type: 'image_url', image_url: document.url }, ...ownMembers(request) };
  const answer = await wire.json({ url: '/v2/parse', json });
  if (!Array.isArray(answer['pages'])) throw noAnswer(wire, 'pages', answer);
  return ocrResult(asObjects(answer['pages']).map(readPage), wire.model);
};

const readPage = (page: JsonObject, at: number): OcrPage => {
  const { markdown, index, ...more } = page;
  return { ...more, index: asNumber(index) ?? at, markdown: asString(asObject(markdown)?.['content']) ?? asString(markdown) ?? '' };
};
