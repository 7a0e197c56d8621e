import { totalInputTokens, totalOutputTokens } from 'sluice/kit';
import type { CallRecord } from '../telemetry/call-record.ts';
import type { CallState } from './call-state.ts';
import { recordOf } from './record.ts';

/**
 * The record of a call that is over, whoever made it: a client, a shadow, a choice by content. What it has cost counts
 * against the budgets, each part of a stream that went on elsewhere against those of its own deployment. Once a call.
 */
export const account = (state: CallState, status: number, failure: unknown): CallRecord => {
  const record = recordOf(state, status, failure);
  state.governor?.settle(state, usedOf(record));
  if (!record.cost) return record;
  const { live, facts, deployment, wishes, clock, shared } = state;
  const { legs } = shared?.context ?? state;
  const at = clock();
  if (facts?.legs && legs && shared?.sharedWith === undefined)
    facts.legs.forEach((leg, index) => live.charge(legs[index], wishes, live.prices.costOf(legs[index], leg, at), at));
  else live.charge(deployment, wishes, record.cost, at);
  return record;
};

/** What is charged to whoever called. Time that was lost at other deployments is theirs to pay as well (FP-3). */
const usedOf = ({ usage, cost, lostNanoUsd = 0, attempts }: CallRecord) => ({
  inputTokens: usage ? totalInputTokens(usage) : 0,
  outputTokens: usage ? totalOutputTokens(usage) : 0,
  nanodollars: Math.max(0, Math.round((cost?.charged?.total ?? 0) + lostNanoUsd)),
  made: attempts > 0,
});
