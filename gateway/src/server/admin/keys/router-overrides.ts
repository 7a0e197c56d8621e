import { z } from 'zod';
import { count } from '../fields.ts';
import { notTaken } from '../not-built.ts';

const seconds = z.number().gt(0).max(86_400);
const targets = z.array(z.string().min(1).max(512)).max(100);
const fallbacks = z.array(z.record(z.string(), targets)).max(1000);

const settable = {
  num_retries: count.max(100).nullish(),
  max_retries: count.max(100).nullish(),
  timeout: seconds.nullish(),
  fallbacks: fallbacks.nullish(),
  context_window_fallbacks: fallbacks.nullish(),
  model_group_alias: z
    .record(z.string(), z.union([z.string().min(1), z.strictObject({ model: z.string().min(1), hidden: z.boolean().optional() })]))
    .nullish(),
};

const ofTheRouter = notTaken(
  `is the router's alone, and cannot be set for a key or a team, which may have ${Object.keys(settable).join(', ')}: leave it out, or set router_settings of the gateway`,
);

/**
 * What the calls of a key or a team have other than the router's settings say. LiteLLM's `UpdateRouterConfig` has more; what
 * would be stored and not be enforced is refused.
 */
export const routerOverrides = z.strictObject({
  ...settable,
  routing_strategy: ofTheRouter,
  routing_strategy_args: ofTheRouter,
  routing_groups: ofTheRouter,
  retry_policy: ofTheRouter,
  model_group_retry_policy: ofTheRouter,
  model_group_affinity_config: ofTheRouter,
  allowed_fails: ofTheRouter,
  cooldown_time: ofTheRouter,
  retry_after: ofTheRouter,
  enable_tag_filtering: ofTheRouter,
});
