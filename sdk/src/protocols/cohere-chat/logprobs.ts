import type { JsonObject } from '../../types/index.ts';
import { asArray, asNumber, asObjects, asString } from '../shared/read.ts';

const encoder = new TextEncoder();

/** An item is a piece of text and the log probabilities of its tokens; that of the piece is their sum. */
const readItem = (item: JsonObject): JsonObject => {
  const token = asString(item['text']) ?? '';
  const logprob = asArray(item['logprobs']).reduce<number>((sum, each) => sum + (asNumber(each) ?? 0), 0);
  return { token, logprob, bytes: [...encoder.encode(token)], top_logprobs: [] };
};

/** `LogprobItem`, one or a list, as OpenAI has them; undefined if there are none. */
export const readLogprobs = (value: unknown): JsonObject | undefined => {
  const items = asObjects(Array.isArray(value) ? value : [value]);
  return items.length === 0 ? undefined : { content: items.map(readItem), refusal: null };
};

/** The reverse. The ids of tokens are demanded, and other vendors do not tell them. */
export const writeLogprobs = (logprobs: JsonObject | undefined): JsonObject[] =>
  asObjects(logprobs?.['content']).map(({ token, logprob }) => ({ text: token, token_ids: [], logprobs: [logprob] }));
