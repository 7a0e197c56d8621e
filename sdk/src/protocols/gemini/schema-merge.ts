import { table } from '../../lib/table.ts';
import type { JsonObject } from '../../types/index.ts';
import { asArray, asObject, isObject } from '../shared/read.ts';

type Merge = (first: unknown, second: unknown) => unknown;

const highest: Merge = (first, second) => Math.max(Number(first), Number(second));
const lowest: Merge = (first, second) => Math.min(Number(first), Number(second));
const union: Merge = (first, second) => [...new Set([...asArray(first), ...asArray(second)])];
const both: Merge = (first, second) => asArray(first).filter((each) => asArray(second).includes(each));

const mergeTypes: Merge = (first, second) => {
  const list = (value: unknown) => (Array.isArray(value) ? value : [value]);
  const shared = list(first).filter((each) => list(second).includes(each));
  // An integer is a number.
  if (shared.length === 0 && list(first).concat(list(second)).includes('integer')) return 'integer';
  return shared.length === 1 ? shared[0] : shared.length > 1 ? shared : first;
};

const mergeNested: Merge = (first, second) =>
  isObject(first) && isObject(second) ? mergeSchemas(first, second) : first === false ? first : second;

const merges: Readonly<Record<string, Merge>> = table({
  type: mergeTypes,
  enum: both,
  required: union,
  minimum: highest,
  exclusiveMinimum: highest,
  minLength: highest,
  minItems: highest,
  minProperties: highest,
  maximum: lowest,
  exclusiveMaximum: lowest,
  maxLength: lowest,
  maxItems: lowest,
  maxProperties: lowest,
  items: mergeNested,
  additionalProperties: mergeNested,
  properties: (first, second) => mergeEach(asObject(first) ?? {}, asObject(second) ?? {}),
  $defs: (first, second) => ({ ...asObject(first), ...asObject(second) }),
});

const mergeEach = (first: JsonObject, second: JsonObject): JsonObject => {
  const result: JsonObject = { ...first };
  for (const [name, value] of Object.entries(second)) result[name] = name in result ? mergeNested(result[name], value) : value;
  return result;
};

/**
 * Two schemas that must both hold, as one: members that only one has stay, and where both have one the stricter holds.
 * Of two texts (description, pattern) the second, which stands nearer, is taken.
 */
export const mergeSchemas = (first: JsonObject, second: JsonObject): JsonObject => {
  const result: JsonObject = { ...first };
  for (const [name, value] of Object.entries(second)) {
    const merge = merges[name];
    result[name] = name in result && merge ? merge(result[name], value) : value;
  }
  return result;
};
