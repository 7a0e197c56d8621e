/**
 * What a call consumed, in tokens. The counts are disjoint: no token is in two of them, so they can be
 * priced one by one and added up. Each protocol turns its provider's overlapping counts into these.
 *
 * `inputTokens` are input tokens that are in none of the other input counts; `outputTokens` are output tokens
 * that are in none of the other output counts. A count that the provider did not report is absent, not 0.
 */
export interface Usage {
  inputTokens: number;
  /** Read from the provider's prompt cache. */
  cacheReadTokens?: number;
  /** Written to the prompt cache for the provider's default time (Anthropic: 5 minutes). */
  cacheWriteTokens?: number;
  /** Written to the prompt cache for one hour (Anthropic). */
  cacheWrite1hTokens?: number;
  inputAudioTokens?: number;
  inputImageTokens?: number;
  /** Input that the provider's own tools put into the prompt (Gemini `toolUsePromptTokenCount`). */
  toolPromptTokens?: number;
  outputTokens: number;
  reasoningTokens?: number;
  outputAudioTokens?: number;
  outputImageTokens?: number;
  /** Searches that the provider ran on its own side; a count, not tokens. */
  webSearchRequests?: number;
  /** What the provider itself says the call cost, in US dollars (OpenRouter, xAI, Perplexity). */
  providerCostUsd?: number;
  /** The provider's own usage object, untouched, for the same vendor's format. */
  raw?: unknown;
}

/** All input tokens of a call, cached and uncached. */
export const totalInputTokens = (usage: Usage): number =>
  usage.inputTokens +
  (usage.cacheReadTokens ?? 0) +
  (usage.cacheWriteTokens ?? 0) +
  (usage.cacheWrite1hTokens ?? 0) +
  (usage.inputAudioTokens ?? 0) +
  (usage.inputImageTokens ?? 0) +
  (usage.toolPromptTokens ?? 0);

/** All output tokens of a call, visible or not. */
export const totalOutputTokens = (usage: Usage): number =>
  usage.outputTokens + (usage.reasoningTokens ?? 0) + (usage.outputAudioTokens ?? 0) + (usage.outputImageTokens ?? 0);
