import { table } from '../../lib/table.ts';
import type { FinishReason } from '../../types/index.ts';

/* Why an answer ended (https://docs.cohere.com/v2/reference/chat, read 2026-11-22). The last three are older. */
const reading: Readonly<Record<string, FinishReason>> = table({
  COMPLETE: 'stop',
  STOP_SEQUENCE: 'stop-sequence',
  MAX_TOKENS: 'length',
  TOOL_CALL: 'tool-calls',
  ERROR: 'error',
  TIMEOUT: 'error',
  ERROR_LIMIT: 'context-window',
  ERROR_TOXIC: 'content-filter',
  USER_CANCEL: 'other',
});

const writing: Readonly<Record<FinishReason, string>> = {
  stop: 'COMPLETE',
  'stop-sequence': 'STOP_SEQUENCE',
  length: 'MAX_TOKENS',
  'tool-calls': 'TOOL_CALL',
  'content-filter': 'ERROR',
  // The refusal is the answer's text.
  refusal: 'COMPLETE',
  pause: 'COMPLETE',
  'context-window': 'MAX_TOKENS',
  'malformed-tool-call': 'ERROR',
  error: 'ERROR',
  other: 'COMPLETE',
};

/** @param calls the answer calls tools, which some servers say nothing of here */
export const readFinish = (word: string | undefined, calls: boolean): FinishReason => {
  const reason = word === undefined ? 'stop' : (reading[word] ?? 'other');
  return reason === 'stop' && calls ? 'tool-calls' : reason;
};

/** @param raw the provider's word, which stands if it is one of Cohere's */
export const writeFinish = (reason: FinishReason, raw?: string): string => (raw !== undefined && raw in reading ? raw : writing[reason]);
