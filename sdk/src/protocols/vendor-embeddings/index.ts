import type { UpstreamEmbeddingProtocol } from '../../types/index.ts';
import * as request from './request.ts';
import * as response from './response.ts';

/**
 * OpenAI's shape with members of a vendor's own: Voyage AI (https://docs.voyageai.com/reference/embeddings-api) and Jina
 * AI (https://api.jina.ai/docs), both read 2026-11-22. What they call otherwise is data of the vendor (`quirks`), and
 * nothing goes on as it came: both refuse members of OpenAI's.
 */
export const vendorEmbeddings: UpstreamEmbeddingProtocol = Object.freeze({
  id: 'vendor-embeddings',
  maxInputs: request.maxInputs,
  request: { toWire: request.toWire },
  response: { fromWire: response.fromWire },
} satisfies UpstreamEmbeddingProtocol);
