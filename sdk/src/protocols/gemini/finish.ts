import { table } from '../../lib/table.ts';
import type { FinishReason } from '../../types/index.ts';

/** Google's words (https://ai.google.dev/api/generate-content#FinishReason and Vertex AI's, read 2026-11-21). */
const reasons: Readonly<Record<string, FinishReason>> = table({
  FINISH_REASON_UNSPECIFIED: 'other',
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  LANGUAGE: 'content-filter',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  IMAGE_SAFETY: 'content-filter',
  IMAGE_PROHIBITED_CONTENT: 'content-filter',
  IMAGE_RECITATION: 'content-filter',
  MODEL_ARMOR: 'content-filter',
  MALFORMED_FUNCTION_CALL: 'malformed-tool-call',
  // The model called a function that nobody declared.
  UNEXPECTED_TOOL_CALL: 'malformed-tool-call',
  TOO_MANY_TOOL_CALLS: 'other',
  MISSING_THOUGHT_SIGNATURE: 'error',
  MALFORMED_RESPONSE: 'error',
  CONTINUATION: 'pause',
  IMAGE_OTHER: 'other',
  NO_IMAGE: 'other',
  OTHER: 'other',
});

/** Some clients ask for enums as numbers; beyond these the two APIs do not agree. */
const numbered: readonly string[] = ['FINISH_REASON_UNSPECIFIED', 'STOP', 'MAX_TOKENS', 'SAFETY', 'RECITATION', 'OTHER'];

/** The word that an answer gives, from either spelling; undefined where it gives none. */
export const finishWord = (value: unknown): string | undefined => {
  if (typeof value === 'number') return numbered[value] ?? String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** @param calls whether the model called functions: Google says STOP all the same */
export const finishFromWire = (word: string | undefined, calls: boolean): FinishReason => {
  const reason = reasons[word ?? ''] ?? 'other';
  return calls && reason === 'stop' ? 'tool-calls' : reason;
};

const words: Readonly<Record<FinishReason, string>> = {
  stop: 'STOP',
  'stop-sequence': 'STOP',
  length: 'MAX_TOKENS',
  'tool-calls': 'STOP',
  'content-filter': 'SAFETY',
  refusal: 'SAFETY',
  pause: 'OTHER',
  'context-window': 'MAX_TOKENS',
  'malformed-tool-call': 'MALFORMED_FUNCTION_CALL',
  error: 'OTHER',
  other: 'OTHER',
};

/** @param raw the provider's own word, which is kept where it is Google's */
export const finishToWire = (reason: FinishReason, raw: string | undefined): string =>
  raw !== undefined && raw in reasons ? raw : words[reason];
