import type { EmbeddingProtocol } from '../../types/index.ts';
import * as request from './request.ts';
import * as response from './response.ts';

/** Ollama's `/api/embed` (https://docs.ollama.com/api/embed, read 2026-11-21). */
export const ollamaEmbeddings: EmbeddingProtocol = Object.freeze({
  id: 'ollama-embeddings',
  request: { fromWire: request.fromWire, toWire: request.toWire },
  response: { fromWire: response.fromWire, toWire: response.toWire },
} satisfies EmbeddingProtocol);

/** The older `/api/embeddings`: one `prompt` in, one `embedding` out. Clients still speak it; no provider is spoken to in it. */
export const ollamaOldEmbeddings: EmbeddingProtocol = Object.freeze({
  id: 'ollama-old-embeddings',
  request: { fromWire: request.fromWire, toWire: request.toWire },
  response: { fromWire: response.fromWire, toWire: response.toOldWire },
} satisfies EmbeddingProtocol);
