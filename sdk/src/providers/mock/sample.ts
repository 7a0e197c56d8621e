import type { JsonObject } from '../../types/index.ts';

/** Schemas may refer to themselves; what lies deeper than this is left out. */
const maxDepth = 8;

/** A value that fits a JSON schema as far as a mock must: the same schema gives the same value. */
export const sampleOf = (schema: JsonObject | undefined): unknown => sample(schema ?? {}, schema ?? {}, 0);

const sample = (schema: JsonObject, root: JsonObject, depth: number): unknown => {
  if (depth > maxDepth) return null;
  const again = (value: unknown) => sample(objectOf(value), root, depth + 1);
  if (typeof schema['$ref'] === 'string') return again(resolve(schema['$ref'], root));
  if ('const' in schema) return schema['const'];
  if ('default' in schema) return schema['default'];
  for (const name of ['enum', 'examples']) {
    const list = schema[name];
    if (Array.isArray(list) && list.length > 0) return list[0] as unknown;
  }
  for (const name of ['anyOf', 'oneOf']) {
    const list = schema[name];
    if (Array.isArray(list) && list.length > 0) return again(list[0]);
  }
  if (Array.isArray(schema['allOf'])) return again(Object.assign({}, ...(schema['allOf'] as object[])));
  return byType[typeOf(schema)]?.(schema, again) ?? null;
};

const typeOf = (schema: JsonObject): string => {
  const { type } = schema;
  const first: unknown = Array.isArray(type) ? type.find((each) => each !== 'null') : type;
  if (typeof first === 'string') return first;
  return 'properties' in schema ? 'object' : 'items' in schema ? 'array' : 'string';
};

const byType: Readonly<Record<string, (schema: JsonObject, again: (value: unknown) => unknown) => unknown>> = {
  object: (schema, again) =>
    Object.fromEntries(Object.entries(objectOf(schema['properties'])).map(([name, value]) => [name, again(value)])),
  array: (schema, again) => Array.from({ length: Math.max(1, numberOf(schema['minItems'], 1)) }, () => again(schema['items'])),
  string: (schema) => {
    const format = formats[String(schema['format'])];
    return format ?? 'mock'.padEnd(numberOf(schema['minLength'], 0), '.').slice(0, numberOf(schema['maxLength'], 1000));
  },
  integer: (schema) => Math.ceil(lowest(schema, 1)),
  number: (schema) => lowest(schema, 1),
  boolean: () => true,
};

const formats: Readonly<Record<string, string>> = {
  date: '2026-01-01',
  'date-time': '2026-01-01T00:00:00Z',
  time: '00:00:00Z',
  email: 'mock@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/** The smallest number that is allowed, or `usual` if it is. */
const lowest = (schema: JsonObject, usual: number): number => {
  const least = Math.max(numberOf(schema['minimum'], -Infinity), numberOf(schema['exclusiveMinimum'], -Infinity) + 1);
  const most = Math.min(numberOf(schema['maximum'], Infinity), numberOf(schema['exclusiveMaximum'], Infinity) - 1);
  return Math.max(Math.min(usual, most), least);
};

const numberOf = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);

const objectOf = (value: unknown): JsonObject => (typeof value === 'object' && value !== null ? (value as JsonObject) : {});

/** Only references within the schema (`#/$defs/Name`). */
const resolve = (reference: string, root: JsonObject): unknown => {
  if (!reference.startsWith('#')) return {};
  return reference
    .split('/')
    .slice(1)
    .reduce<unknown>((value, step) => objectOf(value)[step.replaceAll('~1', '/').replaceAll('~0', '~')], root);
};
