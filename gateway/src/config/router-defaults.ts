import { defaults } from './defaults.ts';
import type { HealthCheckSettings, RouterSettings } from './snapshot.ts';

// What holds where nothing is said. Apart from the schema, as a start without a file must be quick.

export const plainRouter: RouterSettings = {
  strategyOptions: {},
  groups: [],
  maxRetries: defaults.maxRetries,
  retryPolicy: {},
  groupRetryPolicies: {},
  retryAfterMs: defaults.retryAfterMs,
  fallbacks: {},
  breaker: {},
  preCallChecks: false,
  enforceLimits: false,
  affinities: { promptCaching: false, session: false, user: false, ttlMs: defaults.affinityTtlMs, byModel: {} },
  providerBudgets: {},
  tagBudgets: {},
  queue: {},
  coalesce: false,
  midStreamFallback: false,
  experiments: [],
  ladders: [],
};

export const plainHealthChecks: HealthCheckSettings = {
  background: false,
  intervalMs: defaults.healthCheckIntervalMs,
  details: true,
  routing: false,
  stalenessMs: 2 * defaults.healthCheckIntervalMs,
  ignoreTransient: false,
  skipDisabled: false,
  listHealthyOnly: false,
};
