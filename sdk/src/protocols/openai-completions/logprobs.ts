import type { JsonObject } from '../../types/index.ts';
import { asArray, asNumber, asObject, asObjects, asString } from '../shared/read.ts';

/** Text completions have log probabilities as parallel lists, chat as one list of tokens. */

/** @returns chat's shape; undefined where there is none */
export const readLogprobs = (value: unknown): JsonObject | undefined => {
  const logprobs = asObject(value);
  if (!logprobs || !Array.isArray(logprobs['tokens'])) return undefined;
  const probabilities = asArray(logprobs['token_logprobs']);
  const tops = asArray(logprobs['top_logprobs']);
  return {
    content: logprobs['tokens'].map((token: unknown, at) => ({
      token,
      // The first token of an echoed prompt has none.
      logprob: asNumber(probabilities[at]) ?? null,
      bytes: null,
      top_logprobs: Object.entries(asObject(tops[at]) ?? {}).map(([top, logprob]) => ({ token: top, logprob, bytes: null })),
    })),
  };
};

/**
 * The reverse.
 * @param offset where the first of the tokens stands in the answer's text
 */
export const writeLogprobs = (logprobs: JsonObject | undefined, offset = 0): JsonObject | null => {
  const content = asObjects(logprobs?.['content']);
  if (content.length === 0) return null;
  let at = offset;
  return {
    tokens: content.map(({ token }) => token),
    token_logprobs: content.map(({ logprob }) => logprob),
    top_logprobs: content.map(({ top_logprobs: tops }) =>
      Object.fromEntries(asObjects(tops).map(({ token, logprob }) => [asString(token) ?? '', logprob])),
    ),
    text_offset: content.map(({ token }) => {
      const start = at;
      at += asString(token)?.length ?? 0;
      return start;
    }),
  };
};
