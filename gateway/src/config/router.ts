import {
  strategyNames,
  type BreakerSettings,
  type FallbackTarget,
  type HedgeSettings,
  type QueueSettings,
  type RoutingGroup,
} from 'sluice/kit';
import { budgetsOf } from './budgets.ts';
import { defined } from './defined.ts';
import { fallbackSettings } from './fallbacks.ts';
import { note, type Findings } from './issues.ts';
import type { Merged } from './merge.ts';
import { milliseconds } from './milliseconds.ts';
import { holderOf, warnOfUnknown, type ModelNames } from './model-names.ts';
import { allowedFailsByClass, retriesByClass } from './policies.ts';
import type { Path } from './problem.ts';
import { plainRouter } from './router-defaults.ts';
import type { AffinitySettings, RouterSettings } from './snapshot.ts';
import { canonicalStrategy, keepsLimits } from './strategy.ts';
import { optionsOf } from './strategy-options.ts';
import { shapingOf } from './traffic-shaping.ts';

interface Input extends Pick<Merged, 'settings' | 'files'> {
  findings: Findings;
  names: ModelNames;
  /** What deployments say of fallbacks, by their names. */
  ownFallbacks: ReadonlyMap<string, readonly FallbackTarget[]>;
  /** Of the command line. */
  requestTimeoutMs: number | undefined;
}

/** What the router is told, of `router_settings`, `litellm_settings` and `sluice_settings.routing`. */
export const routerSettings = (input: Input): RouterSettings => {
  const { router_settings: router, litellm_settings: litellm, general_settings: general, sluice_settings: sluice } = input.settings;
  const strategy = strategyOf(router?.routing_strategy, ['router_settings', 'routing_strategy'], input);
  const checks = router?.optional_pre_call_checks ?? [];
  tellOfNoEffect(input);
  return defined<RouterSettings>({
    ...plainRouter,
    strategy,
    strategyOptions: strategyOptions(strategy, router?.routing_strategy_args, ['router_settings', 'routing_strategy_args'], input),
    groups: groupsOf(input),
    maxRetries:
      router?.num_retries ?? router?.max_retries ?? router?.retry_policy?.num_retries ?? litellm?.num_retries ?? plainRouter.maxRetries,
    retryPolicy: retriesByClass(router?.retry_policy),
    groupRetryPolicies: groupPolicies(input),
    retryAfterMs: milliseconds(router?.retry_after) ?? plainRouter.retryAfterMs,
    timeoutMs: input.requestTimeoutMs ?? milliseconds(router?.timeout) ?? milliseconds(litellm?.request_timeout),
    streamTimeoutMs: milliseconds(router?.stream_timeout),
    fallbacks: fallbackSettings(input),
    breaker: breakerOf(input),
    preCallChecks: router?.enable_pre_call_checks ?? router?.enable_pre_call_check ?? plainRouter.preCallChecks,
    enforceLimits: checks.includes('enforce_model_rate_limits') || keepsLimits(strategy),
    maxParallelRequests: router?.default_max_parallel_requests ?? general?.max_parallel_requests,
    tagFiltering: router?.enable_tag_filtering
      ? defined<NonNullable<RouterSettings['tagFiltering']>>({
          matchAny: router.tag_filtering_match_any ?? true,
          prefix: router.tag_routing_prefix,
        })
      : undefined,
    affinities: affinitiesOf(input),
    providerBudgets: budgetsOf(router?.provider_budget_config),
    tagBudgets: budgetsOf(litellm?.tag_budget_config),
    defaultPriority: router?.default_priority,
    queue: queueOf(sluice?.routing?.queue),
    hedging: hedgingOf(sluice?.routing?.hedging),
    coalesce: sluice?.routing?.coalesce ?? plainRouter.coalesce,
    midStreamFallback: sluice?.routing?.mid_stream_fallback ?? plainRouter.midStreamFallback,
    ...shapingOf(input, input.names, input.findings),
  });
};

/** Undefined for one that is not built, which is said. */
const strategyOf = (written: string | undefined, path: Path, { files, findings }: Input): string | undefined => {
  if (written === undefined) return undefined;
  const name = canonicalStrategy(written);
  if (strategyNames.includes(name)) return name;
  const source = holderOf(files, path);
  if (source) findings.notes.push(note(source, path, 'not-built', `router_settings.routing_strategy ${name}`));
  return undefined;
};

const strategyOptions = (
  strategy: string | undefined,
  given: Readonly<Record<string, unknown>> | undefined,
  path: Path,
  { files, findings }: Input,
): NonNullable<RoutingGroup<string>['strategyOptions']> => {
  const source = holderOf(files, path);
  if (given === undefined || source === undefined) return {};
  if (strategy !== undefined) return optionsOf(strategy, given, { source, path, findings });
  findings.warnings.push(note(source, path, 'other', 'router_settings.routing_strategy_args', 'has no effect without `routing_strategy`'));
  return {};
};

