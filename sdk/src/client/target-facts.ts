import type { ModelTraits, Quirks, Target } from '../types/index.ts';

/** What a target's model can take, and how its vendor differs. */
interface Facts {
  traits: ModelTraits;
  quirks: Quirks;
}
const facts = new WeakMap<Target, Facts>();

export const factsOf = (target: Target): Facts => {
  let known = facts.get(target);
  if (!known) facts.set(target, (known = makeFacts(target)));
  return known;
};

const makeFacts = (target: Target): Facts => {
  const { provider, model, baseUrl } = target;
  const traits = { ...provider.traits?.(model), ...target.traits };
  const { quirks = {} } = provider;
  if (baseUrl === undefined || provider.baseUrl === undefined || domainOf(baseUrl) === domainOf(provider.baseUrl))
    return { traits, quirks };
  // At another address than the vendor's own, whose thoughts are read there is not known.
  const { origin: _origin, ...others } = traits;
  const { reasoningField, ...rest } = quirks;
  return { traits: { ...others, ...target.traits }, quirks: reasoningField === 'none' ? rest : quirks };
};

/** The last two names of the host: a vendor's regions are beside one another (`eu.api.openai.com`). */
const domainOf = (url: string): string => (/^https?:\/\/([^/:?#]*)/i.exec(url)?.[1] ?? url).toLowerCase().split('.').slice(-2).join('.');
