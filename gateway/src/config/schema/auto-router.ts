import { z } from 'zod';

// The two documents behind `auto_router_config` and `complexity_router_config`. Both may be JSON in a text or a file, so
// they are checked apart from the rest of the configuration, against what LiteLLM's own read of them
// (router_strategy/auto_router/auto_router.py and router_strategy/complexity_router/config.py, read 2026-11-22).

const names = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** semantic-router's file; of it LiteLLM uses the routes and takes the encoder from `auto_router_embedding_model`. */
export const semanticConfig = z.looseObject({
  routes: z
    .array(
      z.looseObject({
        name: z.string().min(1),
        utterances: z.array(z.string().min(1)).min(1),
        description: z.string().nullish(),
        score_threshold: z.number().min(0).max(1).nullish(),
      }),
    )
    .min(1),
});

const weightNames = [
  'tokenCount',
  'codePresence',
  'reasoningMarkers',
  'technicalTerms',
  'simpleIndicators',
  'multiStepPatterns',
  'questionComplexity',
] as const;

const share = z.number().min(0).max(1).optional();
const tokens = z.number().min(0).optional();
const words = z.array(z.string().min(1)).nullish();

const complexityShape = {
  tiers: z
    .strictObject({ SIMPLE: names.optional(), MEDIUM: names.optional(), COMPLEX: names.optional(), REASONING: names.optional() })
    .optional(),
  tier_boundaries: z.strictObject({ simple_medium: share, medium_complex: share, complex_reasoning: share }).optional(),
  token_thresholds: z.strictObject({ simple: tokens, complex: tokens }).optional(),
  dimension_weights: z.partialRecord(z.enum(weightNames), z.number().min(0)).optional(),
  code_keywords: words,
  reasoning_keywords: words,
  technical_keywords: words,
  custom_technical_keywords: words,
  simple_keywords: words,
  default_model: z.string().min(1).nullish(),
  classifier_type: z.string().nullish(),
};

/** What is not named here is known to LiteLLM's later versions at best, and not built. */
export const complexityConfig = z.looseObject(complexityShape);
export const complexityNames: readonly string[] = Object.keys(complexityShape);
