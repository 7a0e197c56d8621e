import { breathe } from '../lib/breathe.ts';
import { isObject } from '../lib/is-object.ts';
import { readLitellmEntry } from './litellm-map.ts';
import type { ModelRow } from './model-row.ts';
import { readModelsDevEntry } from './models-dev-map.ts';

/** A price map that was loaded, with all that it says. */
export interface PriceMap {
  format: 'litellm' | 'models.dev';
  rows: readonly ModelRow[];
}

/** How long the event loop may be held by one turn, in milliseconds. */
const turnMs = 5;

/**
 * Reads a price map in LiteLLM's format or in that of models.dev, whichever it is. In turns of a few milliseconds: a map is
 * megabytes, and calls must not wait for it.
 * @param source what its rows say of where they come from: a name and a date, no credentials
 * @param previous how many rows the last map from there had: one that lost more than half of them is broken
 * @throws Error that says what is wrong with it
 */
export const readPriceMap = async (text: string, source: string, previous = 0): Promise<PriceMap> => {
  const entries = entriesOf(text);
  const vendors = entries.some(([, each]) => isObject(each) && isObject(each['models']));
  const format = vendors ? 'models.dev' : 'litellm';
  const read = vendors ? readModelsDevEntry : readLitellmEntry;
  const rows: ModelRow[] = [];
  let began = performance.now();
  for (const entry of entries) {
    rows.push(...read(entry, source));
    if (performance.now() - began < turnMs) continue;
    await breathe();
    began = performance.now();
  }
  if (rows.length === 0) throw new Error("The price map has no models in LiteLLM's format or that of models.dev.");
  if (rows.length * 2 < previous)
    throw new Error(`The price map has ${rows.length} models where the last one had ${previous}: it is not taken.`);
  return { format, rows };
};

const entriesOf = (text: string): [string, unknown][] => {
  let map: unknown;
  try {
    map = JSON.parse(text);
  } catch {
    throw new Error('The price map is not JSON.');
  }
  if (!isObject(map)) throw new Error('The price map is not an object of models.');
  return Object.entries(map);
};
