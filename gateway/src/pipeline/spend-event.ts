import { totalInputTokens, totalOutputTokens, type Usage } from 'sluice/kit';
import type { Charge, SpendEvent, PriceLine } from '../spend/event.ts';
import type { CallRecord } from '../telemetry/call-record.ts';
import type { CallState } from './call-state.ts';
import { chargesOf, gatewayCharges } from './governance/charges.ts';

/** What is known of whose call it was, beside its record. */
export type Owned = Pick<CallState, 'held' | 'principal' | 'customerId' | 'tags' | 'sessionId' | 'userAgent' | 'spendMetadata'>;

const nobody: Owned = {};

/** The line of the journal of a call that is over. @param endedAt Unix milliseconds @param more counters beside those of its caller */
export const spendEventOf = (record: CallRecord, endedAt: number, owned: Owned = nobody, more: readonly Charge[] = []): SpendEvent => {
  const { usage, cost, caller, errorCode } = record;
  const { held, customerId, tags, sessionId, userAgent, spendMetadata } = owned;
  const ofCaller = held ? chargesOf(held) : gatewayCharges;
  const at = Math.floor(held?.at ?? endedAt - record.durationMs);
  const event: Writable<SpendEvent> = {
    // Of one moment side by side: the ledger's index grows at its end.
    id: Bun.randomUUIDv7(),
    callId: record.callId,
    at,
    endedAt: Math.max(at, Math.floor(endedAt)),
    route: record.route,
    status: record.status,
    stream: record.stream,
    attempts: record.attempts,
    nanodollars: chargedFor(record),
    costKnown: cost?.cost.known ?? true,
    charges: more.length === 0 ? ofCaller : [...ofCaller, ...more],
  };
  // Members are set one by one: each call has few of them, and its line is written at once.
  if (record.firstOutputMs !== undefined) event.firstOutputAt = Math.floor(at + record.firstOutputMs);
  if (errorCode !== undefined) event.errorCode = errorCode;
  if (record.errorMessage !== undefined) event.errorMessage = record.errorMessage.slice(0, maxMessageLength);
  if (record.model !== undefined) event.model = record.model;
  if (record.upstreamModel !== undefined) event.upstreamModel = record.upstreamModel;
  if (record.deploymentId !== undefined) event.deploymentId = record.deploymentId;
  if (record.provider !== undefined) event.provider = record.provider;
  if (record.sharedWith !== undefined) event.cacheHit = true;
  if (caller) addCaller(event, caller);
  if (customerId !== undefined) event.customerId = customerId;
  if (tags?.length) event.tags = tags;
  if (sessionId !== undefined) event.sessionId = sessionId;
  if (userAgent !== undefined) event.userAgent = userAgent;
  if (spendMetadata) event.metadata = spendMetadata;
  if (usage) event.usage = withoutRaw(usage);
  if (record.usageEstimated) event.usageEstimated = true;
  if (cost?.charged) {
    const { original, discount, margin } = cost.charged;
    event.originalNanodollars = original;
    if (discount !== 0) event.discountNanodollars = discount;
    if (margin !== 0) event.marginNanodollars = margin;
  }
  if (record.lostNanoUsd !== undefined) event.lostNanodollars = Math.round(record.lostNanoUsd);
  if (cost?.cost.known) {
    event.prices = cost.cost.lines.map(({ what, count, unitPicodollars }): PriceLine => [what, count, unitPicodollars]);
    event.priceSource = cost.cost.source;
  }
  return event;
};

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const maxMessageLength = 1000;

const addCaller = (event: Writable<SpendEvent>, caller: NonNullable<CallRecord['caller']>): void => {
  if (caller.keyHash !== undefined) event.keyId = caller.keyHash;
  if (caller.keyAlias !== undefined) event.keyAlias = caller.keyAlias;
  if (caller.userId !== undefined) event.userId = caller.userId;
  if (caller.teamId !== undefined) event.teamId = caller.teamId;
  if (caller.teamAlias !== undefined) event.teamAlias = caller.teamAlias;
  if (caller.organizationId !== undefined) event.organizationId = caller.organizationId;
  if (caller.projectId !== undefined) event.projectId = caller.projectId;
  if (caller.agentId !== undefined) event.agentId = caller.agentId;
};

/** The provider's own object is for its clients, not for the books. */
const withoutRaw = (usage: Usage): Usage => {
  if (usage.raw === undefined) return usage;
  const { raw: _, ...counts } = usage;
  return counts;
};

/** The row of a call whose parts have rows of their own: that it was made, and how it ended. */
export const withoutCost = (event: SpendEvent): SpendEvent => {
  const {
    usage: _usage,
    usageEstimated: _estimated,
    prices: _prices,
    priceSource: _source,
    originalNanodollars: _original,
    discountNanodollars: _discount,
    marginNanodollars: _margin,
    lostNanodollars: _lost,
    ...rest
  } = event;
  return { ...rest, nanodollars: 0, costKnown: true };
};

/** All that is charged for a call: time that was lost at other deployments is the caller's to pay as well (FP-3). */
const chargedFor = ({ cost, lostNanoUsd = 0 }: Pick<CallRecord, 'cost' | 'lostNanoUsd'>): number =>
  Math.max(0, Math.round((cost?.charged?.total ?? 0) + lostNanoUsd));

/** What limits are settled at. */
export const usedOf = (record: CallRecord) => ({
  inputTokens: record.usage ? totalInputTokens(record.usage) : 0,
  outputTokens: record.usage ? totalOutputTokens(record.usage) : 0,
  nanodollars: chargedFor(record),
  made: record.attempts > 0,
  // Who left may have made it.
  failed: record.status >= 400 && record.status !== 499,
});
