import {
  SluiceError,
  type EmbeddingRequest,
  type EmbeddingResult,
  type JsonObject,
  type ToWireContext,
  type UpstreamEmbeddingProtocol,
} from '../../types/index.ts';
import { asArray, compact } from '../shared/read.ts';
import { wantedTexts } from '../shared/wanted-texts.ts';

/*
 * `/embed` of Hugging Face's Text Embeddings Inference (https://huggingface.github.io/text-embeddings-inference/), and the
 * feature-extraction pipeline of hf-inference, which takes the same body (https://huggingface.co/docs/inference-providers/
 * tasks/feature-extraction). Both read 2026-11-22. Tokens are counted in a header, by TEI alone.
 */

/** A server's default `max_client_batch_size`. */
const maxInputs = (): number => 32;

/** @throws SluiceError `unsupported_parameter` */
const toWire = (request: EmbeddingRequest, context: ToWireContext): JsonObject => {
  if (request.user !== undefined) context.drop('user', 'Hugging Face takes no end user');
  return compact<JsonObject>({
    ...request.unknown,
    inputs: wantedTexts(request, 'Hugging Face'),
    dimensions: request.dimensions,
  });
};

const isVector = (value: unknown): value is number[] => Array.isArray(value) && value.every((each) => typeof each === 'number');

/** @throws SluiceError `invalid_response` */
const fromWire = (body: JsonObject, headers?: Headers): EmbeddingResult => {
  const list = asArray(body['list'] ?? body['embeddings']);
  // One text's vector may come without the list around it.
  const vectors = list.length > 0 && isVector(list) ? [list] : list;
  const embeddings = vectors.map((vector) => {
    if (isVector(vector)) return vector;
    const what = Array.isArray(vector) && Array.isArray(vector[0]) ? 'a vector for each token: it is no model of sentences' : 'no vectors';
    throw new SluiceError('invalid_response', `The model gave ${what}.`, { retry: false });
  });
  if (embeddings.length === 0) throw new SluiceError('invalid_response', "The provider's answer has no embeddings.");
  const tokens = Number(headers?.get('x-compute-tokens') ?? NaN);
  return { model: '', embeddings, ...(tokens >= 0 && { usage: { inputTokens: tokens, outputTokens: 0 } }) };
};

export const teiEmbeddings: UpstreamEmbeddingProtocol = Object.freeze({
  id: 'tei-embeddings',
  maxInputs,
  request: { toWire },
  response: { mayBeList: true, fromWire },
} satisfies UpstreamEmbeddingProtocol);
