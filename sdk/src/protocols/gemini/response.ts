import type { Candidate, ChatResult, DecodeHints, FromResultContext, JsonObject, Usage } from '../../types/index.ts';
import { createCollector } from '../shared/collect.ts';
import { asObject, asObjects } from '../shared/read.ts';
import { AnswerReader } from './answer-reader.ts';
import { writeCandidate } from './candidate-writer.ts';
import { spellServiceTier } from './service-tier.ts';
import { searchesOf, usageFromWire, usageToWire } from './usage.ts';

/** @throws SluiceError `invalid_response`, or the error that the body is */
export const fromWire = (body: JsonObject, hints?: DecodeHints): ChatResult => {
  const collector = createCollector();
  const reader = new AnswerReader(hints);
  reader.read(body, collector.push);
  reader.close(collector.push, true);
  return collector.result();
};

/** A `GenerateContentResponse`. */
export const toWire = (result: ChatResult, context: FromResultContext): JsonObject => {
  const { candidates: own, ...extra } = result.extra?.['gemini'] ?? {};
  const blocked =
    asObject(extra['promptFeedback'])?.['blockReason'] !== undefined && result.candidates.every((each) => each.content.length === 0);
  return {
    ...(!blocked && {
      candidates: result.candidates.map((each: Candidate) => writeCandidate(each, asObject(asObject(own)?.[each.index]))),
    }),
    ...extra,
    ...(result.usage && { usageMetadata: writeUsage(result.usage, result.serviceTier) }),
    modelVersion: result.model || context.model,
    responseId: result.id || context.newId(''),
    ...(result.createdAt !== undefined && { createTime: new Date(result.createdAt * 1000).toISOString() }),
  };
};

export const writeUsage = (usage: Usage, serviceTier: string | undefined): JsonObject => ({
  ...usageToWire(usage),
  ...(serviceTier !== undefined && { serviceTier: spellServiceTier(serviceTier) }),
});

export const usage = (body: JsonObject): Usage | undefined =>
  usageFromWire(
    body['usageMetadata'],
    asObjects(body['candidates']).reduce((sum, each) => sum + searchesOf(each), 0),
  );
