import { z } from 'zod';
import { defaults } from '../defaults.ts';
import { budgets } from './budgets.ts';
import { fallbackLists, fallbackTargets } from './fallbacks.ts';
import { boolean, choice, describe, number, requiredText, text, toNumber } from './fields.ts';
import { healthRoutingShape } from './health.ts';
import { partialParams } from './litellm-params.ts';
import { allowedFailsPolicy, groupRetryPolicies, retryPolicy } from './policies.ts';
import { redisShape } from './redis.ts';
import { strategyChoices } from './strategies.ts';

const strategy = (about: string) => choice(strategyChoices, { about });
const strategyArgs = describe(z.record(z.string(), z.preprocess(toNumber, z.unknown())).optional(), {
  about: 'Options of the strategy (`ttl`, `lowest_latency_buffer`, ...).',
});

/** The checks of LiteLLM that are built, in its names. */
const preCallChecks = [
  'prompt_caching',
  'session_affinity',
  'deployment_affinity',
  'responses_api_deployment_check',
  'encrypted_content_affinity',
  'router_budget_limiting',
  'enforce_model_rate_limits',
  'forward_client_headers_by_model_group',
] as const;
const checks = z.array(z.enum(preCallChecks));

const routingGroup = z.strictObject({
  group_name: requiredText({ about: 'For people and metrics.' }),
  models: describe(z.array(requiredText({ about: 'A model name.' })), { about: 'The model names that it holds for.' }),
  routing_strategy: describe(z.enum(strategyChoices), { about: 'As `routing_strategy`.' }),
  routing_strategy_args: strategyArgs,
});

const alias = z.union([
  z.string(),
  z.strictObject({
    model: requiredText({ about: 'The model name it stands for.' }),
    hidden: boolean({ default: false, about: 'Not listed by `/v1/models`.' }),
  }),
]);

export const routerSettings = describe(
  z
    .strictObject({
      routing_strategy: strategy(
        'How a deployment is picked among those of one name (docs/routing). Absent: `simple-shuffle` for names with weights, else `adaptive`.',
      ),
      routing_strategy_args: strategyArgs,
      routing_groups: describe(z.array(routingGroup).optional(), { about: 'A strategy for some model names.' }),
      num_retries: number({
        min: 0,
        int: true,
        default: defaults.maxRetries,
        about: 'Tries after the first, on another deployment where there is one.',
      }),
      retry_after: number({ min: 0, unit: 'seconds', default: defaults.retryAfterMs, about: 'Least wait before another try.' }),
      timeout: number({
        min: 0,
        unit: 'seconds',
        about:
          'How long one try may take: a whole answer must be there by then, and a stream must not be silent longer. Absent: the deadlines of `sluice_settings`.',
      }),
      stream_timeout: number({ min: 0, unit: 'seconds', about: 'The silence allowed in a stream, instead of `timeout`.' }),
      max_retries: number({ min: 0, int: true, about: 'The same as `num_retries`, which wins.' }),
      retry_policy: retryPolicy,
      model_group_retry_policy: groupRetryPolicies,
      fallbacks: fallbackLists(
        'Model names that take over where one fails, as in `[{ gpt-4o: [claude, gemini] }]`; `*` is every name without a list.',
      ),
      default_fallbacks: fallbackTargets('The list of every name without one of its own.'),
      context_window_fallbacks: fallbackLists('The same, for prompts that are too long.'),
      content_policy_fallbacks: fallbackLists('The same, for what a vendor refuses to answer.'),
      max_fallbacks: number({ min: 0, int: true, default: 5, about: 'The most names that one call goes through after its own.' }),
      allowed_fails: number({
        min: 0,
        int: true,
        about:
          'Failures of a deployment that are let pass; the next one within `cooldown_time` makes it rest. Absent: by what failed (docs/routing).',
      }),
      allowed_fails_policy: allowedFailsPolicy,
      cooldown_time: number({
        min: 0,
        unit: 'seconds',
        default: 5,
        about: 'How long a deployment rests after failures. 0: none ever does.',
      }),
      disable_cooldowns: boolean({ default: false, about: 'No deployment ever rests.' }),
      enable_pre_call_checks: boolean({
        default: false,
        about: 'Refuse calls that no deployment can serve (prompts that are too long, a region, an ability) instead of trying them.',
      }),
      enable_pre_call_check: boolean({ about: 'The same as `enable_pre_call_checks`, which wins.' }),
      optional_pre_call_checks: describe(
        checks.optional(),
        { about: 'What keeps calls together, and what limits are held.' },
        { type: 'array', items: { enum: preCallChecks } },
      ),
      deployment_affinity_ttl_seconds: number({
        min: 1,
        unit: 'seconds',
        default: defaults.affinityTtlMs / 1000,
        about: 'How long calls are kept together.',
      }),
      model_group_affinity_config: describe(z.record(z.string(), checks).optional(), {
        about: 'What keeps calls of some model names together, instead of what `optional_pre_call_checks` says.',
      }),
      enable_tag_filtering: boolean({ default: false, about: 'Tags of a call choose its deployments.' }),
      tag_filtering_match_any: boolean({
        default: true,
        about: 'One tag in common is enough; false: the deployment must have all of them.',
      }),
      tag_routing_prefix: text({ about: 'Only tags that begin with it choose deployments; they are compared without it.' }),
      provider_budget_config: budgets('What may be spent at each provider; those over it are left out.'),
      default_max_parallel_requests: number({ min: 1, int: true, about: '`max_parallel_requests` of deployments that do not say.' }),
      default_priority: number({ min: 0, max: 255, int: true, about: 'Of calls that do not say: 0 goes first.' }),
      enable_weighted_failover: boolean({ about: 'Has no effect: another deployment of the name is always tried first.' }),
      polling_interval: number({
        min: 0,
        unit: 'seconds',
        about: 'Has no effect: a waiting call is woken when there is room, and nothing is polled.',
      }),
      client_ttl: number({ min: 0, unit: 'seconds', about: 'Has no effect: connections are shared, and there are no clients to keep.' }),
      ...healthRoutingShape,
      ...redisShape,
      model_group_alias: describe(z.record(z.string(), alias).optional(), {
        about: 'Other names for model names: a name, or `{ model, hidden }`.',
      }),
      default_litellm_params: describe(partialParams.optional(), {
        about: '`litellm_params` of every deployment that does not give its own.',
      }),
    })
    .optional(),
  { about: 'How calls find their deployment.' },
);
