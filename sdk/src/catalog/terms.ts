import { table } from '../lib/table.ts';

/**
 * What a provider says of all its prices: what a class of service costs against the standard one, what a region adds,
 * what its own tools cost, whether it says itself what a call cost.
 */
export interface ProviderTerms {
  /** Class of service (lower case) -> multiple of the base price in ten-thousandths, by model. First match counts. */
  tiers?: Readonly<Record<string, readonly Multiple[]>>;
  /** A batch, where the model has no price of its own for it. */
  batch?: readonly Multiple[];
  /** What answers from a region cost more. First match counts. */
  regional?: readonly (Multiple & { regions: RegExp })[];
  /** The provider's figure is what it bills: it counts before ours. */
  reportsCost?: true;
  /** What is read from its cache costs what any input costs. */
  cachedAsInput?: true;
  /** Nobody bills it. */
  free?: true;
  /** Where a model has no price of its own: of one search, and of one use of a tool. Picodollars. */
  webSearches?: number;
  tools?: Readonly<Record<string, number>>;
  /** Vendors whose prices hold for their models here, where none is known of this provider itself. */
  sameAs?: readonly string[];
  source: string;
}

interface Multiple {
  /** Absent: all models. */
  models?: RegExp;
  times: number;
}

const half: readonly Multiple[] = [{ times: 5000 }];
const dollars = (amount: number): number => Math.round(amount * 1e12);

/** Read 2026-11-22, from the page that each names. */
export const providerTerms: Readonly<Record<string, ProviderTerms>> = table<ProviderTerms>({
  openai: {
    batch: half,
    // Models from GPT-5.4 on, behind eu.api.openai.com and us.api.openai.com.
    regional: [{ models: /^gpt-(?:5\.[4-9]|6)/, regions: /^(?:eu|us)$/, times: 11_000 }],
    webSearches: dollars(0.01),
    tools: table({
      code_interpreter: dollars(0.03),
      file_search: dollars(0.0025),
      web_search: dollars(0.01),
      web_search_preview: dollars(0.025),
    }),
    source: 'https://developers.openai.com/api/docs/pricing, 2026-11-22',
  },
  azure: {
    batch: half,
    // Data zones.
    regional: [{ regions: /^(?:eu|us)$/, times: 11_000 }],
    webSearches: dollars(0.014),
    tools: table({ code_interpreter: dollars(0.033), file_search: dollars(0.0025) }),
    sameAs: ['openai', 'anthropic', 'deepseek', 'xai', 'moonshot'],
    source: 'https://azure.microsoft.com/en-us/pricing/details/cognitive-services/openai-service/, 2026-11-22',
  },
  azure_ai: {
    sameAs: ['azure', 'anthropic', 'openai', 'deepseek', 'xai', 'moonshot'],
    source: 'https://azure.microsoft.com/en-us/pricing/details/ai-foundry-models/, 2026-11-22',
  },
  anthropic: {
    batch: half,
    tiers: { batch: half },
    // `inference_geo: us`, from Claude 4.6 on.
    regional: [{ models: /claude-(?:\w+-(?:4[.-][6-9]|[5-9]))/, regions: /^us$/, times: 11_000 }],
    webSearches: dollars(0.01),
    source: 'https://platform.claude.com/docs/en/about-claude/pricing, 2026-11-22',
  },
  bedrock: {
    batch: half,
    tiers: { flex: half, priority: [{ times: 17_500 }] },
    source: 'https://aws.amazon.com/bedrock/pricing/, 2026-11-22',
  },
  bedrock_mantle: {
    batch: half,
    tiers: { flex: half, priority: [{ times: 17_500 }] },
    sameAs: ['bedrock'],
    source: 'https://aws.amazon.com/bedrock/pricing/, 2026-11-22',
  },
  gemini: {
    batch: half,
    tiers: { flex: half, priority: [{ times: 18_000 }] },
    webSearches: dollars(0.014),
    source: 'https://ai.google.dev/gemini-api/docs/pricing, 2026-11-22',
  },
  vertex_ai: {
    batch: half,
    tiers: { flex: half, priority: [{ times: 18_000 }] },
    // Regional and multi-region endpoints: Claude from 4.5 on, Gemini from 3.5 on.
    regional: [{ models: /claude-\w+-(?:4[.-][5-9]|[5-9])|gemini-(?:3\.[5-9]|[4-9])/, regions: /^(?!global$)/, times: 11_000 }],
    webSearches: dollars(0.014),
    sameAs: ['anthropic'],
    source: 'https://cloud.google.com/vertex-ai/generative-ai/pricing, 2026-11-22',
  },
  groq: {
    batch: half,
    // Flex costs what on-demand does; what it gives up is the promise of capacity.
    tiers: { flex: [{ times: 10_000 }] },
    webSearches: dollars(0.005),
    source: 'https://console.groq.com/docs/flex-processing and https://groq.com/pricing, 2026-11-22',
  },
  // It counts cached tokens and bills all of the input (`billed_units`).
  cohere: { cachedAsInput: true, source: 'https://docs.cohere.com/docs/how-does-cohere-pricing-work, 2026-11-22' },
  mistral: { batch: half, source: 'https://mistral.ai/pricing/api, 2026-11-22' },
  together_ai: { batch: half, source: 'https://docs.together.ai/docs/batch-inference, 2026-11-22' },
  fireworks_ai: { batch: half, source: 'https://docs.fireworks.ai/guides/batch-inference, 2026-11-22' },
  xai: {
    batch: [{ times: 8000 }],
    reportsCost: true,
    webSearches: dollars(0.005),
    source: 'https://docs.x.ai/docs/models, 2026-11-22',
  },
  openrouter: { reportsCost: true, source: 'https://openrouter.ai/docs/use-cases/usage-accounting, 2026-11-22' },
  perplexity: {
    reportsCost: true,
    webSearches: dollars(0.005),
    source: 'https://docs.perplexity.ai/docs/getting-started/pricing, 2026-11-22',
  },
  vercel_ai_gateway: { reportsCost: true, source: 'https://vercel.com/docs/ai-gateway/pricing, 2026-11-22' },
  black_forest_labs: { reportsCost: true, source: 'https://docs.bfl.ai/quick_start/pricing, 2026-11-22' },
  exa_ai: { reportsCost: true, source: 'https://docs.exa.ai/reference/search, 2026-11-22' },
  dataforseo: { reportsCost: true, source: 'https://docs.dataforseo.com/v3/serp/google/organic/live/advanced, 2026-11-22' },
  ollama: { free: true, source: 'runs on the own machine' },
  llamafile: { free: true, source: 'runs on the own machine' },
  lm_studio: { free: true, source: 'runs on the own machine' },
  mock: { free: true, source: 'answers by itself' },
});
