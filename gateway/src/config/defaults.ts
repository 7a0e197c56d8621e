import type { LogLevel } from './snapshot.ts';

/**
 * Every default in one place: the schema shows them, the snapshot is built with them. Apart from the schema, because
 * a quick start without a file must not pay for loading a validator.
 */
export const defaults = {
  maxRetries: 2,
  retryAfterMs: 0,
  affinityTtlMs: 3_600_000,
  healthCheckIntervalMs: 300_000,
  connectTimeoutMs: 10_000,
  /** Reasoning models think for minutes before their first word; OpenAI's own clients wait as long. */
  firstTokenTimeoutMs: 600_000,
  idleTimeoutMs: 300_000,
  timeoutMs: 3_600_000,
  headerWaitMs: 10_000,
  keepAliveMs: 15_000,
  disconnectDrainMs: 15_000,
  /** Below the 30 s that Kubernetes grants between SIGTERM and SIGKILL. */
  drainTimeoutMs: 25_000,
  /** The largest request that Anthropic takes. */
  maxBodyBytes: 32 * 1024 * 1024,
  discoveryIntervalMs: 30_000,
  discoveryTimeoutMs: 10_000,
  discoveryMaxEndpoints: 1000,
  secretRefreshIntervalMs: 300_000,
  secretMaxStaleMs: 86_400_000,
  secretTimeoutMs: 5000,
  logLevel: 'info' satisfies LogLevel as LogLevel,
  logRequests: true,
  /** LiteLLM's own, in its source (v1.105); its documents once said 0.5. */
  defaultPriorityShare: 0.25,
  saturationThreshold: 0.5,
  saturationTtlMs: 60_000,
  failuresPerMinute: 1,
} as const;
