import { table } from '../../lib/table.ts';
import type { FinishReason } from '../../types/index.ts';

/** https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons, read 2026-11-21 */
const reasons: Readonly<Record<string, FinishReason>> = table({
  end_turn: 'stop',
  max_tokens: 'length',
  stop_sequence: 'stop-sequence',
  tool_use: 'tool-calls',
  pause_turn: 'pause',
  // Paused after the history was summed up: the answer is to be sent back, as with `pause_turn`.
  compaction: 'pause',
  refusal: 'refusal',
  model_context_window_exceeded: 'context-window',
});

export const readStopReason = (reason: unknown): FinishReason => reasons[String(reason)] ?? 'other';

const words: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
  refusal: 'refusal',
  pause: 'pause_turn',
  'context-window': 'model_context_window_exceeded',
  'malformed-tool-call': 'end_turn',
  // Broke off: cut short, not complete, as in OpenAI's format. Before any output it is an error and never comes here.
  error: 'max_tokens',
  other: 'end_turn',
};

/** What an answer holds that its provider's finish reason may not tell. */
export interface Content {
  calls: boolean;
  refused: boolean;
}

/** @param raw the provider's own word, which is kept where it is one of Anthropic's and means the same */
export const writeStopReason = (reason: FinishReason, raw: string | undefined, { calls, refused }: Content): string => {
  if (raw !== undefined && reasons[raw] === reason) return raw;
  // Some vendors say `stop` whatever came before; a client waits for `tool_use` before it runs a tool.
  if (calls && (reason === 'stop' || reason === 'other')) return 'tool_use';
  if (refused && reason === 'stop') return 'refusal';
  return words[reason];
};
