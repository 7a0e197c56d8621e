import type { CallFacts } from 'sluice/kit';
import type { CallState } from './call-state.ts';

/**
 * What the deployments cost that were asked beside the one that answered and were cancelled, in nano-dollars: the prompt
 * at the least, since a vendor bills what it has read. An estimate: no usage comes from an answer that nobody waited for.
 * Undefined: there were none, or their price is not known.
 */
export const costOfLost = ({ tries, facts, live, clock, inputTokens }: CallState): number | undefined => {
  // A client that left has cancelled the one call that there was.
  if (!facts || tries.length < 2) return undefined;
  let sum: number | undefined;
  for (const { code, deploymentId, model } of tries) {
    if (code !== 'client_closed_request') continue;
    const deployment = live.snapshot.deployments.find(({ id }) => id === deploymentId);
    const provider = deployment && live.providerOf(deployment);
    const count = inputTokens?.() ?? 0;
    if (!deployment || provider === undefined || count === 0) continue;
    const lost: CallFacts = { ...facts, provider, model, usage: { inputTokens: count, outputTokens: 0 } };
    const { charged } = live.prices.costOf(deployment, lost, clock());
    if (charged) sum = (sum ?? 0) + charged.total;
  }
  return sum;
};
