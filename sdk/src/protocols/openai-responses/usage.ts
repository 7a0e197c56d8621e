import type { JsonObject, Usage } from '../../types/index.ts';
import { cachedInputTokens, totalInputTokens, totalOutputTokens } from '../../types/index.ts';
import { openAiUsageOf } from '../shared/openai-usage.ts';
import { asNumber, asObject, asObjects } from '../shared/read.ts';

/** Searches that the provider ran: as it counts them (OpenAI, xAI), else as it shows them. */
const webSearchesOf = (response: JsonObject): number => {
  const openai = asNumber(asObject(asObject(response['tool_usage'])?.['web_search'])?.['num_requests']);
  const xai = asNumber(asObject(asObject(response['usage'])?.['server_side_tool_usage_details'])?.['web_search_calls']);
  return openai ?? xai ?? asObjects(response['output']).filter((item) => item['type'] === 'web_search_call').length;
};

/** Usage of a whole answer; its counts overlap: the details are parts of `input_tokens` and `output_tokens`. */
export const usageOf = (response: JsonObject): Usage | undefined => {
  const usage = openAiUsageOf(response);
  const searches = webSearchesOf(response);
  return usage && searches > 0 ? { ...usage, webSearchRequests: searches } : usage;
};

export const writeUsage = (usage: Usage): JsonObject => {
  const input = totalInputTokens(usage);
  const output = totalOutputTokens(usage);
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: cachedInputTokens(usage) ?? 0,
      cache_write_tokens: (usage.cacheWriteTokens ?? 0) + (usage.cacheWrite1hTokens ?? 0),
    },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: input + output,
  };
};
