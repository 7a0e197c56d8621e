import {
  SluiceError,
  type JsonObject,
  type RankedDocument,
  type RerankRequest,
  type RerankResult,
  type RerankUsage,
  type ToWireContext,
  type UpstreamRerankProtocol,
} from '../../types/index.ts';
import { readBodyError } from '../shared/openai-body-error.ts';
import { asNumber, asObject, asObjects, asString, compact } from '../shared/read.ts';
import { bestFirst, documentTexts, dropLimits } from '../shared/rerank-documents.ts';

/*
 * What Jina AI made of Cohere's first version, and others after it: tokens in `usage`, and the list in `results` or
 * `data`. Sources, read 2026-11-22: https://api.jina.ai/docs (rerank), https://docs.voyageai.com/reference/reranker-api
 * (`top_k`, a quirk of it), https://docs.together.ai/reference/rerank, https://docs.fireworks.ai/api-reference/
 * rerank-documents, https://docs.vllm.ai/en/latest/serving/openai_compatible_server/#re-rank-api,
 * https://github.com/ggml-org/llama.cpp/tree/master/tools/server, https://michaelfeil.eu/infinity.
 */

const toWire = (request: RerankRequest, context: ToWireContext): JsonObject => {
  dropLimits(request, context);
  const { rename = {} } = context.quirks;
  return {
    ...request.unknown,
    model: context.model,
    query: request.query,
    documents: documentTexts(request),
    ...(request.topN !== undefined && { [rename['top_n'] ?? 'top_n']: request.topN }),
    // Whoever asks has the documents: they are put in here, and need not travel back. Some send them unless told not to.
    return_documents: false,
  };
};

/** Some give the text alone. */
const documentOf = (value: unknown): JsonObject | undefined => (typeof value === 'string' ? { text: value } : asObject(value));

const usageOf = (value: unknown, meta: unknown): RerankUsage | undefined => {
  const usage = asObject(value);
  const searchUnits = asNumber(asObject(asObject(meta)?.['billed_units'])?.['search_units']);
  const inputTokens = asNumber(usage?.['total_tokens']) ?? asNumber(usage?.['prompt_tokens']);
  return inputTokens === undefined && searchUnits === undefined ? undefined : compact({ searchUnits, inputTokens });
};

/** @throws SluiceError `invalid_response`, or the error that came with a 200 */
const fromWire = (body: JsonObject): RerankResult => {
  const error = readBodyError(body);
  if (error) throw error;
  const list = Array.isArray(body['results']) ? body['results'] : body['data'];
  if (!Array.isArray(list)) throw new SluiceError('invalid_response', 'The provider answered without results.');
  const results = asObjects(list).map((each) =>
    compact<RankedDocument>({
      index: asNumber(each['index']) ?? 0,
      relevanceScore: asNumber(each['relevance_score']) ?? asNumber(each['score']) ?? 0,
      document: documentOf(each['document']),
    }),
  );
  return compact<RerankResult>({
    id: asString(body['id']),
    model: asString(body['model']),
    results: bestFirst(results),
    usage: usageOf(body['usage'], body['meta']),
  });
};

export const jinaRerank: UpstreamRerankProtocol = Object.freeze({
  id: 'jina-rerank',
  request: { toWire },
  response: { fromWire },
} satisfies UpstreamRerankProtocol);
