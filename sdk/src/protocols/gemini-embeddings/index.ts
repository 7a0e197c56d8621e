import type { EmbeddingProtocol } from '../../types/index.ts';
import * as request from './request.ts';
import * as response from './response.ts';

/** Google's `batchEmbedContents` and `embedContent` (https://ai.google.dev/api/embeddings, read 2026-11-21). */
export const geminiEmbeddings: EmbeddingProtocol = Object.freeze({
  id: 'gemini-embeddings',
  request: { fromWire: request.fromWire, toWire: request.toWire },
  response: { fromWire: response.fromWire, toWire: response.toWire },
} satisfies EmbeddingProtocol);
