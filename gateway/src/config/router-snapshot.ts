import type {
  BreakerSettings,
  ByFailureClass,
  Experiment,
  FallbackSettings,
  HedgeSettings,
  Ladder,
  QueueSettings,
  RoutingGroup,
  Secret,
} from 'sluice/kit';

// The router's part of the snapshot.

export interface RouterSettings {
  /** One of the router's own; absent: `simple-shuffle` for names with weights, else `adaptive`. */
  readonly strategy?: string;
  /** `routing_strategy_args`, as they are written. */
  readonly strategyOptions: Readonly<Record<string, unknown>>;
  /** A strategy for some names. */
  readonly groups: readonly RoutingGroup<string>[];
  /** Tries after the first, for deployments without their own. */
  readonly maxRetries: number;
  /** By kind of failure; these win over every other count. */
  readonly retryPolicy: ByFailureClass;
  readonly groupRetryPolicies: Readonly<Record<string, ByFailureClass>>;
  /** Least wait before another try, in milliseconds. */
  readonly retryAfterMs: number;
  /** As `Deployment.timeoutMs`, for those without their own. */
  readonly timeoutMs?: number;
  /** As `Deployment.streamTimeoutMs`, for those without their own. */
  readonly streamTimeoutMs?: number;
  readonly fallbacks: FallbackSettings;
  readonly breaker: BreakerSettings;
  /** `enable_pre_call_checks`: what cannot serve a request is refused here; else it is only asked last. */
  readonly preCallChecks: boolean;
  /** `rpm`, `tpm`, `itpm` and `otpm` of deployments are limits: what is beyond them waits, or is refused. Else they only steer. */
  readonly enforceLimits: boolean;
  /** For deployments that do not say. */
  readonly maxParallelRequests?: number;
  /** Undefined: tags of requests choose nothing. */
  readonly tagFiltering?: { readonly matchAny: boolean; readonly prefix?: string };
  readonly affinities: AffinitySettings;
  readonly providerBudgets: Readonly<Record<string, SpendBudget>>;
  readonly tagBudgets: Readonly<Record<string, SpendBudget>>;
  readonly defaultPriority?: number;
  readonly queue: QueueSettings;
  readonly hedging?: HedgeSettings;
  /** Identical calls at the same time share one. */
  readonly coalesce: boolean;
  /** A stream that breaks after its output has begun goes on at another deployment. */
  readonly midStreamFallback: boolean;
  /** At most one for each model name. */
  readonly experiments: readonly Experiment[];
  /** The same. */
  readonly ladders: readonly Ladder[];
}

/** What keeps calls together. Each is off unless switched on. */
export interface AffinitySettings {
  readonly promptCaching: boolean;
  readonly session: boolean;
  /** LiteLLM's `deployment_affinity`: by the caller. */
  readonly user: boolean;
  /** How long a place is remembered, in milliseconds. */
  readonly ttlMs: number;
  /** For these names this holds instead: what is absent is off. */
  readonly byModel: Readonly<Record<string, Partial<Record<'promptCaching' | 'session' | 'user', boolean>>>>;
}

/** Days and hours in a time zone. */
export interface Schedule {
  /** IANA name. */
  readonly timeZone: string;
  /** 0 is Sunday. Absent: all. */
  readonly days?: readonly number[];
  /** Minutes of the day; `from` after `to` goes over midnight; the same is the whole day. */
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** US dollars in a window that begins at a multiple of its length from Monday, 5 January 1970, in UTC. A month is 30 days. */
export interface SpendBudget {
  readonly limitUsd: number;
  readonly periodMs: number;
}

/** Active checks of deployments. */
export interface HealthCheckSettings {
  /** Checked again and again, not only when `/health` is asked. */
  readonly background: boolean;
  /** Between two rounds, in milliseconds. */
  readonly intervalMs: number;
  /** `/health` tells more than ids. */
  readonly details: boolean;
  /** Checks at the same time; absent: no bound of the operator's own. */
  readonly concurrency?: number;
  /** What failed its last check is left out of picks while the result is fresh. */
  readonly routing: boolean;
  /** How long a result counts, in milliseconds. */
  readonly stalenessMs: number;
  /** A check that failed with 429 or a timeout says nothing. */
  readonly ignoreTransient: boolean;
  /** Model names that are checked in the background; absent: all. */
  readonly models?: readonly string[];
  /** `/health`, too, leaves out those that are not checked in the background. */
  readonly skipDisabled: boolean;
  /** `/v1/models` lists no name of which all deployments failed their last check. */
  readonly listHealthyOnly: boolean;
}

/** `model_info.health_check_*`: how one deployment is checked. */
export interface DeploymentHealthCheck {
  /** Asked for instead of `model`: what a wildcard needs. */
  readonly model?: string;
  readonly timeoutMs?: number;
  /** Of the check's answer. */
  readonly maxTokens?: number;
  /** Not in the background. */
  readonly disabled?: boolean;
}

/** Where instances share what they know. `url` or `host` is there; `url` wins over all but `tls`. */
export interface RedisSettings {
  /** `redis://` or `rediss://`, with user, password and database. */
  readonly url?: Secret;
  readonly host?: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: Secret;
  readonly tls: boolean;
}