/** A name that is in several groups stays in the first, as there is one strategy for it. */
const groupsOf = (input: Input): RoutingGroup<string>[] => {
  const { settings, files, findings, names } = input;
  const path = ['router_settings', 'routing_groups'];
  const source = holderOf(files, path);
  const taken = new Map<string, string>();
  return (settings.router_settings?.routing_groups ?? []).flatMap((group, at) => {
    const models = group.models.filter((model, index) => {
      const place = [...path, at, 'models', index];
      warnOfUnknown(model, { names, findings, source, path: place, what: 'names' });
      const before = taken.get(model);
      if (before !== undefined && source)
        findings.warnings.push(note(source, place, 'other', `routing_groups ${model}`, `is in the group ${before} already, which holds`));
      taken.set(model, before ?? group.group_name);
      return before === undefined;
    });
    const strategy = strategyOf(group.routing_strategy, [...path, at, 'routing_strategy'], input);
    if (strategy === undefined) return [];
    const { routing_strategy_args: args } = group;
    const options = args && strategyOptions(strategy, args, [...path, at, 'routing_strategy_args'], input);
    return [{ name: group.group_name, models, strategy, ...(options && { strategyOptions: options }) }];
  });
};

const groupPolicies = ({ settings, files, findings, names }: Input): RouterSettings['groupRetryPolicies'] => {
  const path = ['router_settings', 'model_group_retry_policy'];
  const given = Object.entries(settings.router_settings?.model_group_retry_policy ?? {});
  for (const [name] of given) warnOfUnknown(name, { names, findings, source: holderOf(files, path), path: [...path, name], what: 'is' });
  return Object.fromEntries(given.map(([name, policy]) => [name, retriesByClass(policy)]));
};

const breakerOf = ({ settings: { router_settings: router, litellm_settings: litellm } }: Input): BreakerSettings => {
  const cooldown = router?.cooldown_time ?? litellm?.cooldown_time;
  const byClass = allowedFailsByClass(router?.allowed_fails_policy);
  return defined<BreakerSettings>({
    allowedFails: router?.allowed_fails ?? litellm?.allowed_fails,
    allowedFailsByClass: Object.keys(byClass).length > 0 ? byClass : undefined,
    cooldownMs: milliseconds(cooldown),
    // A rest of no time is none.
    disabled: router?.disable_cooldowns || cooldown === 0 ? true : undefined,
  });
};

/** LiteLLM's names of what keeps calls together. `responses_api_deployment_check` and `encrypted_content_affinity` always hold: they concern no other calls, and those would fail, or lose something, elsewhere. */
const switched = (checks: readonly string[]) => ({
  promptCaching: checks.includes('prompt_caching'),
  session: checks.includes('session_affinity'),
  user: checks.includes('deployment_affinity'),
});

const affinitiesOf = ({ settings: { router_settings: router }, files, findings, names }: Input): AffinitySettings => {
  const path = ['router_settings', 'model_group_affinity_config'];
  const byModel = Object.entries(router?.model_group_affinity_config ?? {});
  for (const [name] of byModel) warnOfUnknown(name, { names, findings, source: holderOf(files, path), path: [...path, name], what: 'is' });
  return {
    ...switched(router?.optional_pre_call_checks ?? []),
    ttlMs: milliseconds(router?.deployment_affinity_ttl_seconds) ?? plainRouter.affinities.ttlMs,
    byModel: Object.fromEntries(byModel.map(([name, checks]) => [name, switched(checks)])),
  };
};

/** What is taken and does nothing is said, once. */
const tellOfNoEffect = ({ settings: { router_settings: router }, files, findings }: Input): void => {
  const tell = (key: string, kind: 'not-built' | 'other', at: Path, message = '') => {
    const path = ['router_settings', ...at];
    const source = holderOf(files, path);
    if (source) findings.notes.push(note(source, path, kind, `router_settings.${key}`, message));
  };
  const forward = 'forward_client_headers_by_model_group';
  const index = router?.optional_pre_call_checks?.indexOf(forward) ?? -1;
  if (index >= 0) tell(`optional_pre_call_checks ${forward}`, 'not-built', ['optional_pre_call_checks', index]);
  if (router?.enable_weighted_failover !== undefined)
    tell(
      'enable_weighted_failover',
      'other',
      ['enable_weighted_failover'],
      'has no effect: another deployment of the name is always tried first',
    );
  if (router?.polling_interval !== undefined)
    tell('polling_interval', 'other', ['polling_interval'], 'has no effect: a waiting call is woken when there is room');
  if (router?.client_ttl !== undefined) tell('client_ttl', 'other', ['client_ttl'], 'has no effect: connections are shared by all calls');
};

type Routing = NonNullable<NonNullable<Merged['settings']['sluice_settings']>['routing']>;

const queueOf = (given: Routing['queue']): QueueSettings =>
  defined<QueueSettings>({ maxSize: given?.max_size, maxWaitMs: given?.max_wait_ms });

const hedgingOf = (given: Routing['hedging']): HedgeSettings | undefined =>
  given && defined<HedgeSettings>({ after: given.after_ms ?? given.after ?? 'p95', maxShare: given.max_share });
