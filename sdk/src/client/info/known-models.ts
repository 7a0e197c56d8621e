import { splitModel } from '../../catalog/index.ts';
import { loadCatalog } from '../../catalog/load.ts';
import type { ModelRow } from '../../catalog/model-row.ts';
import { withOverride } from '../../catalog/override.ts';
import { createPriceBook, shelvesOfRows, type PriceBook } from '../../catalog/price-book.ts';
import type { Price } from '../../catalog/cost.ts';
import { providers } from '../../providers/index.ts';
import { SluiceError } from '../../types/index.ts';

/** More models are registered only by mistake. */
const maxRegistered = 100_000;

/** What `registerModel` was told: the one thing here that a program changes. */
const registered = new Map<string, ModelRow>();
let withRegistered: PriceBook | undefined;

const bookOf = (catalog: PriceBook): PriceBook =>
  registered.size === 0 ? catalog : (withRegistered ??= createPriceBook(shelvesOfRows(registered.values()), catalog));

export interface Named {
  provider: string;
  model: string;
}

/** What a name means; a provider that is no provider of ours may still be one that was registered. @throws SluiceError `not_found` */
export const nameOf = (name: string, provider?: string): Named => {
  const within = provider ?? (name.includes('/') ? name.slice(0, name.indexOf('/')) : undefined);
  if (within !== undefined && !providers.find(within)) {
    const model = name.startsWith(`${within}/`) ? name.slice(within.length + 1) : name;
    if (registered.has(`${within}/${model}`)) return { provider: within, model };
  }
  return splitModel(name, { findProvider: providers.lookUp, prefixes: providers.prefixes, ...(provider !== undefined && { provider }) });
};

/** The catalog, with what was registered before it. */
export const knownModels = async (): Promise<PriceBook> => bookOf(await loadCatalog());

/** A registered bare name comes before the vendor whose name it looks like. */
const named = (name: string, provider: string | undefined): Named =>
  provider === undefined && registered.has(`/${name}`) ? { provider: '', model: name } : nameOf(name, provider);

/** The row of a model under its public name. @throws SluiceError `not_found` where nobody's model is called so */
export const rowOf = async (name: string, provider?: string): Promise<ModelRow | undefined> => {
  const found = named(name, provider);
  return (await knownModels()).find(found.provider, found.model);
};

export const priceOf = async (name: string, provider?: string, region?: string): Promise<Price | undefined> => {
  const found = named(name, provider);
  return (await knownModels()).price(found.provider, found.model, region);
};

/** @throws SluiceError `invalid_request` for what is no set of facts */
export const register = async (models: Readonly<Record<string, Readonly<Record<string, unknown>>>>): Promise<void> => {
  const catalog = await loadCatalog();
  for (const [name, fields] of Object.entries(models)) {
    if (typeof fields !== 'object' || fields === null)
      throw new SluiceError('invalid_request', `The facts of '${name}' must be an object such as { input_cost_per_token: 1e-6 }.`, {
        param: name,
      });
    const vendor = fields['litellm_provider'];
    const said = typeof vendor === 'string' ? vendor : undefined;
    const { provider, model } = placeOf(name, said);
    const key = `${provider}/${model}`;
    if (!registered.has(key) && registered.size >= maxRegistered)
      throw new SluiceError('invalid_request', 'Too many models are registered.');
    const known = registered.get(key) ?? catalog.find(provider, model);
    registered.set(key, withOverride(known, { provider, id: model, fields, at: Date.now(), source: 'registerModel' }));
  }
  withRegistered = undefined;
};

/** Where a registered name belongs: with its provider, else with nobody. */
const placeOf = (name: string, provider: string | undefined): Named => {
  if (provider !== undefined) {
    const id = providers.find(provider)?.id ?? provider;
    const prefix = [provider, id].find((each) => name.startsWith(`${each}/`));
    return { provider: id, model: prefix === undefined ? name : name.slice(prefix.length + 1) };
  }
  try {
    return nameOf(name);
  } catch {
    return { provider: '', model: name };
  }
};
