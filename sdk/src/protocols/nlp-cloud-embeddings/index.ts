import {
  SluiceError,
  type EmbeddingRequest,
  type EmbeddingResult,
  type JsonObject,
  type ToWireContext,
  type UpstreamEmbeddingProtocol,
} from '../../types/index.ts';
import { asArray } from '../shared/read.ts';
import { wantedTexts } from '../shared/wanted-texts.ts';

/** "Up to 50 sentences" (https://docs.nlpcloud.com/#embeddings, read 2026-11-22). */
const maxInputs = (): number => 50;

/** @throws SluiceError `unsupported_parameter` */
const toWire = (request: EmbeddingRequest, context: ToWireContext): JsonObject => {
  if (request.dimensions !== undefined) context.lacks('dimensions');
  if (request.user !== undefined) context.drop('user', 'NLP Cloud takes no end user');
  return { ...request.unknown, sentences: wantedTexts(request, 'NLP Cloud') };
};

/** @throws SluiceError `invalid_response` */
const fromWire = (body: JsonObject): EmbeddingResult => {
  if (!Array.isArray(body['embeddings'])) throw new SluiceError('invalid_response', "The provider's answer has no embeddings.");
  return {
    model: '',
    embeddings: body['embeddings'].map((vector: unknown) => asArray(vector).filter((each) => typeof each === 'number')),
  };
};

/** NLP Cloud's `/embeddings`. */
export const nlpCloudEmbeddings: UpstreamEmbeddingProtocol = Object.freeze({
  id: 'nlp-cloud-embeddings',
  maxInputs,
  request: { toWire },
  response: { fromWire },
} satisfies UpstreamEmbeddingProtocol);
