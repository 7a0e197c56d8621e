import {
  SluiceError,
  type EmbeddingRequest,
  type JsonObject,
  type ToWireContext,
  type UpstreamEmbeddingProtocol,
} from '../../types/index.ts';
import { asObject, asString, compact, isObject } from '../shared/read.ts';
import { fromWire } from '../vendor-embeddings/response.ts';

/*
 * Voyage AI's `/multimodalembeddings`: each input is a list of texts, images and videos that make one vector together
 * (https://docs.voyageai.com/reference/multimodal-embeddings-api, read 2026-11-22).
 */

/** One input: a text, `{ image: URL or base64 }` as Jina AI's clients have it, or the vendor's own `{ content: [...] }`. */
const inputOf = (input: EmbeddingRequest['input'][number], index: number): JsonObject => {
  if (typeof input === 'string') return { content: [{ type: 'text', text: input }] };
  if (isObject(input)) {
    if (Array.isArray(input['content'])) return input;
    const text = asString(input['text']);
    if (text !== undefined) return { content: [{ type: 'text', text }] };
    const image = asString(input['image']) ?? asString(asObject(input['image_url'])?.['url']) ?? asString(input['image_url']);
    if (image !== undefined) return { content: [imageOf(image)] };
  }
  const what = Array.isArray(input) ? 'a list of token ids' : 'neither a text, an image nor a list of contents';
  throw new SluiceError('unsupported_parameter', `'input[${index}]' is ${what}.`, { param: 'input' });
};

const imageOf = (image: string): JsonObject =>
  /^https?:/i.test(image) ? { type: 'image_url', image_url: image } : { type: 'image_base64', image_base64: image };

/** @throws SluiceError `unsupported_parameter` */
const toWire = (request: EmbeddingRequest, context: ToWireContext): JsonObject => {
  if (request.user !== undefined) context.drop('user', 'Voyage AI takes no end user');
  return compact<JsonObject>({
    ...request.unknown,
    model: context.model,
    inputs: request.input.map(inputOf),
    output_dimension: request.dimensions,
    output_encoding: request.encodingFormat === 'base64' ? 'base64' : undefined,
  });
};

export const voyageMultimodalEmbeddings: UpstreamEmbeddingProtocol = Object.freeze({
  id: 'voyage-multimodal-embeddings',
  maxInputs: () => 1000,
  request: { toWire },
  response: { fromWire },
} satisfies UpstreamEmbeddingProtocol);
