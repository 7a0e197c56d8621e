import { isObject, type JsonObject } from 'sluice/kit';

/** Providers that cache by themselves begin there, and so do most that are told to: 1024 tokens, at four characters each. */
const leastChars = 4 * 1024;

/** Roles whose turns at the beginning belong to the system's. */
const systemRoles: ReadonlySet<unknown> = new Set(['system', 'developer']);

/**
 * A fingerprint of the beginning of a prompt that a provider's cache would hold: tools, system and the first turn of the
 * conversation, which stay the same while it goes on. Where the client marks what is to be cached, and marks nothing of
 * the conversation, it is only what is marked: the questions asked of one long text differ. The same on every machine.
 * @returns undefined where nothing is marked, and it is too short for caches that need no mark
 */
export const cachePrefixOf = (body: JsonObject): string | undefined => {
  const { tools, system, turns } = partsOf(body);
  const first = turns.findIndex((turn) => !(isObject(turn) && systemRoles.has(turn['role'])));
  const spoken = first === -1 ? [] : turns.slice(first);
  const ruled = [system, ...(first === -1 ? turns : turns.slice(0, first))];
  const marked = hasMark(spoken, 0) ? 3 : hasMark(ruled, 0) ? 2 : hasMark(tools, 0) ? 1 : 0;
  const text = JSON.stringify([tools, ruled, spoken[0]].slice(0, marked || 3));
  if (marked === 0 && text.length < leastChars) return undefined;
  return Bun.hash.wyhash(steady(text)).toString(36);
};

const partsOf = (body: JsonObject): { tools: unknown; system: unknown; turns: readonly unknown[] } => {
  const turns = body['messages'] ?? body['contents'] ?? body['input'];
  const toolConfig = body['toolConfig'];
  return {
    tools: body['tools'] ?? body['functions'] ?? (isObject(toolConfig) ? toolConfig['tools'] : undefined),
    system: body['system'] ?? body['systemInstruction'] ?? body['system_instruction'] ?? body['instructions'],
    turns: Array.isArray(turns) ? turns : turns === undefined ? [] : [turns],
  };
};

/** A list, a turn, its blocks, and those of a tool's result. */
const maxDepth = 6;

/** Anthropic's `cache_control`, and Bedrock's `cachePoint`: on a block, or within it. */
const hasMark = (value: unknown, depth: number): boolean => {
  if (Array.isArray(value)) return depth < maxDepth && value.some((each) => hasMark(each, depth + 1));
  if (!isObject(value)) return false;
  return isObject(value['cache_control']) || isObject(value['cachePoint']) || (depth < maxDepth && hasMark(value['content'], depth + 1));
};

/** Clients move their marks along as a conversation grows. */
const marks = /,"cache_control":\{[^{}]*\}|"cache_control":\{[^{}]*\},?|,?\{"cachePoint":\{[^{}]*\}\}/g;
/** Claude Code begins its system prompt with a line that is another one in each call, and in no cache (seen in public proxies for it, 2026-11-22). */
const billing = /x-anthropic-billing-header:[^"]*/g;

/** The text without what differs from call to call of one conversation. */
const steady = (text: string): string => {
  const unmarked = text.includes('"cache') ? text.replace(marks, '') : text;
  return unmarked.includes('x-anthropic-billing-header:') ? unmarked.replace(billing, '') : unmarked;
};
