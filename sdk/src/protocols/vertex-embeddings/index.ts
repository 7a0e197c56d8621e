import type { EmbeddingProtocol } from '../../types/index.ts';
import { maxInputs } from './models.ts';
import * as request from './request.ts';
import * as response from './response.ts';

/**
 * Embeddings on Vertex AI: `predict`, with one instance a text, and `embedContent` for the models since Gemini
 * Embedding 2 (docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api and
 * multimodal-embeddings-api, and the npm package @google/genai for `embedContent`, read 2026-11-22).
 */
export const vertexEmbeddings: EmbeddingProtocol = Object.freeze({
  id: 'vertex-embeddings',
  maxInputs,
  request: { fromWire: request.fromWire, toWire: request.toWire },
  response: { fromWire: response.fromWire, toWire: response.toWire },
} satisfies EmbeddingProtocol);
