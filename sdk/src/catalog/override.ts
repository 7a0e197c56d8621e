import { periodAt } from './cost.ts';
import { readLitellmFields } from './litellm-map.ts';
import type { ModelRow } from './model-row.ts';

/** Whether a user's fields say something of prices. */
export const namesPrices = (fields: Readonly<Record<string, unknown>>): boolean =>
  Object.entries(fields).some(([name, value]) => typeof value === 'number' && name.includes('cost')) || 'tiered_pricing' in fields;

/**
 * A row with what a user says of a model, in LiteLLM's names. A price that is given holds for calls of any length and any
 * class of service, unless those have prices of their own among what is given; what is not given stays as it is known.
 * A 0 is a price: free.
 * @param at when, in Unix milliseconds: prices that are not given are those of that time
 */
export const withOverride = (
  known: ModelRow | undefined,
  {
    provider,
    id,
    fields,
    at,
    source,
  }: { provider: string; id: string; fields: Readonly<Record<string, unknown>>; at: number; source: string },
): ModelRow => {
  const said = readLitellmFields(provider, id, fields, source, true);
  const own = said.prices[0];
  if (!known) return own ? { ...said, own: true } : said;
  const { prices: _prices, abilities, lacks, source: _source, ...facts } = said;
  const joined: ModelRow = {
    ...known,
    ...facts,
    abilities: [...known.abilities.filter((each) => !abilities.includes(each) && !lacks.includes(each)), ...abilities],
    lacks: [...known.lacks.filter((each) => !abilities.includes(each) && !lacks.includes(each)), ...lacks],
  };
  if (!own) return joined;
  const base = periodAt(known.prices, at)?.rates;
  return { ...joined, own: true, source, prices: [{ ...own, rates: { ...base, ...own.rates } }] };
};
