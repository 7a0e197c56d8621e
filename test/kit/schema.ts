import { isDeepStrictEqual } from 'node:util';

/*
 * Checks a value against the schemas of an OpenAPI document (3.0 and 3.1), as far as the vendors' documents use them.
 * It tells two things apart that a validator does not: a wrong shape, and a member that the document does not know.
 * Documents are older than the APIs, so the second is no proof of a mistake.
 */

export interface SchemaIssue {
  kind: 'shape' | 'unknown-member';
  /** `messages[0].content` */
  path: string;
  message: string;
}

type Schema = { [keyword: string]: unknown };

const isObject = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);
const schemas = (value: unknown): Schema[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** A document whose schemas refer to each other. */
export class SchemaDocument {
  readonly #document: unknown;

  constructor(document: unknown) {
    this.#document = document;
  }

  /** The schema of a JSON request body. @throws Error where the document has no such operation */
  requestSchema(path: string, method = 'post'): Schema {
    const schema = this.#pointer(['paths', path, method, 'requestBody', 'content', 'application/json', 'schema']);
    if (!isObject(schema)) throw new Error(`the document has no request schema for ${method} ${path}`);
    return schema;
  }

  /** A schema by its name. @throws Error where the document has none */
  named(name: string): Schema {
    const schema = this.#pointer(['components', 'schemas', name]);
    if (!isObject(schema)) throw new Error(`the document has no schema ${name}`);
    return schema;
  }

  check(value: unknown, schema: Schema, path = ''): SchemaIssue[] {
    const issues = this.#issues(value, schema, path);
    return issues.concat(this.#unknownMembers(value, schema, path));
  }

  #pointer(keys: readonly string[]): unknown {
    return keys.reduce<unknown>((at, key) => (isObject(at) || Array.isArray(at) ? (at as Schema)[key] : undefined), this.#document);
  }

  #resolve(schema: Schema): Schema {
    let at = schema;
    for (let hops = 0; typeof at['$ref'] === 'string' && hops < 20; hops++) {
      const keys = at['$ref']
        .replace(/^#\//, '')
        .split('/')
        .map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'));
      const target = this.#pointer(keys);
      if (!isObject(target)) throw new Error(`${at['$ref']} is not in the document`);
      at = target;
    }
    return at;
  }

  #issues(value: unknown, unresolved: Schema, path: string): SchemaIssue[] {
    const schema = this.#resolve(unresolved);
    if (value === null && (schema['nullable'] === true || acceptsType(value, schema['type']) === true)) return [];
    const issues: SchemaIssue[] = [];
    const wrong = (message: string) => void issues.push({ kind: 'shape', path, message });

    // A union says by itself what is accepted; some documents add a type that fits only one of its branches.
    const union = schemas(schema['anyOf']).length > 0 ? schemas(schema['anyOf']) : schemas(schema['oneOf']);
    if (acceptsType(value, schema['type']) === false && union.length === 0) {
      wrong(`${describe(value)} where ${String(schema['type'])} is wanted`);
      return issues;
    }
    if (Array.isArray(schema['enum']) && !schema['enum'].some((each) => isDeepStrictEqual(each, value))) {
      wrong(`${describe(value)} is not one of ${JSON.stringify(schema['enum']).slice(0, 120)}`);
    }
    if ('const' in schema && !isDeepStrictEqual(schema['const'], value))
      wrong(`${describe(value)} is not ${JSON.stringify(schema['const'])}`);
    if (typeof value === 'number') boundIssues(value, schema, wrong);
    if (typeof value === 'string') {
      lengthIssues(value.length, schema['minLength'], schema['maxLength'], wrong);
      if (typeof schema['pattern'] === 'string' && !patternOf(schema['pattern']).test(value))
        wrong(`${describe(value)} does not match ${schema['pattern']}`);
    }
    if (Array.isArray(value)) {
      lengthIssues(value.length, schema['minItems'], schema['maxItems'], wrong);
      const items = schema['items'];
      if (isObject(items)) value.forEach((each, index) => issues.push(...this.check(each, items, `${path}[${index}]`)));
    }
    if (isObject(value)) {
      lengthIssues(
        Object.values(value).filter((each) => each !== undefined).length,
        schema['minProperties'],
        schema['maxProperties'],
        wrong,
      );
      issues.push(...this.#memberIssues(value, schema, path));
    }
    for (const part of schemas(schema['allOf'])) issues.push(...this.#issues(value, part, path));
    if (union.length > 0) issues.push(...this.#unionIssues(value, union, schema, path));
    return issues;
  }

  #memberIssues(value: Schema, schema: Schema, path: string): SchemaIssue[] {
    const issues: SchemaIssue[] = [];
    const properties = isObject(schema['properties']) ? schema['properties'] : {};
    for (const name of Array.isArray(schema['required']) ? (schema['required'] as string[]) : []) {
      if (value[name] === undefined) issues.push({ kind: 'shape', path, message: `'${name}' is missing` });
    }
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue;
      const inner = path === '' ? name : `${path}.${name}`;
      const known = properties[name];
      if (isObject(known)) issues.push(...this.check(member, known, inner));
      else if (known === undefined && isObject(schema['additionalProperties'])) {
        issues.push(...this.check(member, schema['additionalProperties'], inner));
      }
    }
    return issues;
  }

  /** The best branch speaks for the union: the one that the discriminator names, else the one with the least against it. */
  #unionIssues(value: unknown, union: Schema[], schema: Schema, path: string): SchemaIssue[] {
    const named = this.#discriminated(value, union, schema);
    if (named) return this.check(value, named, path);
    let best: SchemaIssue[] | undefined;
    for (const branch of union) {
      const issues = this.check(value, branch, path);
      if (issues.length === 0) return [];
      if (best === undefined || weight(issues) < weight(best)) best = issues;
    }
    return best ?? [];
  }

  #discriminated(value: unknown, union: Schema[], schema: Schema): Schema | undefined {
    const discriminator = schema['discriminator'];
    if (!isObject(discriminator) || !isObject(value) || typeof discriminator['propertyName'] !== 'string') return undefined;
    const name = value[discriminator['propertyName']];
    const mapping = discriminator['mapping'];
    const target = isObject(mapping) && typeof name === 'string' ? mapping[name] : undefined;
    return typeof target === 'string' ? union.find((branch) => branch['$ref'] === target) : undefined;
  }

  /** Members that neither the schema nor any part of it knows. */
  #unknownMembers(value: unknown, schema: Schema, path: string): SchemaIssue[] {
    if (!isObject(value)) return [];
    const known = this.#knownMembers(value, schema);
    if (known === 'any') return [];
    return Object.keys(value)
      .filter((name) => value[name] !== undefined && !known.has(name))
      .map((name) => ({ kind: 'unknown-member' as const, path, message: `'${name}' is not known` }));
  }

  #knownMembers(value: Schema, unresolved: Schema): Set<string> | 'any' {
    const schema = this.#resolve(unresolved);
    if (isObject(schema['additionalProperties']) || schema['additionalProperties'] === true) return 'any';
    const known = new Set(Object.keys(isObject(schema['properties']) ? schema['properties'] : {}));
    // Of a union, the branches look after themselves.
    if (schemas(schema['anyOf']).length > 0 || schemas(schema['oneOf']).length > 0) return 'any';
    const parts = schemas(schema['allOf']);
    for (const part of parts) {
      const names = this.#knownMembers(value, part);
      if (names === 'any') return 'any';
      for (const name of names) known.add(name);
    }
    // No members named at all: any object will do.
    return known.size === 0 && schema['additionalProperties'] !== false ? 'any' : known;
  }
}

