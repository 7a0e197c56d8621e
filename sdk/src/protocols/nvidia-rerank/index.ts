import {
  SluiceError,
  type JsonObject,
  type RerankRequest,
  type RerankResult,
  type ToWireContext,
  type UpstreamRerankProtocol,
} from '../../types/index.ts';
import { asNumber, asObject, asObjects, asString, compact } from '../shared/read.ts';
import { bestFirst, documentTexts, dropLimits } from '../shared/rerank-documents.ts';

/*
 * `/v1/ranking` of NVIDIA's NIM: a query and passages as objects, logits back, all of them always
 * (https://docs.nvidia.com/nim/nemo-retriever/text-reranking/2.3/using-reranking.html, read 2026-11-22).
 */

/** A passage that is an image is one already. */
const passagesOf = (request: RerankRequest): JsonObject[] => {
  const texts = documentTexts(request);
  return request.documents.map((each, index) =>
    typeof each !== 'string' && typeof each['image'] === 'string'
      ? compact({ text: asString(each['text']), image: each['image'] })
      : { text: texts[index] },
  );
};

/** @throws SluiceError `unsupported_parameter` */
const toWire = (request: RerankRequest, context: ToWireContext): JsonObject => {
  dropLimits(request, context);
  // The vendor ranks all that it gets: how many of the best the client wants is counted off by the caller.
  return { ...request.unknown, model: context.model, query: { text: request.query }, passages: passagesOf(request) };
};

/** @throws SluiceError `invalid_response` */
const fromWire = (body: JsonObject): RerankResult => {
  if (!Array.isArray(body['rankings'])) throw new SluiceError('invalid_response', 'The provider answered without rankings.');
  const tokens = asNumber(asObject(body['usage'])?.['total_tokens']);
  return compact<RerankResult>({
    id: asString(body['id']),
    results: bestFirst(
      asObjects(body['rankings']).map((each) => ({ index: asNumber(each['index']) ?? 0, relevanceScore: asNumber(each['logit']) ?? 0 })),
    ),
    usage: tokens === undefined ? undefined : { inputTokens: tokens },
  });
};

export const nvidiaRerank: UpstreamRerankProtocol = Object.freeze({
  id: 'nvidia-rerank',
  request: { toWire },
  response: { fromWire },
} satisfies UpstreamRerankProtocol);
