import {
  SluiceError,
  type JsonObject,
  type RankedDocument,
  type RerankRequest,
  type RerankResult,
  type ToWireContext,
  type UpstreamRerankProtocol,
} from '../../types/index.ts';
import { asNumber, asObjects, asString } from '../shared/read.ts';
import { bestFirst, documentTexts, dropLimits } from '../shared/rerank-documents.ts';

/*
 * Google's ranking API, `rankingConfigs/...:rank` of Discovery Engine: records with ids, of which the scores come back
 * (docs.cloud.google.com/generative-ai-app-builder/docs/ranking and the reference of RankRequest, read 2026-11-22).
 */

const titleOf = (document: RerankRequest['documents'][number]): string | undefined =>
  typeof document === 'string' ? undefined : asString(document['title']);

/** @throws SluiceError `unsupported_parameter` */
const toWire = (request: RerankRequest, context: ToWireContext): JsonObject => {
  dropLimits(request, context);
  const texts = documentTexts(request);
  return {
    ...request.unknown,
    model: context.model,
    query: request.query,
    records: request.documents.map((document, index) => {
      const title = titleOf(document);
      return { id: String(index), content: texts[index]!, ...(title !== undefined && { title }) };
    }),
    ...(request.topN !== undefined && { topN: request.topN }),
    // Whoever asks has the documents.
    ignoreRecordDetailsInResponse: true,
  };
};

/** @throws SluiceError `invalid_response` */
const fromWire = (body: JsonObject): RerankResult => {
  if (!Array.isArray(body['records'])) throw new SluiceError('invalid_response', 'The provider answered without records.');
  const results = asObjects(body['records']).flatMap(({ id, score }): RankedDocument[] => {
    const index = Number(id);
    // A score of 0 may be left out, as JSON of Google's leaves out what is the default.
    return Number.isInteger(index) && index >= 0 ? [{ index, relevanceScore: asNumber(score) ?? 0 }] : [];
  });
  return { results: bestFirst(results) };
};

export const vertexRerank: UpstreamRerankProtocol = Object.freeze({
  id: 'vertex-rerank',
  request: { toWire },
  response: { fromWire },
} satisfies UpstreamRerankProtocol);
