import { asNumber, asObject, asObjects, asString } from '../../protocols/shared/read.ts';
import { SluiceError, type Adapter, type JsonObject, type OcrRequest, type Wire } from '../../types/index.ts';
import { jobFailed, noAnswer } from '../media/failure.ts';
import { poll } from '../media/poll.ts';
import { ocrResult, ownMembers, readDocument, type OcrPage } from '../ocr/document.ts';
import { placeOf } from './place.ts';

/*
 * Azure AI Document Intelligence: a job, whose pages are places of one text. Source:
 * learn.microsoft.com/rest/api/aiservices/document-models/analyze-document, version 2024-11-30, read 2026-11-22.
 */

const apiVersion = '2024-11-30';

/** LiteLLM's users write `doc-intelligence/prebuilt-layout`; the short names stand for models of the vendor. */
export const intelligenceModel = (model: string): string | undefined => {
  const [, named] = /^(?:azure-)?(?:doc(?:ument)?-intelligence)\/(.+)$/.exec(model) ?? [];
  return named ?? (/^prebuilt-[a-zA-Z.-]+$/.test(model) ? model : undefined);
};

export const documentIntelligence =
  (model: string): Adapter<'ocr'> =>
  async (request, wire) => {
    const document = readDocument(request);
    const { pages, include_image_base64: images } = request;
    if (images === true) wire.lacks('include_image_base64', 'it gives no images of what is on a page');
    const url = new URL(placeOf(wire.target, `/documentintelligence/documentModels/${encodeURIComponent(model)}:analyze`, apiVersion));
    // Places in a text are counted as this language counts them.
    url.searchParams.set('stringIndexType', 'utf16CodeUnit');
    url.searchParams.set('outputContentFormat', 'markdown');
    for (const [name, value] of Object.entries({ pages: rangeOf(pages), ...ownMembers(request) }))
      if (value !== undefined) url.searchParams.set(name, String(value));
    const json = document.base64 === undefined ? { urlSource: document.url } : { base64Source: document.base64 };
    const location = await start(url.href, json, wire);
    const result = await poll(wire, () => look(location, wire), { firstWaitMs: 1000, maxWaitMs: 5000 });
    return ocrResult(pagesOf(result, wire), wire.model);
  };

/** Ours count from 0, theirs from 1. */
const rangeOf = (pages: OcrRequest['pages']): string | undefined => {
  if (pages === undefined || pages === null || pages.length === 0) return undefined;
  if (pages.every((page) => Number.isInteger(page) && page >= 0)) return pages.map((page) => page + 1).join(',');
  throw new SluiceError('invalid_request', "'pages' must be whole numbers from 0.", { param: 'pages' });
};

/** The answer has no body; where the result will be is in its head. */
const start = async (url: string, json: JsonObject, wire: Wire): Promise<string> => {
  const accepted = await wire.stream({ url, json });
  accepted.cancel();
  const location = accepted.headers.get('operation-location');
  if (location === null || !URL.canParse(location)) throw noAnswer(wire, 'a link to the job');
  if (new URL(location).origin !== new URL(url).origin)
    throw new SluiceError('invalid_response', 'The link to the job leads away from the resource; it is not followed.');
  return location;
};

const look = async (url: string, wire: Wire): Promise<JsonObject | undefined> => {
  const job = await wire.json({ url });
  const status = asString(job['status']);
  if (status === 'succeeded') return asObject(job['analyzeResult']) ?? {};
  if (status !== 'failed' && status !== 'canceled') return undefined;
  const error = asObject(job['error']) ?? {};
  const inner = asObject(error['innererror']);
  const code = asString(inner?.['code']) ?? asString(error['code']);
  throw jobFailed(wire, asString(inner?.['message']) ?? asString(error['message']), { ...(code !== undefined && { code }), body: job });
};

const pagesOf = (result: JsonObject, wire: Wire): OcrPage[] => {
  const content = asString(result['content']);
  if (content === undefined || !Array.isArray(result['pages'])) throw noAnswer(wire, 'pages');
  return asObjects(result['pages']).map((page, at) => {
    const spans = asObjects(page['spans']).map(({ offset, length }) => [asNumber(offset) ?? 0, asNumber(length) ?? 0] as const);
    return {
      index: (asNumber(page['pageNumber']) ?? at + 1) - 1,
      markdown: spans.map(([offset, length]) => content.slice(offset, offset + length)).join(''),
      dimensions: dimensionsOf(page),
    };
  });
};

/** Inches, where it is no image: pixels as Mistral would have drawn it. */
const dotsPerInch = 72;

const dimensionsOf = (page: JsonObject): JsonObject | null => {
  const [width, height] = [asNumber(page['width']), asNumber(page['height'])];
  if (width === undefined || height === undefined) return null;
  const scale = page['unit'] === 'inch' ? dotsPerInch : 1;
  return { dpi: dotsPerInch, width: Math.round(width * scale), height: Math.round(height * scale) };
};
