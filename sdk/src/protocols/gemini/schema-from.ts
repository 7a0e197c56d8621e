import { table } from '../../lib/table.ts';
import type { JsonObject } from '../../types/index.ts';
import { asArray, asObject, isObject } from '../shared/read.ts';
import { camelKeys } from './names.ts';

/** 64-bit integers are texts in Google's JSON. */
const counts: ReadonlySet<string> = new Set(['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties']);
/** What JSON Schema has no word for, or what says nothing to others. */
const dropped: ReadonlySet<string> = new Set(['nullable', 'propertyOrdering', 'example']);

/**
 * Google's `Schema` (a subset of OpenAPI 3.0, https://ai.google.dev/api/caching#Schema, read 2026-11-21) as JSON Schema:
 * types in lower case, `nullable` as a type of its own.
 */
export const fromOpenApiSchema = (schema: JsonObject): JsonObject => {
  const result: JsonObject = {};
  const node = camelKeys(schema);
  for (const [name, value] of Object.entries(node)) {
    if (dropped.has(name) || (name === 'format' && value === 'enum')) continue;
    result[name] = (readers[name] ?? keep)(value, name);
  }
  if (node['nullable'] !== true) return result;
  if (Array.isArray(result['anyOf'])) result['anyOf'] = [...(result['anyOf'] as unknown[]), { type: 'null' }];
  else if (typeof result['type'] === 'string') result['type'] = [result['type'], 'null'];
  if (Array.isArray(result['enum'])) result['enum'] = [...(result['enum'] as unknown[]), null];
  return result;
};

/** Google's older SDKs write the number that a type has in their enumeration (google/cloud/aiplatform/v1beta1/openapi.proto, read 2026-11-22). */
const numbered = [undefined, 'string', 'number', 'integer', 'boolean', 'array', 'object', 'null'] as const;

type Reader = (value: unknown, name: string) => unknown;

const keep: Reader = (value, name) => (counts.has(name) && typeof value === 'string' && value !== '' ? Number(value) : value);
const nested: Reader = (value) => (isObject(value) ? fromOpenApiSchema(value) : value);

const readers: Readonly<Record<string, Reader>> = table({
  type: (value) => (typeof value === 'string' ? value.toLowerCase() : typeof value === 'number' ? (numbered[value] ?? value) : value),
  items: nested,
  anyOf: (value) => asArray(value).map((each) => nested(each, 'anyOf')),
  properties: (value) => Object.fromEntries(Object.entries(asObject(value) ?? {}).map(([name, each]) => [name, nested(each, name)])),
});
