import type { CallFacts } from 'sluice/kit';
import type { CallState } from '../call-state.ts';
import { completeUsage } from './complete-usage.ts';
import type { Sending } from './sending.ts';
import { byOtherMeasures, unbilled } from './unbilled.ts';

/**
 * Works out what a call used, once it is over, however it ended: answered, broken off, left by its client before or after the
 * first byte. Idempotent.
 */
export const meter = (state: CallState): void => {
  // Another call pays for it, and may not be over.
  if (state.metered || state.shared?.sharedWith !== undefined) return;
  state.metered = true;
  const facts = state.facts ?? unansweredOf(state);
  if (facts) completeCall(state, facts);
};

/** The same for an answer that is whole while its headers are being written. */
export const completeCall = (state: CallState, facts: CallFacts): void => {
  const counted = facts.status < 400 && facts.status !== 0 && !state.free;
  if (!counted || unbilled.has(state.route)) return;
  const isUnanswered = facts === state.unanswered;
  if (isUnanswered && state.askedFor && !facts.usage) {
    facts.usage = { inputTokens: 0, outputTokens: 0, ...state.askedFor() };
    facts.usageEstimated = true;
  }
  if (isUnanswered || !byOtherMeasures.has(state.route)) completeUsage(facts, promptOf(state));
};

/** What was sent for nothing: the last of it is the call's own, so that its row says what was used. */
const unansweredOf = (state: CallState): CallFacts | undefined => {
  const { sendings = [] } = state.shared?.context ?? state;
  const sending = sendings.findLast((each) => !each.taken && mayBeBilled(each));
  if (!sending) return undefined;
  sending.taken = true;
  if (sending.deployment) state.deployment = sending.deployment;
  return (state.unanswered = sending.facts ?? sentOnly(state, sending));
};

/** Of a request that had no answer yet: nothing is known but where it went. */
export const sentOnly = ({ live, clock }: CallState, { deployment, provider, model }: Sending): CallFacts => ({
  provider: provider ?? (deployment && live.providerOf(deployment)) ?? '',
  model,
  protocol: '',
  same: false,
  host: '',
  status: 200,
  headers: new Headers(),
  dropped: [],
  sentAt: clock(),
  headersAt: clock(),
});

/** Giving up is ours or the client's: the provider has read the prompt, and goes on for as long as it likes. */
const left: ReadonlySet<string> = new Set(['client_closed_request', 'timeout']);

/**
 * Whether a provider may bill a try that has no part in the answer. What it refused, or failed at before it said anything, it
 * does not.
 */
export const mayBeBilled = ({ sent, facts, answered, code }: Sending): boolean => {
  if (!sent) return false;
  if (answered || (facts && ((facts.uncountedTokens?.() ?? 0) > 0 || facts.usage !== undefined))) return true;
  if (code === undefined || code === 'client_closed_request') return true;
  return facts !== undefined && left.has(code);
};

export const promptOf = (state: CallState) => (): number => (state.shared?.context ?? state).inputTokens?.() ?? 0;
