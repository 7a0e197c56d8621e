import type { Mode } from '../../../sdk/src/catalog/model-row.ts';
import type { PublishedPeriod } from '../../../sdk/src/catalog/model-row.ts';
import type { PublishedRates } from '../../../sdk/src/catalog/rates.ts';

/** What the packages lack or have otherwise, read by ourselves: it goes over what they say. */
export interface Fact {
  provider: string;
  ids: readonly string[];
  /** Regular expression of the names beyond those (`aura-2-thalia-en`). */
  match?: string;
  mode?: Mode;
  /** Goes over the newest of the row's prices, measure by measure. */
  price?: PublishedRates;
  tiers?: PublishedPeriod['tiers'];
  context?: number;
  maxOutput?: number;
  vector?: number;
  can?: string;
  /** A key of `ownSources`. */
  source: string;
}

/**
 * Where facts are published. Not each page could be opened itself: many figures were read on the day from a copy of their
 * page, or from litellm 1.109.1's price map, which repeats it. `docs/decisions/2026-11-22-catalog.md` says more.
 */
export const ownSources: Readonly<Record<string, string>> = {
  'openai-pricing': 'https://developers.openai.com/api/docs/pricing, 2026-11-22',
  'claude-pricing': 'https://platform.claude.com/docs/en/about-claude/pricing, 2026-11-22',
  'gemini-pricing': 'https://ai.google.dev/gemini-api/docs/pricing, 2026-11-22',
  'vertex-pricing': 'https://cloud.google.com/vertex-ai/generative-ai/pricing, 2026-11-22',
  'bedrock-pricing': 'https://aws.amazon.com/bedrock/pricing/, 2026-11-22',
  'polly-pricing': 'https://aws.amazon.com/polly/pricing/, 2026-11-22',
  'azure-pricing': 'https://azure.microsoft.com/en-us/pricing/details/cognitive-services/openai-service/, 2026-11-22',
  'groq-pricing': 'https://groq.com/pricing, 2026-11-22',
  'perplexity-pricing': 'https://docs.perplexity.ai/docs/getting-started/pricing, 2026-11-22',
  'mistral-pricing': 'https://mistral.ai/pricing/api, 2026-11-22',
  'cohere-pricing': 'https://cohere.com/pricing, 2026-11-22',
  'voyage-pricing': 'https://docs.voyageai.com/docs/pricing, 2026-11-22',
  'jina-pricing': 'https://jina.ai/reranker, 2026-11-22',
  'deepgram-pricing': 'https://deepgram.com/pricing, 2026-11-22',
  'elevenlabs-pricing': 'https://elevenlabs.io/pricing/api, 2026-11-22',
  'assemblyai-pricing': 'https://www.assemblyai.com/pricing, 2026-11-22',
  'soniox-pricing': 'https://soniox.com/pricing, 2026-11-22',
  'gladia-pricing': 'https://www.gladia.io/pricing, 2026-11-22',
  'together-models': 'https://api.together.ai/v1/models as litellm 1.109.1 has it, 2026-11-22',
  'stability-credits': 'https://stability.ai/api-pricing-update-25, 2026-11-22',
  'stability-pricing': 'https://platform.stability.ai/pricing, 2026-11-22',
  'bfl-pricing': 'https://bfl.ai/pricing/api, 2026-11-22',
  'recraft-pricing': 'https://www.recraft.ai/docs/api-reference/pricing, 2026-11-22',
  'runway-pricing': 'https://docs.dev.runwayml.com/guides/pricing, 2026-11-22',
  'fal-pricing': 'https://fal.ai/pricing, 2026-11-22',
  'xai-pricing': 'https://docs.x.ai/docs/models, 2026-11-22',
  'minimax-pricing': 'https://platform.minimax.io/docs/guides/pricing-paygo, 2026-11-22',
  'brave-pricing': 'https://api-dashboard.search.brave.com/app/plans, 2026-11-22',
  'litellm-search': 'price map of litellm 1.109.1 (rows of search vendors), 2026-11-22',
  'search-pricing': 'price pages of tavily.com, parallel.ai, linkup.so, serper.dev, dataforseo.com, exa.ai, 2026-11-22',
  'openai-models': 'https://developers.openai.com/api/docs/models, 2026-11-22',
  'claude-models': 'https://platform.claude.com/docs/en/models/overview, 2026-11-21',
  'gemini-models': 'https://ai.google.dev/gemini-api/docs/models, 2026-11-21',
};
