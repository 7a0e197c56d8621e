import type { JsonObject } from '../../types/index.ts';

/**
 * Adds the log probabilities of one more chunk (`{ content: [...], refusal: null }`) to those of the chunks before it.
 * @returns `into`, changed in place: one list a candidate, and a token's worth of entries a chunk
 */
export const joinLogprobs = (into: JsonObject, more: JsonObject): JsonObject => {
  for (const [key, list] of Object.entries(more)) {
    const before = into[key];
    if (Array.isArray(list)) {
      if (Array.isArray(before)) before.push(...list);
      else into[key] = [...list];
    } else if (!Array.isArray(before)) into[key] = list;
  }
  return into;
};
