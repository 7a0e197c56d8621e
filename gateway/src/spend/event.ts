import type { JsonObject, Usage } from 'sluice/kit';

/** What a call counts against: a subject (`key:ab12…`, `team:t`), and when its period began in Unix milliseconds; 0: since ever. */
export type Charge = readonly [subject: string, periodStart: number];

/** One part of a price: what was counted, how many, and the price of one in picodollars. */
export type PriceLine = readonly [what: string, count: number, unitPicodollars: number];

/**
 * What one call cost and whose it was: a line of the journal, then a row of the ledger. It is written once, when the call is
 * over, and is never changed. Neither content nor secrets: keys are told by their hash.
 */
export interface SpendEvent {
  /** Made here, and of this call alone: what arrives twice is counted once by it. */
  readonly id: string;
  /** The client sees it as `x-litellm-call-id`, and may have made it up: several calls may have the same. */
  readonly callId: string;
  /** Unix milliseconds when it was let in: its day, its hour and its budgets' periods are those of this moment. */
  readonly at: number;
  readonly endedAt: number;
  readonly firstOutputAt?: number;
  /** The route's name: `chat`, `messages`, `embeddings`, … */
  readonly route: string;
  /** What the client saw; 499: it left. */
  readonly status: number;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  /** As configured: a model group's name. */
  readonly model?: string;
  /** As its provider calls it. */
  readonly upstreamModel?: string;
  readonly deploymentId?: string;
  readonly provider?: string;
  readonly stream: boolean;
  readonly attempts: number;
  readonly cacheHit?: boolean;
  readonly keyId?: string;
  readonly keyAlias?: string;
  readonly userId?: string;
  readonly teamId?: string;
  readonly teamAlias?: string;
  readonly organizationId?: string;
  readonly projectId?: string;
  /** The end user. */
  readonly customerId?: string;
  readonly agentId?: string;
  readonly sessionId?: string;
  readonly tags?: readonly string[];
  readonly userAgent?: string;
  /** Of the client. */
  readonly address?: string;
  /** What the client wants written beside it (`spend_logs_metadata`). */
  readonly metadata?: JsonObject;
  /** Disjoint counts, without the provider's own object. */
  readonly usage?: Usage;
  /** They were counted here, at least in part: the provider did not say them. */
  readonly usageEstimated?: boolean;
  /** All that is charged for it. */
  readonly nanodollars: number;
  /** False: its price is unknown, and what is charged is what the settings say of such calls. */
  readonly costKnown: boolean;
  /** By the prices alone: the sum of `prices`, rounded. */
  readonly originalNanodollars?: number;
  readonly discountNanodollars?: number;
  readonly marginNanodollars?: number;
  /** An estimate for tries whose answers nobody waited for; part of what is charged. */
  readonly lostNanodollars?: number;
  /** What it was worked out of, and where the prices are from. */
  readonly prices?: readonly PriceLine[];
  readonly priceSource?: string;
  /** The counters that it counts against, each once. */
  readonly charges: readonly Charge[];
}
