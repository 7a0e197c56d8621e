import type { Candidate, Citation, JsonObject } from '../../types/index.ts';
import { malformedCall, withThoughts, writeAnswerPart } from './answer-parts.ts';
import { finishToWire } from './finish.ts';
import { toGrounding } from './grounding.ts';
import { logprobsToWire } from './logprobs.ts';

/** @param own the members that Google gave beside the neutral ones, which go back as they came */
export const writeCandidate = (candidate: Candidate, own: JsonObject | undefined): JsonObject => {
  const { index, content } = candidate;
  const parts = withThoughts(content).flatMap(({ part, thoughts }) => writeAnswerPart(part, thoughts));
  const broken = content.map(malformedCall).find((each) => each !== undefined);
  const citations: Citation[] = [];
  let text = '';
  for (const part of content) {
    if (part.type !== 'text') continue;
    citations.push(...(part.citations ?? []));
    text += part.text;
  }
  return {
    content: { parts, role: 'model' },
    ...ending(candidate, broken),
    index,
    ...sourcesOf(citations, text, own),
    ...logprobsOf(candidate.logprobs, own),
    ...own,
  };
};

/** @param broken what is wrong with a call of the answer, if anything */
export const ending = (
  { finishReason, rawFinishReason }: Pick<Candidate, 'finishReason' | 'rawFinishReason'>,
  broken?: string,
): JsonObject =>
  broken === undefined
    ? { finishReason: finishToWire(finishReason, rawFinishReason) }
    : { finishReason: 'MALFORMED_FUNCTION_CALL', finishMessage: broken };

export const sourcesOf = (citations: readonly Citation[], text: string, own: JsonObject | undefined): JsonObject | undefined => {
  if (citations.length === 0 || own?.['groundingMetadata'] !== undefined || own?.['citationMetadata'] !== undefined) return undefined;
  const groundingMetadata = toGrounding(citations, text);
  return groundingMetadata && { groundingMetadata };
};

export const logprobsOf = (logprobs: JsonObject | undefined, own: JsonObject | undefined): JsonObject | undefined => {
  if (own?.['logprobsResult'] !== undefined) return undefined;
  const logprobsResult = logprobsToWire(logprobs);
  return logprobsResult && { logprobsResult };
};
