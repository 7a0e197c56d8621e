import type { EmbeddingProtocol } from '../../types/index.ts';
import { readRequest, writeRequest } from './request.ts';
import { readResponse, writeResponse } from './response.ts';

/** OpenAI's embeddings, and those of its followers (https://platform.openai.com/docs/api-reference/embeddings, read 2026-11-21). */
export const openaiEmbeddings: EmbeddingProtocol = Object.freeze({
  id: 'openai-embeddings',
  takesTokens: true,
  request: Object.freeze({ fromWire: readRequest, toWire: writeRequest }),
  response: Object.freeze({ fromWire: readResponse, toWire: writeResponse }),
});
