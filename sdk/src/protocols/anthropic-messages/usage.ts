import { table } from '../../lib/table.ts';
import { cachedInputTokens, totalInputTokens, totalOutputTokens, type JsonObject, type Usage } from '../../types/index.ts';
import { asNumber, asObject, asString, compact, isObject } from '../shared/read.ts';

/*
 * Anthropic's input counts are disjoint already: `input_tokens` is what was neither read from the cache nor written to
 * it (https://platform.claude.com/docs/en/build-with-claude/prompt-caching, read 2026-11-21). `output_tokens` holds the
 * thinking, which newer answers tell apart in `output_tokens_details`.
 */

export const fromWire = (value: unknown): Usage | undefined => {
  const usage = asObject(value);
  if (!usage) return undefined;
  const written = asNumber(usage['cache_creation_input_tokens']);
  const split = asObject(usage['cache_creation']);
  const hour = asNumber(split?.['ephemeral_1h_input_tokens']);
  const minutes = asNumber(split?.['ephemeral_5m_input_tokens']);
  const output = asNumber(usage['output_tokens']) ?? 0;
  const thinking = asNumber(asObject(usage['output_tokens_details'])?.['thinking_tokens']);
  return compact<Usage>({
    inputTokens: asNumber(usage['input_tokens']) ?? 0,
    cacheReadTokens: asNumber(usage['cache_read_input_tokens']),
    // The total may be newer than its split, which only the start of a stream has.
    cacheWriteTokens: written === undefined ? minutes : Math.max(written - (hour ?? 0), 0),
    cacheWrite1hTokens: hour,
    outputTokens: Math.max(output - (thinking ?? 0), 0),
    reasoningTokens: thinking,
    webSearchRequests: asNumber(asObject(usage['server_tool_use'])?.['web_search_requests']),
    serviceTier: asString(usage['service_tier']),
    providerCostUsd: asNumber(usage['cost']),
    raw: usage,
  });
};

/** Usage in a stream comes twice; what the later one leaves out, or gives as null, holds from the earlier. */
export const merge = (before: JsonObject | undefined, after: unknown): JsonObject | undefined => {
  if (!isObject(after)) return before;
  const merged = { ...before };
  for (const [name, value] of Object.entries(after)) if (value !== null || merged[name] === undefined) merged[name] = value;
  return merged;
};

/** The tier that an answer was served at, in OpenAI's words. */
export const readServiceTier = (usage: unknown): string | undefined => {
  const tier = asString(asObject(usage)?.['service_tier']);
  return tier === 'standard' ? 'default' : tier;
};

const tiers: Readonly<Record<string, string>> = table({ default: 'standard', standard: 'standard', priority: 'priority', batch: 'batch' });

/** Whether a provider's usage object is one of this format: OpenAI's Responses format has some of its members, and more. */
const isOwn = (raw: unknown): raw is JsonObject =>
  isObject(raw) && typeof raw['input_tokens'] === 'number' && !('total_tokens' in raw) && !('input_tokens_details' in raw);

/** The usage object of an answer to a client. @param tier `ChatResult.serviceTier` */
export const toWire = (usage: Usage | undefined, tier?: string): JsonObject => {
  if (usage && isOwn(usage.raw)) return usage.raw;
  const written = (usage?.cacheWriteTokens ?? 0) + (usage?.cacheWrite1hTokens ?? 0);
  return compact<JsonObject>({
    input_tokens: usage ? totalInputTokens(usage) - (cachedInputTokens(usage) ?? 0) - written : 0,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: (usage && cachedInputTokens(usage)) ?? 0,
    cache_creation:
      usage?.cacheWriteTokens === undefined && usage?.cacheWrite1hTokens === undefined
        ? undefined
        : { ephemeral_5m_input_tokens: usage.cacheWriteTokens ?? 0, ephemeral_1h_input_tokens: usage.cacheWrite1hTokens ?? 0 },
    output_tokens: usage ? totalOutputTokens(usage) : 0,
    output_tokens_details: usage?.reasoningTokens === undefined ? undefined : { thinking_tokens: usage.reasoningTokens },
    server_tool_use:
      usage?.webSearchRequests === undefined ? undefined : { web_search_requests: usage.webSearchRequests, web_fetch_requests: 0 },
    service_tier: tiers[tier ?? ''],
  });
};

/**
 * The same in the first event of a stream. What a foreign provider counts there of the answer belongs to the end: Anthropic
 * has counted next to nothing by then, and LangChain's client adds what both events say.
 */
export const atStart = (usage: Usage | undefined, tier?: string): JsonObject => {
  if (usage && isOwn(usage.raw)) return usage.raw;
  const { output_tokens_details: _thinking, ...counts } = toWire(usage, tier);
  return { ...counts, output_tokens: 0 };
};
