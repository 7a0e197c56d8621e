import { totalInputTokens, totalOutputTokens, type Usage } from 'sluice/kit';
import type { SpendEvent } from '../event.ts';
import { detailsOf, isPriced } from './details.ts';
import { dayOf } from './day.ts';
import { storedJson, storedName } from './names.ts';
import { priceVectorOf } from './price-vector.ts';

/** A call as its row is written: columns of `0003-spend`, names as they are stored. */
export interface LedgerRow {
  readonly day: number;
  readonly id: string;
  readonly call_id: string;
  readonly at: number;
  readonly ended_at: number;
  readonly first_output_at: number | null;
  readonly route: string;
  readonly status: number;
  readonly error_code: string | null;
  readonly model: string | null;
  readonly upstream_model: string | null;
  readonly deployment_id: string | null;
  readonly provider: string | null;
  readonly stream: number;
  readonly cache_hit: number;
  readonly key_id: string | null;
  readonly user_id: string | null;
  readonly team_id: string | null;
  readonly organization_id: string | null;
  readonly project_id: string | null;
  readonly customer_id: string | null;
  readonly agent_id: string | null;
  readonly session_id: string | null;
  /** JSON: a list of names. */
  readonly tags: string | null;
  readonly user_agent: string | null;
  /** All of them, those of the cache too. */
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_tokens: number;
  readonly nanodollars: number;
  readonly cost_known: number;
  readonly price_id: string | null;
  /** JSON. */
  readonly details: string;
}

/** @throws TypeError for an event that cannot be a row, which says why: writing it again would help nobody */
export const rowOf = (event: SpendEvent): LedgerRow => {
  requireWhole(event);
  const { usage } = event;
  return {
    day: dayOf(event.at),
    id: storedName(event.id),
    call_id: storedName(event.callId),
    at: event.at,
    ended_at: event.endedAt,
    first_output_at: event.firstOutputAt ?? null,
    route: storedName(event.route),
    status: event.status,
    error_code: named(event.errorCode),
    model: named(event.model),
    upstream_model: named(event.upstreamModel),
    deployment_id: named(event.deploymentId),
    provider: named(event.provider),
    stream: Number(event.stream),
    cache_hit: Number(event.cacheHit ?? false),
    key_id: named(event.keyId),
    user_id: named(event.userId),
    team_id: named(event.teamId),
    organization_id: named(event.organizationId),
    project_id: named(event.projectId),
    customer_id: named(event.customerId),
    agent_id: named(event.agentId),
    session_id: named(event.sessionId),
    tags: event.tags?.length ? storedJson([...new Set(event.tags.map(storedName))]) : null,
    user_agent: named(event.userAgent),
    input_tokens: usage ? whole(totalInputTokens(usage)) : 0,
    output_tokens: usage ? whole(totalOutputTokens(usage)) : 0,
    cache_read_tokens: usage ? whole(cacheReadTokens(usage)) : 0,
    cache_write_tokens: usage ? whole(cacheWriteTokens(usage)) : 0,
    nanodollars: event.nanodollars,
    cost_known: Number(event.costKnown),
    price_id: event.prices && isPriced(event.prices) ? priceVectorOf(event.prices, event.priceSource).id : null,
    details: detailsOf(event),
  };
};

/** What is left of a row where rows are not kept: enough to know the event again, and what it was charged to. */
export const idRowOf = ({ id, at, endedAt, nanodollars, costKnown, charges }: SpendEvent): LedgerRow =>
  rowOf({ id, callId: '', at, endedAt, route: '', status: 0, stream: false, attempts: 1, nanodollars, costKnown, charges });

const named = (name: string | undefined): string | null => (name === undefined || name === '' ? null : storedName(name));

const cacheReadTokens = ({ cacheReadTokens: text = 0, cacheReadAudioTokens: audio = 0, cacheReadImageTokens: image = 0 }: Usage): number =>
  text + audio + image;

const cacheWriteTokens = ({ cacheWriteTokens: short = 0, cacheWrite1hTokens: long = 0 }: Usage): number => short + long;

/** Counts are whole; what a provider says may be anything. */
const whole = (count: number): number => (Number.isFinite(count) ? Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.round(count))) : 0);

const requireWhole = (event: SpendEvent): void => {
  for (const name of ['at', 'endedAt', 'status', 'nanodollars'] as const)
    if (!Number.isSafeInteger(event[name])) throw new TypeError(`\`${name}\` of a spend event is no whole number.`);
  if (event.firstOutputAt !== undefined && !Number.isSafeInteger(event.firstOutputAt))
    throw new TypeError('`firstOutputAt` of a spend event is no whole number.');
  for (const [, periodStart] of event.charges)
    if (!Number.isSafeInteger(periodStart)) throw new TypeError('A charge of a spend event has a period that begins at no whole number.');
};
