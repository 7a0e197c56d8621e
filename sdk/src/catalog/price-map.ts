import { isObject } from '../lib/is-object.ts';
import { readLitellmMap } from './litellm-map.ts';
import type { ModelRow } from './model-row.ts';
import { readModelsDevMap } from './models-dev-map.ts';

/** A price map that was loaded, with all that it says. */
export interface PriceMap {
  format: 'litellm' | 'models.dev';
  rows: readonly ModelRow[];
}

/**
 * Reads a price map in LiteLLM's format or in that of models.dev, whichever it is.
 * @param source what its rows say of where they come from: a name and a date, no credentials
 * @param previous how many rows the last map from there had: one that lost more than half of them is broken
 * @throws Error that says what is wrong with it
 */
export const readPriceMap = (text: string, source: string, previous = 0): PriceMap => {
  let map: unknown;
  try {
    map = JSON.parse(text);
  } catch {
    throw new Error('The price map is not JSON.');
  }
  if (!isObject(map)) throw new Error('The price map is not an object of models.');
  const vendors = Object.values(map).filter((each) => isObject(each) && isObject(each['models'])).length;
  const format = vendors > 0 ? 'models.dev' : 'litellm';
  const rows = format === 'models.dev' ? readModelsDevMap(map, source) : readLitellmMap(map, source);
  if (rows.length === 0) throw new Error("The price map has no models in LiteLLM's format or that of models.dev.");
  if (rows.length * 2 < previous)
    throw new Error(`The price map has ${rows.length} models where the last one had ${previous}: it is not taken.`);
  return { format, rows };
};
