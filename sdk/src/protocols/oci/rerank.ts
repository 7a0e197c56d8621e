import type { JsonObject, RerankRequest, RerankResult, ToWireContext, UpstreamRerankProtocol } from '../../types/index.ts';
import { SluiceError } from '../../types/index.ts';
import { documentText } from '../cohere-rerank/document-text.ts';
import { asNumber, asObject, asObjects, asString, compact } from '../shared/read.ts';

const toWire = (request: RerankRequest, context: ToWireContext): JsonObject =>
  compact<JsonObject>({
    ...request.unknown,
    servingMode: { servingType: 'ON_DEMAND', modelId: context.model },
    input: request.query,
    documents: request.documents.map((each) => (typeof each === 'string' ? each : documentText(each, request.rankFields))),
    topN: request.topN,
    isEcho: request.returnDocuments,
    maxChunksPerDocument: request.maxChunksPerDocument,
    maxTokensPerDocument: request.maxTokensPerDocument,
  });

const fromWire = (body: JsonObject): RerankResult => {
  if (!Array.isArray(body['documentRanks']))
    throw new SluiceError('invalid_response', 'The provider answered without an order of documents.', { upstream: { body } });
  const [answerId, model] = [asString(body['id']), asString(body['modelId'])];
  return {
    ...(answerId !== undefined && { id: answerId }),
    ...(model !== undefined && { model }),
    results: asObjects(body['documentRanks']).map((each, at) => {
      const document = asObject(each['document']);
      return { index: asNumber(each['index']) ?? at, relevanceScore: asNumber(each['relevanceScore']) ?? 0, ...(document && { document }) };
    }),
  };
};

/** `rerankText` (oci-generativeaiinference 2.142.0, RerankTextDetails, read 2026-11-22). */
export const ociRerank: UpstreamRerankProtocol = Object.freeze({
  id: 'oci-rerank',
  request: { toWire },
  response: { fromWire },
} satisfies UpstreamRerankProtocol);
