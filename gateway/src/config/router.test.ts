import { describe, expect, test } from 'bun:test';
import { strategyNames } from 'sluice/kit';
import { plainRouter } from './router-defaults.ts';
import { canonicalStrategy, litellmStrategies, looserStrategies } from './strategy.ts';
import { load, mistakes } from './testing.ts';

const models =
  'model_list: [{ model_name: a, litellm_params: { model: openai/a } }, { model_name: b, litellm_params: { model: openai/b } }]\n';
const routerOf = (text: string) => load(models + text).router;
const warningsOf = (text: string) =>
  load(models + text).warnings.map(({ line, column, path, message }) => `${line}:${column}: ${path}: ${message}`);

describe('router_settings', () => {
  test('nothing said: as a start without a file', () => expect(routerOf('')).toEqual(plainRouter));

  test('every setting', () => {
    expect(
      routerOf(`router_settings:
  routing_strategy: latency-based-routing
  routing_strategy_args: { ttl: 10, lowest_latency_buffer: 0.5 }
  routing_groups: [{ group_name: g, models: [a], routing_strategy: usage-based-routing, routing_strategy_args: { ttl: "120" } }]
  num_retries: 4
  retry_after: 0.5
  retry_policy: { BadRequestErrorRetries: 1, AuthenticationErrorRetries: 2, TimeoutErrorRetries: 3, RateLimitErrorRetries: 4, ContentPolicyViolationErrorRetries: 5, InternalServerErrorRetries: 6 }
  model_group_retry_policy: { a: { RateLimitErrorRetries: 0 } }
  allowed_fails: 3
  allowed_fails_policy: { BadRequestErrorAllowedFails: 1, AuthenticationErrorAllowedFails: 2, TimeoutErrorAllowedFails: 3, RateLimitErrorAllowedFails: 4, ContentPolicyViolationErrorAllowedFails: 5, InternalServerErrorAllowedFails: 6 }
  cooldown_time: 1.5
  disable_cooldowns: true
  enable_pre_call_checks: true
  optional_pre_call_checks: [prompt_caching, session_affinity, deployment_affinity, encrypted_content_affinity, responses_api_deployment_check, router_budget_limiting, enforce_model_rate_limits]
  deployment_affinity_ttl_seconds: 60
  model_group_affinity_config: { a: [session_affinity] }
  enable_tag_filtering: true
  tag_filtering_match_any: false
  tag_routing_prefix: "route:"
  provider_budget_config: { openai: { budget_limit: 100, time_period: 1d }, azure: { max_budget: 5, budget_duration: monthly } }
  default_max_parallel_requests: 7
  default_priority: 9
  max_fallbacks: 2
litellm_settings:
  tag_budget_config: { "product:bot": { max_budget: 10, budget_duration: 1d } }
sluice_settings:
  routing:
    hedging: { after_ms: 900, max_share: 0.05 }
    queue: { max_size: 5, max_wait_ms: 1000 }
    coalesce: true
    mid_stream_fallback: true
`),
    ).toEqual({
      strategy: 'latency-based-routing',
      strategyOptions: { ttl: 10, lowest_latency_buffer: 0.5 },
      groups: [{ name: 'g', models: ['a'], strategy: 'usage-based-routing', strategyOptions: { ttl: 120 } }],
      maxRetries: 4,
      retryAfterMs: 500,
      retryPolicy: { badRequest: 1, authentication: 2, timeout: 3, rateLimit: 4, contentPolicy: 5, internalServer: 6 },
      groupRetryPolicies: { a: { rateLimit: 0 } },
      fallbacks: { maxFallbacks: 2 },
      breaker: {
        allowedFails: 3,
        allowedFailsByClass: { badRequest: 1, authentication: 2, timeout: 3, rateLimit: 4, contentPolicy: 5, internalServer: 6 },
        cooldownMs: 1500,
        disabled: true,
      },
      preCallChecks: true,
      enforceLimits: true,
      maxParallelRequests: 7,
      tagFiltering: { matchAny: false, prefix: 'route:' },
      affinities: {
        promptCaching: true,
        session: true,
        user: true,
        ttlMs: 60_000,
        byModel: { a: { promptCaching: false, session: true, user: false } },
      },
      providerBudgets: { openai: { limitUsd: 100, periodMs: 86_400_000 }, azure: { limitUsd: 5, periodMs: 2_592_000_000 } },
      tagBudgets: { 'product:bot': { limitUsd: 10, periodMs: 86_400_000 } },
      defaultPriority: 9,
      queue: { maxSize: 5, maxWaitMs: 1000 },
      hedging: { after: 900, maxShare: 0.05 },
      coalesce: true,
      midStreamFallback: true,
      experiments: [],
      ladders: [],
    });
  });

  test('the stronger of two', () => {
    expect(routerOf('router_settings: { max_retries: 1, num_retries: 0 }').maxRetries).toBe(0);
    expect(routerOf('router_settings: { max_retries: 1 }\nlitellm_settings: { num_retries: 9 }').maxRetries).toBe(1);
    expect(routerOf('router_settings: { allowed_fails: 1 }\nlitellm_settings: { allowed_fails: 9, cooldown_time: 3 }').breaker).toEqual({
      allowedFails: 1,
      cooldownMs: 3000,
    });
    expect(routerOf('sluice_settings: { routing: { hedging: {} } }').hedging).toEqual({ after: 'p95' });
    expect(routerOf('router_settings: { enable_pre_call_check: true }').preCallChecks).toBe(true);
  });

  test('a cooldown of 0 is none, for the router and for a deployment', () => {
    expect(routerOf('router_settings: { cooldown_time: 0 }').breaker).toEqual({ disabled: true });
    expect(load('model_list: [{ model_name: a, litellm_params: { model: openai/a, cooldown_time: 0 } }]').deployments[0]!.cooldownMs).toBe(
      0,
    );
  });

  test('tags choose nothing unless they are switched on', () => {
    expect(routerOf('router_settings: { tag_filtering_match_any: false }')).not.toHaveProperty('tagFiltering');
    expect(routerOf('router_settings: { enable_tag_filtering: true }').tagFiltering).toEqual({ matchAny: true });
  });

  test('kinds of failures that later versions of LiteLLM know', () => {
    const { router, notes } = load(`router_settings:
  retry_policy: { RateLimitErrorRetries: 5, DefaultRetries: 1, NotFoundErrorRetries: 0 }
  allowed_fails_policy: { ServiceUnavailableErrorAllowedFails: 2 }
model_list: [{ model_name: a, litellm_params: { model: openai/a }, model_info: { allowed_fails_policy: {} } }]`);
    expect(router.retryPolicy).toEqual({ badRequest: 1, authentication: 1, timeout: 1, rateLimit: 5, contentPolicy: 1, internalServer: 1 });
    expect(notes.map(({ kind, key }) => `${kind} ${key}`).toSorted()).toEqual([
      'not-built allowed_fails_policy.ServiceUnavailableErrorAllowedFails',
      'not-built model_info.allowed_fails_policy',
      'not-built retry_policy.NotFoundErrorRetries',
    ]);
  });

  test('what has no effect is said', () => {
    const { notes } = load(
      'router_settings: { polling_interval: 0.03, client_ttl: 3600, optional_pre_call_checks: [prompt_caching, forward_client_headers_by_model_group] }',
    );
    expect(notes.map(({ kind, key, path }) => [kind, key, path])).toEqual([
      [
        'not-built',
        'router_settings.optional_pre_call_checks forward_client_headers_by_model_group',
        'router_settings.optional_pre_call_checks[1]',
      ],
      ['other', 'router_settings.polling_interval', 'router_settings.polling_interval'],
      ['other', 'router_settings.client_ttl', 'router_settings.client_ttl'],
    ]);
  });
});

