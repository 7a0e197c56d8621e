import type { JsonObject } from '../../types/index.ts';

/** Members of an answer that the neutral result has, or that repeat the request. */
const known: ReadonlySet<string> = new Set(
  `id object created_at completed_at status error incomplete_details model output output_text usage service_tier
   background conversation frequency_penalty instructions max_output_tokens max_tool_calls metadata parallel_tool_calls
   presence_penalty previous_response_id prompt prompt_cache_key prompt_cache_options prompt_cache_retention reasoning
   safety_identifier store temperature text tool_choice tools top_logprobs top_p truncation user`.split(/\s+/),
);

/** What else a vendor's answer says (Azure's `content_filters`, OpenAI's `tool_usage`): for clients of this format. */
export const ownMembersOf = (response: JsonObject): JsonObject => {
  const own: JsonObject = {};
  for (const [name, value] of Object.entries(response)) if (!known.has(name) && value !== null) own[name] = value;
  return own;
};
