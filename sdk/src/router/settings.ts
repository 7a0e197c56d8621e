import type { ErrorCode, JsonObject } from '../types/index.ts';

/** Kinds of failures that policies speak of, in LiteLLM's division. */
const failureClasses = ['badRequest', 'authentication', 'timeout', 'rateLimit', 'contentPolicy', 'internalServer'] as const;
export type FailureClass = (typeof failureClasses)[number];

/** A number for each kind of failure, where one is set. */
export type ByFailureClass = Readonly<Partial<Record<FailureClass, number>>>;

/** The kind of a failure; undefined for those that no policy speaks of. */
export const failureClassOf = (code: ErrorCode): FailureClass | undefined => classes[code];

const classes: Readonly<Partial<Record<ErrorCode, FailureClass>>> = {
  invalid_request: 'badRequest',
  unsupported_parameter: 'badRequest',
  unprocessable: 'badRequest',
  context_window_exceeded: 'badRequest',
  content_policy_violation: 'contentPolicy',
  authentication: 'authentication',
  permission_denied: 'authentication',
  payment_required: 'authentication',
  timeout: 'timeout',
  upstream_timeout: 'timeout',
  rate_limited: 'rateLimit',
  internal: 'internalServer',
  connection: 'internalServer',
  invalid_response: 'internalServer',
  bad_gateway: 'internalServer',
  unavailable: 'internalServer',
  overloaded: 'internalServer',
};

/** Where a call goes instead: a model name (or a deployment's id), and members that are set in the request's body. */
export interface FallbackTarget {
  readonly name: string;
  readonly overrides?: JsonObject;
}

/** Lists of model names that are tried one after another, by the name that failed; `*` is every name without a list. */
export type FallbackLists = Readonly<Record<string, readonly FallbackTarget[]>>;

export interface FallbackSettings {
  readonly general?: FallbackLists;
  /** For prompts that are too long. Where there is such a list for a name, `general` does not hold for these failures. */
  readonly contextWindow?: FallbackLists;
  /** For what a vendor refuses to answer. The same. */
  readonly contentPolicy?: FallbackLists;
  /** The most names that one call goes through after its own. Default 5. */
  readonly maxFallbacks?: number;
}

export interface BreakerSettings {
  /** Failures that are let pass: the next one within a cooldown makes a deployment rest. Absent: Sluice's own rules (docs/routing/failures.md). */
  readonly allowedFails?: number;
  readonly allowedFailsByClass?: ByFailureClass;
  /** How long a deployment rests, in milliseconds. Default 5000. */
  readonly cooldownMs?: number;
  readonly disabled?: boolean;
}

/** A strategy for some model names. */
export interface RoutingGroup<S> {
  readonly name: string;
  readonly models: readonly string[];
  readonly strategy: S;
  readonly strategyOptions?: JsonObject;
}

/** A second deployment is asked where the first is slow. Off unless set. */
export interface HedgeSettings {
  /** When, in milliseconds after the first. `p95`: as long as 95 of 100 recent calls of the name took to their first output. */
  readonly after: number | 'p95';
  /** The largest share of calls that may be hedged, so that an overload is not doubled. Default 0.1. */
  readonly maxShare?: number;
}

/** Calls that find no place wait here. */
export interface QueueSettings {
  /** Calls that wait for one model name. Default 1000. 0: none waits. */
  readonly maxSize?: number;
  /** Longest wait, in milliseconds. Default 30,000. */
  readonly maxWaitMs?: number;
}