describe('strategies', () => {
  test('every name of LiteLLM and of tutorials leads to one that is built', () => {
    for (const name of [...litellmStrategies, ...Object.keys(looserStrategies)]) expect(strategyNames).toContain(canonicalStrategy(name));
    expect(routerOf('router_settings: { routing_strategy: latency-based }').strategy).toBe('latency-based-routing');
    expect(routerOf('router_settings: { routing_strategy: provider-budget-routing }').strategy).toBe('simple-shuffle');
  });
  test('those by usage hold rpm and tpm for limits, as LiteLLM does', () => {
    expect(routerOf('router_settings: { routing_strategy: usage-based-routing-v2 }').enforceLimits).toBe(true);
    expect(routerOf('router_settings: { routing_strategy: least-busy }').enforceLimits).toBe(false);
  });
  test('options: unknown ones and bad values are mistakes; those of LiteLLM that do nothing there are said', () => {
    expect(
      mistakes(`${models}router_settings:
  routing_strategy: latency-based-routing
  routing_strategy_args: { ttl: -1, lowest_latency_bufer: 1 }`),
    ).toEqual([
      expect.stringMatching(/^config\.yaml:4:33: router_settings\.routing_strategy_args\.ttl: .*at least 0\.001/),
      expect.stringMatching(
        /^config\.yaml:4:59: router_settings\.routing_strategy_args\.lowest_latency_bufer: .*did you mean 'lowest_latency_buffer'/,
      ),
    ]);
    const { router, notes } = load('router_settings: { routing_strategy: simple-shuffle, routing_strategy_args: { ttl: 10 } }');
    expect(router.strategyOptions).toEqual({});
    expect(notes).toMatchObject([{ kind: 'other', message: 'has no effect on simple-shuffle' }]);
    expect(warningsOf('router_settings: { routing_strategy_args: { ttl: 10 } }')).toEqual([
      '2:20: router_settings.routing_strategy_args: has no effect without `routing_strategy`',
    ]);
  });
  test('a name in two groups stays in the first', () => {
    const text = `router_settings:
  routing_groups:
    - { group_name: g, models: [a], routing_strategy: least-busy }
    - { group_name: h, models: [a, b, c], routing_strategy: cost-based }`;
    expect(routerOf(text).groups).toEqual([
      { name: 'g', models: ['a'], strategy: 'least-busy' },
      { name: 'h', models: ['b', 'c'], strategy: 'cost-based-routing' },
    ]);
    expect(warningsOf(text)).toEqual([
      '5:33: router_settings.routing_groups[1].models[0]: is in the group g already, which holds',
      '5:39: router_settings.routing_groups[1].models[2]: names a model name that is not in `model_list` (did you mean a?)',
    ]);
  });
});

