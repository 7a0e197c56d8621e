import { table } from '../../lib/table.ts';
import type { FinishReason } from '../../types/index.ts';

/*
 * Why an answer ended, in OpenAI's words and in those that its followers use in the same place: other vendors' native
 * words (LiteLLM's list, read 2026-11-21), Together's `eos`, Mistral's `model_length`, Z.ai's `sensitive` and
 * `network_error`, DeepSeek's `insufficient_system_resource`, watsonx.ai's `time_limit` and `cancelled`.
 */
const reading: Readonly<Record<string, FinishReason>> = table({
  stop: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  end_turn: 'stop',
  complete: 'stop',
  stop_sequence: 'stop-sequence',
  length: 'length',
  max_tokens: 'length',
  max_output_tokens: 'length',
  time_limit: 'length',
  compaction: 'length',
  model_length: 'context-window',
  model_context_window_exceeded: 'context-window',
  tool_calls: 'tool-calls',
  tool_use: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  content_filtered: 'content-filter',
  guardrail_intervened: 'content-filter',
  safety: 'content-filter',
  recitation: 'content-filter',
  error_toxic: 'content-filter',
  blocklist: 'content-filter',
  prohibited_content: 'content-filter',
  spii: 'content-filter',
  sensitive: 'content-filter',
  refusal: 'refusal',
  pause_turn: 'pause',
  malformed_function_call: 'malformed-tool-call',
  error: 'error',
  cancelled: 'error',
  network_error: 'error',
  insufficient_system_resource: 'error',
});

/** @returns undefined where the provider gave none (also the empty string of Snowflake) */
export const readFinishReason = (word: string | null | undefined): FinishReason | undefined => {
  if (!word) return undefined;
  return reading[word] ?? reading[word.toLowerCase()] ?? 'other';
};

/** OpenAI's SDKs know five words. An answer that broke off is `length`: cut short, not complete. */
const writing: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  refusal: 'content_filter',
  pause: 'stop',
  'context-window': 'length',
  'malformed-tool-call': 'stop',
  error: 'length',
  other: 'stop',
};

export const writeFinishReason = (reason: FinishReason): string => writing[reason];
