import { nearest } from '../lib/nearest.ts';
import { SluiceError, type Endpoint } from '../types/index.ts';
import { knownNames, providerOfName } from './names.ts';

/** What a user's name for a model says. */
export interface ModelName {
  /** A provider's id, as the catalog knows it. */
  provider: string;
  /** What the provider itself calls the model. */
  model: string;
  /** The endpoint that the name asks for (`openai/responses/gpt-5`). */
  prefer?: Endpoint;
}

export interface SplitOptions {
  /** What is known by that prefix: a provider, maybe under another name. Undefined: nothing is. */
  findProvider(prefix: string): { id: string; prefer?: Endpoint; endpoints: readonly Endpoint[] } | undefined;
  /** Every prefix there is, for suggestions. */
  prefixes: readonly string[];
  /** The provider is said elsewhere (`custom_llm_provider`): the name is its model, with or without the prefix. */
  provider?: string;
}

/**
 * `groq/llama-3.3-70b` -> provider and model; a bare name (`gpt-4o`) -> the vendor whose it is.
 * @throws SluiceError `not_found` that names what was probably meant
 */
export const splitModel = (name: string, { findProvider, prefixes, provider }: SplitOptions): ModelName => {
  if (provider !== undefined) {
    const found = findProvider(provider);
    if (!found) throw unknownProvider(provider, prefixes);
    return within(name.startsWith(`${provider}/`) ? name.slice(provider.length + 1) : name, found);
  }
  const slash = name.indexOf('/');
  if (slash > 0) {
    const found = findProvider(name.slice(0, slash));
    if (found) return within(name.slice(slash + 1), found);
  }
  const owner = providerOfName(name);
  if (owner !== undefined) return { provider: owner, model: name };
  throw unknownModel(name, slash > 0 ? name.slice(0, slash) : undefined, prefixes);
};

/** What stands behind the provider's prefix: maybe the endpoint, then the model. */
const within = (rest: string, { id, prefer, endpoints }: { id: string; prefer?: Endpoint; endpoints: readonly Endpoint[] }): ModelName => {
  if (rest === '')
    throw new SluiceError('not_found', `The model's name ends after the provider: write '${id}/' and the model.`, {
      param: 'model',
      provider: id,
    });
  // Only Responses: LiteLLM's users write it so, and no vendor has models of that name.
  if (rest.startsWith('responses/') && endpoints.includes('responses'))
    return { provider: id, model: rest.slice('responses/'.length), prefer: 'responses' };
  return { provider: id, model: rest, ...(prefer && { prefer }) };
};

const unknownProvider = (provider: string, prefixes: readonly string[]): SluiceError =>
  new SluiceError('not_found', `There is no provider '${provider}'.${didYouMean(nearest(provider, prefixes))}`, { param: 'model' });

const unknownModel = (name: string, prefix: string | undefined, prefixes: readonly string[]): SluiceError => {
  const hint =
    prefix === undefined
      ? didYouMean(nearest(name, knownNames()))
      : didYouMean(nearest(prefix, prefixes).map((each) => `${each}/${name.slice(prefix.length + 1)}`));
  const shown = name.length > 100 ? `${name.slice(0, 100)}...` : name;
  return new SluiceError(
    'not_found',
    `No provider is known for the model '${shown}'.${hint} Write it as provider/model, for example 'openai/gpt-4o'.`,
    { param: 'model' },
  );
};

/** ` Did you mean 'a' or 'b'?`, or nothing. */
const didYouMean = (names: readonly string[]): string =>
  names.length === 0 ? '' : ` Did you mean ${names.map((each) => `'${each}'`).join(' or ')}?`;
