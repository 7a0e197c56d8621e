import type { CacheControl, JsonObject, ProtocolExtra } from '../../types/index.ts';
import { asObject, asString } from '../shared/read.ts';

/** The name of this protocol, under which `extra` and unknown content parts carry what only it can write back. */
export const own = 'openai-chat';

/** The members of an object but the named ones. */
export const without = (object: JsonObject, ...names: string[]): JsonObject => {
  // Nearly always nothing is left, and an object that members were deleted from is a slow one.
  for (const name in object) if (!names.includes(name)) return copyWithout(object, names);
  return {};
};

const copyWithout = (object: JsonObject, names: readonly string[]): JsonObject => {
  const rest = { ...object };
  for (const name of names) delete rest[name];
  return rest;
};

export const hasMembers = (object: JsonObject): boolean => {
  for (const _ in object) return true;
  return false;
};

/** Members that are not neutral, to be written back by this protocol alone. */
export const keep = (members: JsonObject): { extra?: ProtocolExtra } => (hasMembers(members) ? { extra: { [own]: members } } : {});

/** The members that `keep` kept. */
export const kept = (thing: { extra?: ProtocolExtra }): JsonObject => thing.extra?.[own] ?? {};

/** LiteLLM and OpenRouter pass Anthropic's `cache_control` in OpenAI's format; OpenAI has a breakpoint of its own that means the same. */
export const readCacheMark = (object: JsonObject): { cacheControl?: CacheControl } => {
  const mark = asObject(object['cache_control']);
  const type = asString(mark?.['type']);
  if (type !== undefined) return { cacheControl: { ...mark, type } };
  return asObject(object['prompt_cache_breakpoint']) ? { cacheControl: { type: 'ephemeral' } } : {};
};