test('mistakes, with their places', () => {
  expect(
    mistakes(`router_settings:
  routing_strategy: latency-base
  routing_groups: [{ group_name: g, models: [a] }]
  retry_policy: { RateLimitErrorRetrys: 1 }
  allowed_fails_policy: { RateLimitErrorRetries: 1 }
  optional_pre_call_checks: [prompt_cache]
  provider_budget_config: { openai: { time_period: 1d }, azure: { budget_limit: 1, time_period: 1 day } }
  default_priority: 256
sluice_settings: { routing: { hedging: { after: p99 }, queues: {} } }
`),
  ).toEqual([
    expect.stringContaining('config.yaml:2:21: router_settings.routing_strategy: must be one of '),
    expect.stringContaining('config.yaml:3:20: router_settings.routing_groups[0].routing_strategy: '),
    'config.yaml:4:19: router_settings.retry_policy.RateLimitErrorRetrys: unknown key (did you mean RateLimitErrorRetries?)',
    expect.stringContaining('config.yaml:5:27: router_settings.allowed_fails_policy.RateLimitErrorRetries: unknown key'),
    expect.stringMatching(
      /^config\.yaml:6:30: router_settings\.optional_pre_call_checks\[0\]: must be one of .*did you mean prompt_caching/,
    ),
    'config.yaml:7:37: router_settings.provider_budget_config.openai: needs `budget_limit`',
    expect.stringContaining('config.yaml:7:97: router_settings.provider_budget_config.azure.time_period: must be a duration such as'),
    'config.yaml:8:21: router_settings.default_priority: must be at most 255',
    'config.yaml:9:49: sluice_settings.routing.hedging.after: must be one of p95 (did you mean p95?)',
    'config.yaml:9:56: sluice_settings.routing.queues: unknown key (did you mean queue?)',
  ]);
});
