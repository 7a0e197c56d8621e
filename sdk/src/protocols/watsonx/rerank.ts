import type { JsonObject, RerankRequest, RerankResult, ToWireContext, UpstreamRerankProtocol } from '../../types/index.ts';
import { SluiceError } from '../../types/index.ts';
import { documentText } from '../cohere-rerank/document-text.ts';
import { asNumber, asObject, asObjects, asString, compact } from '../shared/read.ts';
import { modelMember } from './model.ts';

const toWire = (request: RerankRequest, context: ToWireContext): JsonObject => {
  if (request.maxChunksPerDocument !== undefined) context.drop('max_chunks_per_doc', 'watsonx.ai has max_tokens_per_doc in its place');
  const returned = compact<JsonObject>({ top_n: request.topN, inputs: request.returnDocuments });
  const parameters = compact<JsonObject>({
    truncate_input_tokens: request.maxTokensPerDocument,
    return_options: Object.keys(returned).length > 0 ? returned : undefined,
  });
  return {
    ...request.unknown,
    ...modelMember(context.model),
    query: request.query,
    inputs: request.documents.map((each) => ({ text: typeof each === 'string' ? each : documentText(each, request.rankFields) })),
    ...(Object.keys(parameters).length > 0 && { parameters }),
  };
};

const fromWire = (body: JsonObject): RerankResult => {
  if (!Array.isArray(body['results']))
    throw new SluiceError('invalid_response', 'The provider answered without an order of documents.', { upstream: { body } });
  const inputTokens = asNumber(body['input_token_count']);
  const model = asString(body['model_id']);
  return {
    ...(model !== undefined && { model }),
    results: asObjects(body['results']).map((each, at) => {
      const document = asObject(each['input']) ?? (typeof each['input'] === 'string' ? { text: each['input'] } : undefined);
      return { index: asNumber(each['index']) ?? at, relevanceScore: asNumber(each['score']) ?? 0, ...(document && { document }) };
    }),
    ...(inputTokens !== undefined && { usage: { inputTokens } }),
  };
};

/** `/ml/v1/text/rerank` (https://cloud.ibm.com/apidocs/watsonx-ai#text-rerank, read 2026-11-22). */
export const watsonxRerank: UpstreamRerankProtocol = Object.freeze({
  id: 'watsonx-rerank',
  request: { toWire },
  response: { fromWire },
} satisfies UpstreamRerankProtocol);
