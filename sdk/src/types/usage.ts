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
  inputVideoTokens?: number;
  /** Audio that was read from the prompt cache; not among `cacheReadTokens`, since vendors price it apart. */
  cacheReadAudioTokens?: number;
  cacheReadImageTokens?: number;
  /** Input that the provider's own tools put into the prompt (Gemini `toolUsePromptTokenCount`). */
  toolPromptTokens?: number;
  outputTokens: number;
  reasoningTokens?: number;
  outputAudioTokens?: number;
  outputImageTokens?: number;
  /** Searches that the provider ran on its own side; a count, not tokens. */
  webSearchRequests?: number;
  /** What is billed by another measure than tokens. */
  units?: BilledUnits;
  /** The class of service that the provider says it gave (OpenAI `flex`, `priority`; Anthropic `batch`). */
  serviceTier?: string;
  /** What the provider itself says the call cost, in US dollars (OpenRouter, xAI, Perplexity). */
  providerCostUsd?: number;
  /** The provider's own usage object, untouched, for the same vendor's format. */
  raw?: unknown;
}

/** Measures other than tokens, as vendors bill them. Absent: not reported, or not billed so. */
export interface BilledUnits {
  /** Images that were made. */
  images?: number;
  /** `1024x1024`, where its price hangs on it. */
  imageSize?: string;
  imageQuality?: string;
  /** Audio or video that was heard or seen. */
  inputSeconds?: number;
  /** Audio or video that was made. */
  outputSeconds?: number;
  /** Of text that was spoken. */
  inputCharacters?: number;
  /** Of documents that were read. */
  pages?: number;
  /** Searches, or queries of a reranker (Cohere's search units). */
  queries?: number;
  /** Sessions of a code interpreter, calls of a file search, and the like: kind -> count. */
  tools?: Readonly<Record<string, number>>;
}

/** All input tokens of a call, cached and uncached. */
export const totalInputTokens = (usage: Usage): number =>
  usage.inputTokens +
  (usage.cacheReadTokens ?? 0) +
  (usage.cacheWriteTokens ?? 0) +
  (usage.cacheWrite1hTokens ?? 0) +
  (usage.inputAudioTokens ?? 0) +
  (usage.inputImageTokens ?? 0) +
  (usage.inputVideoTokens ?? 0) +
  (usage.cacheReadAudioTokens ?? 0) +
  (usage.cacheReadImageTokens ?? 0) +
  (usage.toolPromptTokens ?? 0);

/** All tokens that were read from the cache, whatever kind they are of; undefined where the provider said nothing of it. */
export const cachedInputTokens = ({ cacheReadTokens, cacheReadAudioTokens, cacheReadImageTokens }: Usage): number | undefined =>
  cacheReadTokens === undefined && cacheReadAudioTokens === undefined && cacheReadImageTokens === undefined
    ? undefined
    : (cacheReadTokens ?? 0) + (cacheReadAudioTokens ?? 0) + (cacheReadImageTokens ?? 0);

/** All output tokens of a call, visible or not. */
export const totalOutputTokens = (usage: Usage): number =>
  usage.outputTokens + (usage.reasoningTokens ?? 0) + (usage.outputAudioTokens ?? 0) + (usage.outputImageTokens ?? 0);
