import type { CallRecord } from '../telemetry/call-record.ts';
import type { CallState } from './call-state.ts';
import { recordOf } from './record.ts';
import { routingCharges } from './routing-spend.ts';
import { spendEventOf, usedOf, withoutCost } from './spend-event.ts';

/**
 * The record of a call that is over, whoever made it: a client, a shadow, a choice by content. What it has cost is written
 * down and counts against the budgets, each part of a stream that went on elsewhere against those of its own deployment.
 * Once a call, and before its client has the end of the answer.
 */
export const account = (state: CallState, status: number, failure: unknown): CallRecord => {
  const record = recordOf(state, status, failure);
  const { live, facts, deployment, wishes, clock, shared, books, governor } = state;
  const at = clock();
  // Who was not let in is in the books only as far as they have room for it: it costs nothing, and comes as often as it likes.
  if (books && (record.attempts > 0 || (state.principal && books.hasRoomForRefused(at)))) {
    const event = spendEventOf(record, at, state, routingCharges(live, deployment, wishes, at));
    // Its parts are in the books already, each by itself.
    books.record(state.itemized ? withoutCost(event) : event);
    if (state.content) books.keepContent({ id: event.id, at: event.at, request: state.content.request, answer: state.content.answer });
  }
  const used = usedOf(record);
  governor?.settle(state, state.itemized ? { ...used, inputTokens: 0, outputTokens: 0, nanodollars: 0 } : used);
  if (!record.cost) return record;
  const { legs } = shared?.context ?? state;
  if (facts?.legs && legs && shared?.sharedWith === undefined)
    facts.legs.forEach((leg, index) => live.charge(legs[index], wishes, live.prices.costOf(legs[index], leg, at), at));
  else live.charge(deployment, wishes, record.cost, at);
  return record;
};
