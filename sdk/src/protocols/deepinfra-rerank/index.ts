import {
  SluiceError,
  type JsonObject,
  type RerankRequest,
  type RerankResult,
  type ToWireContext,
  type UpstreamRerankProtocol,
} from '../../types/index.ts';
import { asArray, asNumber, asString, compact } from '../shared/read.ts';
import { bestFirst, documentTexts, dropLimits } from '../shared/rerank-documents.ts';

/*
 * DeepInfra's rerankers behind its own inference API: one query for each document, one score for each
 * (https://deepinfra.com/Qwen/Qwen3-Reranker-8B/api, read 2026-11-22).
 */

/** @throws SluiceError `unsupported_parameter` */
const toWire = (request: RerankRequest, context: ToWireContext): JsonObject => {
  dropLimits(request, context);
  const documents = documentTexts(request);
  return { ...request.unknown, queries: documents.map(() => request.query), documents };
};

/** @throws SluiceError `invalid_response` */
const fromWire = (body: JsonObject): RerankResult => {
  if (!Array.isArray(body['scores'])) throw new SluiceError('invalid_response', 'The provider answered without scores.');
  const tokens = asNumber(body['input_tokens']);
  return compact<RerankResult>({
    id: asString(body['request_id']),
    results: bestFirst(asArray(body['scores']).map((score, index) => ({ index, relevanceScore: asNumber(score) ?? 0 }))),
    usage: tokens === undefined ? undefined : { inputTokens: tokens },
  });
};

export const deepinfraRerank: UpstreamRerankProtocol = Object.freeze({
  id: 'deepinfra-rerank',
  request: { toWire },
  response: { fromWire },
} satisfies UpstreamRerankProtocol);
