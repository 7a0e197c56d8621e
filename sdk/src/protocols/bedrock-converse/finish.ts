import { table } from '../../lib/table.ts';
import type { FinishReason } from '../../types/index.ts';

/** `StopReason` of the service's model; the last one is Claude's own and was seen to be passed on. */
const reasons: Readonly<Record<string, FinishReason>> = table({
  end_turn: 'stop',
  tool_use: 'tool-calls',
  max_tokens: 'length',
  stop_sequence: 'stop-sequence',
  guardrail_intervened: 'content-filter',
  content_filtered: 'content-filter',
  malformed_model_output: 'error',
  malformed_tool_use: 'malformed-tool-call',
  model_context_window_exceeded: 'context-window',
  refusal: 'refusal',
});

export const readStopReason = (reason: unknown): FinishReason => reasons[String(reason)] ?? 'other';

const words: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'content_filtered',
  refusal: 'content_filtered',
  pause: 'end_turn',
  'context-window': 'model_context_window_exceeded',
  'malformed-tool-call': 'malformed_tool_use',
  error: 'malformed_model_output',
  other: 'end_turn',
};

/** @param raw the provider's own word, which is kept where it is one of Bedrock's and means the same */
export const writeStopReason = (reason: FinishReason, raw: string | undefined, calls: boolean): string => {
  if (raw !== undefined && raw !== 'refusal' && reasons[raw] === reason) return raw;
  // Some vendors say `stop` whatever came before; a client waits for `tool_use` before it runs a tool.
  return calls && (reason === 'stop' || reason === 'other') ? 'tool_use' : words[reason];
};
