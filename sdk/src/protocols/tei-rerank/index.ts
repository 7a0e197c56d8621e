import {
  SluiceError,
  type JsonObject,
  type RerankRequest,
  type RerankResult,
  type ToWireContext,
  type UpstreamRerankProtocol,
} from '../../types/index.ts';
import { asNumber, asObjects } from '../shared/read.ts';
import { bestFirst, documentTexts, dropLimits } from '../shared/rerank-documents.ts';

/*
 * `/rerank` of Hugging Face's Text Embeddings Inference: `query` and `texts` in, a list of `{ index, score }` out
 * (https://huggingface.github.io/text-embeddings-inference/, read 2026-11-22).
 */

/** @throws SluiceError `unsupported_parameter` */
const toWire = (request: RerankRequest, context: ToWireContext): JsonObject => {
  dropLimits(request, context);
  return { ...request.unknown, query: request.query, texts: documentTexts(request), return_text: false };
};

/** @throws SluiceError `invalid_response` */
const fromWire = (body: JsonObject): RerankResult => {
  const list = body['list'] ?? body['results'];
  if (!Array.isArray(list)) throw new SluiceError('invalid_response', 'The provider answered without results.');
  return {
    results: bestFirst(
      asObjects(list).map((each) => ({ index: asNumber(each['index']) ?? 0, relevanceScore: asNumber(each['score']) ?? 0 })),
    ),
  };
};

export const teiRerank: UpstreamRerankProtocol = Object.freeze({
  id: 'tei-rerank',
  request: { toWire },
  response: { mayBeList: true, fromWire },
} satisfies UpstreamRerankProtocol);
