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

/*
 * BGE on an endpoint of the user's own: each text is the `prompt` of an instance, each prediction a vector
 * (docs.litellm.ai/docs/providers/vertex_embedding, read 2026-11-22).
 */

const toWire = (request: EmbeddingRequest, context: ToWireContext): JsonObject => {
  if (request.user !== undefined) context.drop('user', 'Vertex AI takes no end user');
  if (request.dimensions !== undefined) context.lacks('dimensions', 'BGE has one length of vectors');
  const { parameters, ...instance } = request.unknown;
  return {
    instances: wantedTexts(request, 'Vertex AI').map((prompt) => ({ prompt, ...instance })),
    ...(parameters !== undefined && { parameters }),
  };
};

const fromWire = (body: JsonObject): EmbeddingResult => {
  const embeddings = asArray(body['predictions']).map((vector) => asArray(vector).filter((each) => typeof each === 'number'));
  if (embeddings.length === 0 || embeddings.some((vector) => vector.length === 0))
    throw new SluiceError('invalid_response', 'The endpoint answered without embeddings.');
  return { model: '', embeddings };
};

export const vertexBgeEmbeddings: UpstreamEmbeddingProtocol = Object.freeze({
  id: 'vertex-bge-embeddings',
  request: { toWire },
  response: { fromWire },
} satisfies UpstreamEmbeddingProtocol);
