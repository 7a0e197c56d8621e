import type { Usage } from '../types/index.ts';
import type { Rates } from './rates.ts';
import type { ProviderTerms } from './terms.ts';

type TokenCount = {
  [K in keyof Usage]-?: K extends `${string}Tokens` ? K : never;
}[keyof Usage];

interface Measure {
  count: TokenCount;
  /** Picodollars a token. Where a kind of tokens has no price of its own, vendors bill some kinds as plain input or output; others are unknown then. */
  rate(rates: Rates, terms: ProviderTerms | undefined): number | undefined;
}

/** Every bucket of tokens. Images and video in a prompt cost what text does unless a price says otherwise; audio does not. */
const measures: { readonly [K in TokenCount]: Measure['rate'] } = {
  inputTokens: (rates) => rates.inputTokens,
  cacheReadTokens: (rates, terms) => rates.cacheReadTokens ?? (terms?.cachedAsInput ? rates.inputTokens : undefined),
  cacheWriteTokens: (rates) => rates.cacheWriteTokens,
  cacheWrite1hTokens: (rates) => rates.cacheWrite1hTokens,
  inputAudioTokens: (rates) => rates.inputAudioTokens,
  cacheReadAudioTokens: (rates) => rates.cacheReadAudioTokens,
  inputImageTokens: (rates) => rates.inputImageTokens ?? rates.inputTokens,
  cacheReadImageTokens: (rates) => rates.cacheReadImageTokens ?? rates.cacheReadTokens,
  inputVideoTokens: (rates) => rates.inputVideoTokens ?? rates.inputTokens,
  toolPromptTokens: (rates) => rates.inputTokens,
  outputTokens: (rates) => rates.outputTokens,
  reasoningTokens: (rates) => rates.reasoningTokens ?? rates.outputTokens,
  outputAudioTokens: (rates) => rates.outputAudioTokens,
  outputImageTokens: (rates) => rates.outputImageTokens,
};

export const tokenMeasures: readonly Measure[] = Object.entries(measures).map(([count, rate]) => ({ count: count as TokenCount, rate }));
