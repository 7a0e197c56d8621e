import type { JsonObject } from '../../types/index.ts';
import { asArray, asObject, asObjects, isObject } from './read.ts';

/*
 * The part of JSON Schema that Anthropic holds answers and strict tools to
 * (https://platform.claude.com/docs/en/build-with-claude/structured-outputs, "JSON Schema limitations", read 2026-11-21).
 * What is outside of it gets a 400, so it is told in words (`description`) where that narrows nothing, and where it
 * would change what may be answered the schema is given up: the caller has another way.
 */

const formats = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid']);

/** Kept as they are. */
const plain = ['type', 'title', 'description', 'const', 'enum', 'default', '$ref', 'required'] as const;
/** About the schema, not about the answer. */
const ignored = new Set([
  '$schema',
  '$id',
  '$comment',
  'examples',
  'example',
  'deprecated',
  'readOnly',
  'writeOnly',
  'propertyOrdering',
  'strict',
]);

/** A schema that is outside: `why` is for people. */
export class NotStrict {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** What a schema costs, counted over all strict schemas of a request. */
export interface SchemaCost {
  optional: number;
  unions: number;
}

/** Most of each in one request; beyond, compiling fails with a 400. */
export const strictLimits = { tools: 20, optional: 24, unions: 16 } as const;

/** @returns the schema in Anthropic's subset, and its cost; or why it has none */
export const toStrictSchema = (schema: JsonObject): { schema: JsonObject; cost: SchemaCost } | NotStrict => {
  const cost: SchemaCost = { optional: 0, unions: 0 };
  const strict = narrow(schema, cost);
  if (strict instanceof NotStrict) return strict;
  if (refersToItself(strict)) return new NotStrict('the schema refers to itself');
  return { schema: strict, cost };
};

const narrow = (schema: JsonObject, cost: SchemaCost): JsonObject | NotStrict => {
  const strict: JsonObject = {};
  const rest: JsonObject = { ...schema };
  const take = (name: string): unknown => {
    const value = rest[name];
    delete rest[name];
    return value;
  };
  for (const name of plain) {
    const value = take(name);
    if (value !== undefined) strict[name] = value;
  }
  if (typeof strict['$ref'] === 'string' && !strict['$ref'].startsWith('#/')) return new NotStrict(`'$ref' to ${strict['$ref']}`);
  if (asArray(strict['enum']).some((value) => typeof value === 'object' && value !== null)) return new NotStrict('an enum of objects');
  if (take('nullable') === true && typeof strict['type'] === 'string') strict['type'] = [strict['type'], 'null'];

  for (const name of ['$defs', 'definitions', 'properties'] as const) {
    const members = asObject(take(name));
    if (!members) continue;
    const inner = narrowEach(members, cost);
    if (inner instanceof NotStrict) return inner;
    strict[name] = inner;
  }
  for (const name of ['anyOf', 'oneOf'] as const) {
    const variants = take(name);
    if (variants === undefined) continue;
    const inner = asObjects(variants).map((variant) => narrow(variant, cost));
    const bad = inner.find((variant) => variant instanceof NotStrict);
    if (bad) return bad;
    strict['anyOf'] = inner;
  }
  const all = take('allOf');
  if (all !== undefined) {
    // Objects that must not have other members cannot be added up; one alone is how some libraries put words beside a `$ref`.
    const [only, ...others] = asObjects(all);
    const inner = only && others.length === 0 ? narrow(only, cost) : new NotStrict(`'allOf'`);
    if (inner instanceof NotStrict) return inner;
    Object.assign(strict, { ...inner, ...strict });
  }
  const items = take('items');
  if (isObject(items)) {
    const inner = narrow(items, cost);
    if (inner instanceof NotStrict) return inner;
    strict['items'] = inner;
  }
  if (rest['minItems'] === 0 || rest['minItems'] === 1) strict['minItems'] = take('minItems');
  if (formats.has(String(rest['format']))) strict['format'] = take('format');

  const open = take('additionalProperties');
  if (isObjectType(strict)) {
    if (isObject(open)) return new NotStrict('an object with members of any name');
    if (open !== false && !strict['properties'] && !strict['$ref']) return new NotStrict('an object without declared members');
    strict['additionalProperties'] = false;
    const required = new Set(asArray(strict['required']));
    for (const [name, property] of Object.entries(asObject(strict['properties']) ?? {})) {
      if (!required.has(name)) cost.optional++;
      if (isObject(property) && (Array.isArray(property['type']) || property['anyOf'])) cost.unions++;
    }
  }
  return tell(strict, rest);
};

const narrowEach = (members: JsonObject, cost: SchemaCost): JsonObject | NotStrict => {
  const result: JsonObject = {};
  for (const [name, member] of Object.entries(members)) {
    const inner = isObject(member) ? narrow(member, cost) : new NotStrict(`'${name}' is not a schema`);
    if (inner instanceof NotStrict) return inner;
    result[name] = inner;
  }
  return result;
};

const isObjectType = (schema: JsonObject): boolean =>
  schema['type'] === 'object' || asArray(schema['type']).includes('object') || schema['properties'] !== undefined;

/** Bounds that cannot be enforced are told to the model; they only narrow what the schema allows. */
const tell = (strict: JsonObject, rest: JsonObject): JsonObject => {
  const told = Object.entries(rest).filter(([name]) => !ignored.has(name));
  if (told.length === 0) return strict;
  const bounds = told.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(', ');
  const before = typeof strict['description'] === 'string' && strict['description'] !== '' ? `${strict['description']}\n\n` : '';
  return { ...strict, description: `${before}(${bounds})` };
};

const refersToItself = (schema: JsonObject): boolean => {
  const refs = new Map<string, Set<string>>();
  for (const table of ['$defs', 'definitions']) {
    for (const [name, member] of Object.entries(asObject(schema[table]) ?? {})) refs.set(`#/${table}/${name}`, refsOf(member));
  }
  const reaches = (from: string, goal: string, seen: Set<string>): boolean => {
    for (const ref of refs.get(from) ?? []) {
      if (ref === goal || ref === '#' || ref === '#/') return true;
      if (seen.has(ref)) continue;
      seen.add(ref);
      if (reaches(ref, goal, seen)) return true;
    }
    return false;
  };
  return [...refs.keys()].some((name) => reaches(name, name, new Set()));
};

const refsOf = (value: unknown): Set<string> => {
  const found = new Set<string>();
  const walk = (inner: unknown): void => {
    if (Array.isArray(inner)) inner.forEach(walk);
    else if (isObject(inner)) {
      if (typeof inner['$ref'] === 'string') found.add(inner['$ref']);
      Object.values(inner).forEach(walk);
    }
  };
  walk(value);
  return found;
};
