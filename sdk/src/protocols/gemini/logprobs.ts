import type { JsonObject } from '../../types/index.ts';
import { asNumber, asObject, asObjects, asString } from '../shared/read.ts';

/** Google's `logprobsResult` <-> OpenAI's `{ content: [{ token, logprob, bytes, top_logprobs }] }`. */
export const logprobsFromWire = (value: unknown): JsonObject | undefined => {
  const result = asObject(value);
  if (!result) return undefined;
  const steps = asObjects(result['topCandidates']);
  const content = asObjects(result['chosenCandidates']).map((chosen, index) => ({
    ...readToken(chosen),
    top_logprobs: asObjects(steps[index]?.['candidates']).map(readToken),
  }));
  return { content, refusal: null };
};

const readToken = (value: JsonObject): JsonObject => ({
  token: asString(value['token']) ?? '',
  logprob: asNumber(value['logProbability']) ?? 0,
  bytes: null,
});

export const logprobsToWire = (value: JsonObject | undefined): JsonObject | undefined => {
  const content = asObjects(value?.['content']);
  if (content.length === 0) return undefined;
  return {
    topCandidates: content.map((each) => ({ candidates: asObjects(each['top_logprobs']).map(writeToken) })),
    chosenCandidates: content.map(writeToken),
  };
};

const writeToken = (value: JsonObject): JsonObject => ({ token: value['token'], logProbability: value['logprob'] });
