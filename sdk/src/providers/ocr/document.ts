import { parseDataUrl } from '../../protocols/shared/data-url.ts';
import { isObject } from '../../protocols/shared/read.ts';
import { SluiceError, type JsonObject, type OcrRequest, type OcrResult, type Usage, type Wire } from '../../types/index.ts';
import { otherMembers } from '../media/members.ts';

/** A document to be read, as Mistral's format has it. */
export interface OcrDocument {
  kind: 'document' | 'image';
  /** A link, or a URL that holds it. */
  url: string;
  /** Base64, where the URL holds it. */
  base64?: string;
  /** Which member it came in, for messages. */
  param: string;
}

const invalid = (message: string, param = 'document'): SluiceError => new SluiceError('invalid_request', message, { param });

/** @throws SluiceError `invalid_request`; `unsupported_parameter` for a file of Mistral's, which nobody else has */
export const readDocument = ({ document }: OcrRequest): OcrDocument => {
  if (!isObject(document)) throw invalid("'document' must be an object.");
  const { type, document_url: link, image_url: image } = document as JsonObject;
  const [kind, url, param] =
    type === 'document_url'
      ? (['document', link, 'document.document_url'] as const)
      : type === 'image_url'
        ? (['image', isObject(image) ? image['url'] : image, 'document.image_url'] as const)
        : (['document', undefined, 'document.type'] as const);
  if (type === 'file')
    throw new SluiceError('unsupported_parameter', 'This vendor reads no files of Mistral: give document_url.', {
      param: 'document.file_id',
    });
  if (typeof url !== 'string' || url === '') throw invalid("'document' must be a document_url or an image_url.", param);
  const base64 = parseDataUrl(url)?.data;
  if (base64 === undefined && !/^(?:https?|reducto|jobid):\/\//i.test(url))
    throw invalid(`'${param}' must be a link or a data URL.`, param);
  return { kind, url, param, ...(base64 !== undefined && { base64 }) };
};

const named = ['model', 'document', 'pages', 'include_image_base64'];

/** The vendor's own members. */
export const ownMembers = (request: OcrRequest): JsonObject => otherMembers(request, named);

/** @throws SluiceError `unsupported_parameter`: nothing is fetched here for a client, and this vendor fetches nothing either */
export const wantInline = ({ base64, param, url }: OcrDocument, wire: Wire): string => {
  if (base64 !== undefined) return url;
  throw new SluiceError(
    'unsupported_parameter',
    `${wire.target.provider.label} reads documents that the request holds (a data URL), and no links.`,
    {
      param,
    },
  );
};

/** A page as Mistral has it. */
export interface OcrPage extends JsonObject {
  /** From 0. */
  index: number;
  markdown: string;
}

/** Pages in Mistral's format, and what they are billed by. */
export const ocrResult = (
  pages: readonly OcrPage[],
  model: string,
  { counted, usage }: { counted?: number; usage?: Usage | undefined } = {},
): OcrResult => {
  const count = counted ?? pages.length;
  return {
    body: {
      pages: pages.map(({ index, markdown, ...more }) => ({ index, markdown, images: [], dimensions: null, ...more })),
      model,
      usage_info: { pages_processed: count, doc_size_bytes: null },
    },
    usage: { ...(usage ?? { inputTokens: 0, outputTokens: 0 }), units: { ...usage?.units, pages: count } },
  };
};
