import type { AdjustedCost, Cost, Dropped, ErrorCode, Usage } from 'sluice/kit';

/** Everything worth telling of one call, once it is over: the log line and the metrics are made of it. No content, no secret. */
export interface CallRecord {
  /** Ours; the client sees it as `x-litellm-call-id`. */
  callId: string;
  /** The route's name, of a fixed set: `chat`, `messages`, ... */
  route: string;
  /** As configured, or as asked for where a wildcard took it. */
  model?: string;
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
  /** Milliseconds since the request came. */
  durationMs: number;
  firstOutputMs?: number;
  overheadMs?: number;
  usage?: Usage;
  /** Absent: nobody bills it. `charged`: with what is taken off and put on, where the cost is known. */
  cost?: { readonly cost: Cost; readonly charged?: AdjustedCost };
  dropped: readonly Dropped[];
  /** Of the connection, for failed keys (FP-63). */
  clientAddress?: string;
}
