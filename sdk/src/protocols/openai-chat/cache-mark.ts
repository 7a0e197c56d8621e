import type { CacheControl, JsonObject, ProtocolExtra } from '../../types/index.ts';
import { kept } from './own.ts';
import type { Writing } from './writing.ts';

/**
 * A prompt-cache mark, for a vendor that has them (FP-75). A client that wrote it in this format knows what it talks to;
 * one that speaks another (every Anthropic client marks its prompts) does not, and OpenAI refuses what it does not know.
 */
export const writeCacheMark = (
  thing: { cacheControl?: CacheControl; extra?: ProtocolExtra },
  { context, same, lacks, drop }: Writing,
): JsonObject => {
  if (!thing.cacheControl || (same && kept(thing)['prompt_cache_breakpoint'])) return {};
  if (context.quirks.cacheMarks || (same && !lacks('cache_control'))) return { cache_control: thing.cacheControl };
  drop('cache_control', 'the provider takes no such marks; it caches by itself or not at all');
  return {};
};
