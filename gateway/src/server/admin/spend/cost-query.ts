import { SluiceError, targetOf, type CallFacts, type Usage } from 'sluice/kit';
import type { Deployment } from '../../../config/snapshot.ts';
import type { Live } from '../../../pipeline/live.ts';
import type { CallCost } from '../../../pipeline/prices.ts';

/** A model that has a price: a deployment's, or one that a provider is known for. */
export interface Priced {
  readonly deployment: Deployment | undefined;
  readonly provider: string;
  /** As its provider calls it. */
  readonly model: string;
}

/**
 * What a name is billed as: the first deployment that it stands for; without one, `provider/model`, or a name that one vendor
 * alone has, which is how answers name their models (`gpt-4o-2024-11-20`).
 * @throws SluiceError `not_found`
 */
export const pricedModel = (live: Live, name: string): Priced => {
  for (const { deployment } of live.router.match(name)) {
    const provider = live.providerOf(deployment.payload) ?? deployment.payload.provider;
    if (provider !== undefined) return { deployment: deployment.payload, provider, model: deployment.payload.model };
  }
  const slash = name.indexOf('/');
  const found = slash > 0 ? live.providers.lookUp(name.slice(0, slash)) : undefined;
  if (found) return { deployment: undefined, provider: found.id, model: name.slice(slash + 1) };
  const vendor = slash > 0 ? undefined : vendorOf(live, name);
  if (vendor !== undefined) return { deployment: undefined, provider: vendor, model: name };
  throw new SluiceError('not_found', `There is no model '${name.slice(0, 200)}' here. Name one of /v1/models, or provider/model.`, {
    param: 'model',
  });
};

const vendorOf = ({ providers }: Live, model: string): string | undefined => {
  try {
    return targetOf({ model }, { providers, env: {} }).provider.id;
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'not_found') return undefined;
    throw error;
  }
};

/** The same calculation as of calls, with discounts and margins. @param at Unix milliseconds */
export const costAt = (live: Live, { deployment, provider, model }: Priced, usage: Usage, at: number): CallCost => {
  const facts: CallFacts = {
    provider,
    model,
    protocol: 'openai-chat',
    same: false,
    host: '',
    status: 200,
    headers: new Headers(),
    dropped: [],
    usage,
    sentAt: at,
    headersAt: at,
  };
  return live.prices.costOf(deployment, facts, at);
};

/** @throws SluiceError `invalid_request` with why it is not known: unknown is not free */
export const knownCost = (cost: CallCost, name: string): NonNullable<CallCost['charged']> => {
  if (cost.cost.known && cost.charged) return cost.charged;
  const why = cost.cost.known ? 'it cannot be worked out' : cost.cost.why;
  throw new SluiceError('invalid_request', `What '${name.slice(0, 200)}' costs is not known: ${why}. Say its prices in model_info.`, {
    param: 'model',
  });
};