/** Wrong shapes first; among them the one that is wrong in the fewest places. */
const weight = (issues: SchemaIssue[]): number => issues.reduce((sum, { kind }) => sum + (kind === 'shape' ? 1000 : 1), 0);

const typeChecks: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

/** Undefined where the schema names no type. */
const acceptsType = (value: unknown, type: unknown): boolean | undefined => {
  const types = Array.isArray(type) ? (type as string[]) : typeof type === 'string' ? [type] : [];
  return types.length === 0 ? undefined : types.some((each) => typeChecks[each]?.(value) ?? true);
};

const boundIssues = (value: number, schema: Schema, wrong: (message: string) => void): void => {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (typeof minimum === 'number' && value < minimum) wrong(`${value} is below ${minimum}`);
  if (typeof maximum === 'number' && value > maximum) wrong(`${value} is above ${maximum}`);
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) wrong(`${value} is not above ${exclusiveMinimum}`);
  if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum) wrong(`${value} is not below ${exclusiveMaximum}`);
};

const patterns = new Map<string, RegExp>();

/** Patterns are of other languages' dialects; one that means nothing here matches everything. */
const patternOf = (source: string): RegExp => {
  let pattern = patterns.get(source);
  if (!pattern) {
    try {
      pattern = new RegExp(source, 'u');
    } catch {
      pattern = /(?:)/;
    }
    patterns.set(source, pattern);
  }
  return pattern;
};

const lengthIssues = (length: number, least: unknown, most: unknown, wrong: (message: string) => void): void => {
  if (typeof least === 'number' && length < least) wrong(`length ${length} is below ${least}`);
  if (typeof most === 'number' && length > most) wrong(`length ${length} is above ${most}`);
};

const describe = (value: unknown): string => {
  if (Array.isArray(value)) return 'an array';
  if (isObject(value)) return 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};
