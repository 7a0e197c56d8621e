import type { CallState } from './call-state.ts';
import { completeUsage } from './metering/complete-usage.ts';
import { mayBeBilled, promptOf, sentOnly } from './metering/meter.ts';
import { makeSound } from './sound-usage.ts';
import { unbilled } from './metering/unbilled.ts';

/**
 * What the tries cost that have no part in the answer, in nano-dollars: deployments that were asked beside the one that answered
 * and were cancelled, and those that broke off before anything of them went out. The prompt at the least, since a vendor bills
 * what it has read, and whatever was seen of their answers. An estimate. Undefined: there were none, or their price is not known.
 */
export const costOfLost = (state: CallState): number | undefined => {
  const { live, clock, shared, route } = state;
  if (shared?.sharedWith !== undefined || unbilled.has(route)) return undefined;
  const { sendings } = shared?.context ?? state;
  if (!sendings || sendings.length < 2) return undefined;
  let sum: number | undefined;
  for (const sending of sendings) {
    if (sending.taken || !mayBeBilled(sending)) continue;
    const facts = sending.facts ?? sentOnly(state, sending);
    makeSound(facts);
    completeUsage(facts, promptOf(state));
    const { charged } = facts.usage ? live.prices.costOf(sending.deployment, facts, clock()) : {};
    if (charged) sum = (sum ?? 0) + charged.total;
  }
  return sum;
};
