import type { AdjustedCost, Attempt, Cost, Dropped, ErrorCode, Usage } from 'sluice/kit';
import type { Trace } from './trace-context.ts';

/** Everything worth telling of one call, once it is over: the log line and the metrics are made of it. No content, no secret. */
export interface CallRecord {
  /** Ours; the client sees it as `x-litellm-call-id`. */
  callId: string;
  /** The route's name, of a fixed set: `chat`, `messages`, ... */
  route: string;
  /** As configured, or as asked for where a wildcard took it. */
  model?: string;
  /** No deployment has that name, and only a fallback for any name answered: the client made it up, and it is no label. */
  madeUp?: boolean;
  deploymentId?: string;
  provider?: string;
  upstreamModel?: string;
  /** The client's format is the provider's: passed through. */
  same?: boolean;
  stream: boolean;
  /** What the client saw, or 499 if it left. */
  status: number;
  errorCode?: ErrorCode;
  errorMessage?: string;
  upstreamStatus?: number;
  upstreamRequestId?: string;
  attempts: number;
  /** Each of them, where the router made them: children of this call (FP-48). */
  tries?: readonly Attempt[];
  /** The provider of a deployment. */
  providerOf?: (deploymentId: string) => string | undefined;
  /** How often another model name was asked instead. */
  fallbacks?: number;
  /** The name that answered, where it is another one than the client's: an alias, a choice by content, a fallback. */
  servedModel?: string;
  /** Why that name, where what the request is about decided it. */
  routedBy?: string;
  /** The arm of an experiment that it went to. */
  experiment?: { readonly name: string; readonly arm: string };
  /** How many steps down its ladder it went; absent: there is none of its name. */
  step?: number;
  /** The id of the call that this one is a copy of, for a shadow model. */
  mirrorOf?: string;
  /** The id of the call that made and pays for the answer that this one shares. */
  sharedWith?: string;
  /** The caller's, if it has one. */
  trace?: Trace;
  /** Milliseconds since the request came. */
  durationMs: number;
  firstOutputMs?: number;
  overheadMs?: number;
  usage?: Usage;
  /** Limits that are only tried out and had no room: what kind each is, and whose. */
  wouldRefuse?: readonly { readonly kind: string; readonly label: string }[] | undefined;
  /** Not all of `usage` is the provider's: the stream broke off or was left, or it did not count. */
  usageEstimated?: boolean;
  /** Absent: nobody bills it. `charged`: with what is taken off and put on, where the cost is known. */
  cost?: { readonly cost: Cost; readonly charged?: AdjustedCost };
  /** An estimate of what deployments cost that were asked beside the one that answered. */
  lostNanoUsd?: number;
  dropped: readonly Dropped[];
  /** Whose call it was; absent for the master key's. */
  caller?: CallerFields;
  /** Of the connection, for failed keys (FP-63). */
  clientAddress?: string;
}

/** Who called, as people look for it in logs. No secret: a key is told by its hash. */
export interface CallerFields {
  readonly keyHash?: string;
  readonly keyAlias?: string;
  readonly userId?: string;
  readonly teamId?: string;
  readonly teamAlias?: string;
  readonly organizationId?: string;
  readonly projectId?: string;
  readonly agentId?: string;
}
