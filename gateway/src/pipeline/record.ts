import { SluiceError, totalInputTokens, totalOutputTokens, type Usage } from 'sluice/kit';
import type { UnpricedCalls } from '../config/gateway-budget.ts';
import { shownName } from '../config/shown-name.ts';
import type { Limit } from '../limits/index.ts';
import type { CallRecord } from '../telemetry/call-record.ts';
import { callerFields } from './caller-fields.ts';
import type { CallState } from './call-state.ts';
import { costOfLost } from './lost-tries.ts';
import { unpricedNanodollars } from './governance/unpriced.ts';
import { completeCall, meter } from './metering/meter.ts';
import { unbilled } from './metering/unbilled.ts';
import type { CallCost } from './prices.ts';
import { costOfLegs } from './resuming.ts';
import { makeSound } from './sound-usage.ts';

const wordsOf = ({ message, detail }: SluiceError): string => (detail === undefined ? message : `${message} (${detail})`);

const free: CallCost = {
  cost: { known: true, nanoDollars: 0, lines: [], source: 'an answer that another call pays for' },
  charged: { original: 0, discount: 0, margin: 0, total: 0 },
  adjusted: false,
};

/** What a call cost, as far as it is known what it used. Undefined: nobody bills it, or it has not been answered. */
export const costOf = (state: CallState): CallCost | undefined => {
  const { deployment, live, clock, route, cost, shared } = state;
  const facts = state.facts ?? state.unanswered;
  // Another call pays for it.
  if (shared?.sharedWith !== undefined) return free;
  if (cost) return cost;
  if (!facts || facts.status >= 400 || facts.status === 0) return undefined;
  makeSound(facts);
  // A whole answer is over while its headers are written.
  if (facts.endedAt !== undefined && !facts.usage && route !== 'pass_through') completeCall(state, facts);
  if (facts.usage === undefined && (state.free || unbilled.has(route) || (route === 'pass_through' && !state.metered))) return undefined;
  const told = facts.legs
    ? costOfLegs(live.prices, facts.legs, (shared?.context ?? state).legs ?? [], clock())
    : live.prices.costOf(deployment, facts, clock());
  const found = told.cost.known ? told : chargedAnyway(told, facts.usage, live.snapshot.budgets.unpriced, state.held);
  // More may be told until the call is over.
  if (facts.usage !== undefined && (state.metered || facts.endedAt !== undefined)) state.cost = found;
  return found;
};

/** What nobody knows the cost of is charged what the settings say (FP-25), and stays told as unknown. */
const chargedAnyway = (told: CallCost, usage: Usage | undefined, rules: UnpricedCalls, held: CallState['held']): CallCost => {
  if (rules.policy === 'refuse' || (rules.policy === 'charge_budgeted' && !held?.limits.some(isBudget))) return told;
  const total = unpricedNanodollars(rules, usage ? totalInputTokens(usage) + totalOutputTokens(usage) : 0);
  return { ...told, charged: { original: 0, discount: 0, margin: 0, total } };
};

const isBudget = ({ metric, soft }: Limit): boolean => metric === 'cost' && !soft;

/** The record of a call that is over. */
export const recordOf = (state: CallState, status: number, failure: unknown): CallRecord => {
  if (state.facts) makeSound(state.facts);
  meter(state);
  const answered = state.facts;
  const facts = answered ?? state.unanswered;
  if (facts) makeSound(facts);
  const { deployment, startedAt, ignored, tries, servedModel, live } = state;
  const error = SluiceError.is(failure) ? failure : undefined;
  const sharedWith = state.shared?.sharedWith;
  return {
    callId: state.callId,
    sharedWith,
    route: state.route,
    // What a client made up must not become a label: only names that a deployment took.
    model: deployment && state.model !== undefined ? shownName(state.model) : undefined,
    madeUp: state.fallbacks > 0 && state.model !== undefined && live.router.match(state.model).length === 0,
    deploymentId: deployment?.id,
    provider: facts?.provider ?? error?.provider,
    upstreamModel: facts?.model ?? error?.model,
    same: answered?.same,
    stream: state.stream,
    status: error?.code === 'client_closed_request' ? 499 : status,
    errorCode: error?.code,
    // A provider's message may quote the prompt; only ours is known not to.
    errorMessage: error && !error.upstream ? wordsOf(error) : undefined,
    upstreamStatus: answered?.status ?? (error?.upstream ? error.status : undefined),
    upstreamRequestId: error?.upstream?.requestId,
    attempts: state.attempts,
    tries,
    providerOf: live.providerOfId,
    fallbacks: state.fallbacks,
    servedModel: servedModel === undefined || servedModel === state.model ? undefined : shownName(servedModel),
    routedBy: state.routed?.by,
    experiment: state.shaped?.dealt && { name: state.shaped.dealt.experiment, arm: state.shaped.dealt.arm },
    step: state.shaped?.step,
    mirrorOf: state.mirrorOf,
    trace: state.trace,
    durationMs: state.clock() - startedAt,
    firstOutputMs: facts?.firstOutputAt === undefined ? undefined : facts.firstOutputAt - startedAt,
    overheadMs: state.overheadMs,
    // Of one call, each token is counted once.
    usage: sharedWith === undefined ? facts?.usage : undefined,
    usageEstimated: sharedWith === undefined && facts?.usageEstimated === true ? true : undefined,
    cost: costOf(state),
    lostNanoUsd: costOfLost(state),
    dropped: facts && facts.dropped.length > 0 ? [...facts.dropped, ...ignored] : ignored,
    caller: state.principal && callerFields(state.principal),
    wouldRefuse: state.wouldRefuse,
    clientAddress: status === 401 ? state.clientAddress : undefined,
  };
};

/**
 * What the gateway added until now, when headers go out, in milliseconds: all the time but the upstream's. The upstream's
 * ends with a whole answer's last byte, or with a stream's first output.
 */
export const overheadOf = ({ facts, startedAt, waitedMs, routed, stream }: CallState, now: number): number | undefined => {
  if (!facts) return undefined;
  const upstreamEnd = stream ? (facts.firstOutputAt ?? now) : (facts.endedAt ?? now);
  return Math.max(0, facts.sentAt - startedAt - waitedMs - (routed?.waitedMs ?? 0)) + Math.max(0, now - upstreamEnd);
};
