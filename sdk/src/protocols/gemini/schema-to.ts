import { table } from '../../lib/table.ts';
import { SluiceError, type JsonObject } from '../../types/index.ts';
import { asArray, asObject, isObject } from '../shared/read.ts';
import { mergeSchemas } from './schema-merge.ts';
import { createRefs, type Refs } from './schema-refs.ts';

/*
 * JSON Schema -> what Gemini takes in `parametersJsonSchema` and `responseJsonSchema` (FP-79). Documented there:
 * $id $defs $ref $anchor type format title description enum items prefixItems minItems maxItems minimum maximum anyOf
 * oneOf properties additionalProperties required propertyOrdering (https://ai.google.dev/api/generate-content,
 * read 2026-11-21); one keyword too many fails the whole request, whatever tool it is in. So nothing else is sent: what
 * can be said otherwise is said otherwise, and the other constraints are put in words in the description, where the
 * model at least sees them.
 */

/** Whose schema it is, for errors: `tool 'search'`, and the member's path in the client's request. */
export interface SchemaPlace {
  what: string;
  path: string;
}

interface Walk {
  refs: Refs;
  place: SchemaPlace;
  /** Nodes written; a schema whose references multiply without end is refused. */
  nodes: number;
}

const maxNodes = 20_000;

const cannot = ({ what, path }: SchemaPlace, at: string, why: string): SluiceError =>
  new SluiceError('invalid_request', `The JSON schema of ${what} cannot be expressed for Gemini: ${at || 'the schema'} ${why}.`, {
    param: path + at,
  });

/** @throws SluiceError `invalid_request`, naming whose schema and where in it, for what has no equivalent */
export const toGeminiSchema = (schema: JsonObject, place: SchemaPlace): JsonObject => {
  const refs = createRefs(schema);
  const walk: Walk = { refs, place, nodes: 0 };
  const root = convert(schema, '', [], walk);
  const defs = refs.definitions((target, ref) => convert(target, '', [ref], walk));
  return defs ? { ...root, $defs: defs } : root;
};

/** For a function's parameters, which must be an object. */
export const toParametersSchema = (schema: JsonObject, place: SchemaPlace): JsonObject => {
  const root = toGeminiSchema(schema, place);
  const variants = asArray(root['anyOf']).filter(isObject);
  const { anyOf: _anyOf, ...rest } = root;
  const flat = variants.length > 0 ? { ...rest, ...alternatives(variants, place) } : root;
  const types = Array.isArray(flat['type']) ? flat['type'] : [flat['type'] ?? 'object'];
  if (!types.includes('object')) throw cannot(place, '', `is of type '${types.join(', ')}', but the arguments of a function are an object`);
  return { ...flat, type: 'object' };
};

/** A choice between objects as one object that has the members of all: Gemini knows no choice at the root. */
const alternatives = (variants: JsonObject[], place: SchemaPlace): JsonObject => {
  if (variants.some((each) => each['type'] !== 'object' && !isObject(each['properties']))) {
    throw cannot(place, '.anyOf', 'is a choice between things that are not all objects');
  }
  const properties: JsonObject = {};
  for (const each of variants) {
    for (const [name, value] of Object.entries(asObject(each['properties']) ?? {})) {
      const before = asObject(properties[name]);
      const same = !before || JSON.stringify(before) === JSON.stringify(value);
      properties[name] = same ? value : { anyOf: [...(asArray(before['anyOf']).length > 0 ? asArray(before['anyOf']) : [before]), value] };
    }
  }
  const required = variants.map((each) => asArray(each['required'])).reduce((all, each) => all.filter((name) => each.includes(name)));
  return { type: 'object', properties, ...(required.length > 0 && { required }) };
};

const convert = (schema: unknown, at: string, stack: readonly string[], walk: Walk): JsonObject => {
  if (schema === true) return {};
  if (!isObject(schema)) throw cannot(walk.place, at, 'is not a schema');
  if (++walk.nodes > maxNodes) throw cannot(walk.place, at, 'is too large with its references written out');

  const { $ref: ref, allOf, ...node } = schema;
  if (typeof ref === 'string') return convertRef(ref, { ...node, ...(allOf !== undefined && { allOf }) }, at, stack, walk);
  if (!Array.isArray(allOf)) return convertNode(node, at, stack, walk);
  // One branch is how generators give a reference a description of its own.
  if (allOf.length === 1 && isObject(allOf[0])) return convert(mergeSchemas(allOf[0], node), at, stack, walk);
  // Merged before it is converted: `const` in one branch and `type` in another belong together.
  const branches = allOf.map((each, index) => flatten(each, `${at}.allOf[${index}]`, stack, walk));
  const merged = mergeAll([...branches.map((each) => each.schema), node]);
  return convertNode(merged, at, [...stack, ...branches.flatMap((each) => each.refs)], walk);
};

const mergeAll = (schemas: JsonObject[]): JsonObject => schemas.reduce((all, each) => mergeSchemas(all, each), {});

const convertRef = (ref: string, beside: JsonObject, at: string, stack: readonly string[], walk: Walk): JsonObject => {
  // A schema that contains itself is left as a reference, which Gemini follows to a limited depth and wants alone.
  if (stack.includes(ref)) return { $ref: walk.refs.keep(ref) };
  const target = walk.refs.find(ref);
  if (target === undefined) throw cannot(walk.place, at, `refers to '${ref}', which is not in the schema`);
  const merged = target === true ? beside : mergeSchemas(target, withoutDefinitions(beside));
  return convert(merged, at, [...stack, ref], walk);
};

const withoutDefinitions = ({ $defs: _defs, definitions: _definitions, ...rest }: JsonObject): JsonObject => rest;

/** A branch of `allOf` with its own references and branches written out. */
const flatten = (schema: unknown, at: string, stack: readonly string[], walk: Walk): { schema: JsonObject; refs: string[] } => {
  if (schema === true) return { schema: {}, refs: [] };
  if (!isObject(schema)) throw cannot(walk.place, at, 'is not a schema');
  const { $ref: ref, allOf, ...node } = schema;
  const inner = asArray(allOf).map((each, index) => flatten(each, `${at}.allOf[${index}]`, stack, walk));
  const merged = mergeAll([...inner.map((each) => each.schema), node]);
  const refs = inner.flatMap((each) => each.refs);
  if (typeof ref !== 'string') return { schema: merged, refs };
  if (stack.includes(ref)) throw cannot(walk.place, at, `contains itself ('${ref}')`);
  const target = walk.refs.find(ref);
  if (target === undefined) throw cannot(walk.place, at, `refers to '${ref}', which is not in the schema`);
  const found = flatten(target, at, [...stack, ref], walk);
  return { schema: mergeSchemas(found.schema, withoutDefinitions(merged)), refs: [...refs, ref, ...found.refs] };
};

const convertNode = (node: JsonObject, at: string, stack: readonly string[], walk: Walk): JsonObject => {
  const result: JsonObject = {};
  const notes: string[] = [];
  const child = (value: unknown, step: string) => convert(value, at + step, stack, walk);

  // A choice comes last: it takes over what stands beside it.
  const entries = Object.entries(node).sort(([a], [b]) => Number(choices.has(a)) - Number(choices.has(b)));
  for (const [name, value] of entries) {
    const rule = rules[name];
    if (noted.has(name)) notes.push(`${name}: ${brief(value)}`);
    else if (rule === 'keep') result[name] = value;
    else if (rule) rule({ value, node, result, notes, child });
  }
  if (node['nullable'] === true) addNull(result);
  keepDefined(result, notes);
  const own = result['description'];
  if (notes.length > 0) result['description'] = (typeof own === 'string' && own !== '' ? `${own} ` : '') + `(${notes.join('; ')})`;
  return result;
};

const choices: ReadonlySet<string> = new Set(['anyOf', 'oneOf']);

const brief = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}...` : text;
};

const addNull = (result: JsonObject): void => {
  if (Array.isArray(result['anyOf'])) result['anyOf'] = [...result['anyOf'], { type: 'null' }];
  else if (typeof result['type'] === 'string' && result['type'] !== 'null') result['type'] = [result['type'], 'null'];
};

/** Gemini refuses names in `required` that `properties` does not have. */
const keepDefined = (result: JsonObject, notes: string[]): void => {
  const required = asArray(result['required']);
  if (required.length === 0) return void delete result['required'];
  const properties = asObject(result['properties']) ?? {};
  const missing = required.filter((name) => !(String(name) in properties));
  if (missing.length === 0) return;
  notes.push(`required: ${missing.join(', ')}`);
  const rest = required.filter((name) => !missing.includes(name));
  if (rest.length > 0) result['required'] = rest;
  else delete result['required'];
};

interface Rule {
  value: unknown;
  node: JsonObject;
  result: JsonObject;
  notes: string[];
  child(value: unknown, step: string): JsonObject;
}

/** Formats that Gemini knows; others are words for the model. */
const formats: ReadonlySet<unknown> = new Set(['date-time', 'date', 'time', 'int32', 'int64', 'float', 'double']);

const types: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']);

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value === 'string' || typeof value === 'boolean' ? typeof value : Array.isArray(value) ? 'array' : 'object';
};

/** Only texts and numbers can be listed; a list that also has null says so in the type. */
const writeEnum = (values: readonly unknown[], { result, notes, node }: Rule): void => {
  const listed = values.filter((each) => (typeof each === 'string' && each !== '') || typeof each === 'number');
  const others = values.filter((each) => !listed.includes(each) && each !== null);
  if (others.length > 0) notes.push(`${listed.length > 0 ? 'also' : 'one of'}: ${others.map((each) => JSON.stringify(each)).join(', ')}`);
  // A list without its empty text would forbid what the schema allows, so then it is in words alone.
  if (listed.length > 0 && others.length === 0) result['enum'] = listed;
  else if (listed.length > 0) notes.push(`one of: ${listed.map((each) => JSON.stringify(each)).join(', ')}`);
  if (node['type'] !== undefined || values.length === 0) return;
  const kinds = [...new Set(values.map(typeOf))];
  result['type'] = kinds.length === 1 ? kinds[0] : kinds;
};

const bound =
  (name: 'minimum' | 'maximum', step: 1 | -1) =>
  ({ value, node, result, notes }: Rule): void => {
    // Draft 4 has a switch beside the bound, later drafts a bound of its own.
    const limit = value === true ? node[name] : value;
    if (typeof limit !== 'number') return;
    if (node['type'] === 'integer') result[name] = limit + step;
    else {
      result[name] ??= limit;
      notes.push(`${step === 1 ? 'greater' : 'less'} than ${limit}`);
    }
  };

const choice = ({ value, node, result, notes, child }: Rule, name: 'anyOf' | 'oneOf'): void => {
  const variants = asArray(value);
  const bare = variants.filter((each) => isObject(each) && Object.keys(each).every((key) => key === 'required' || key === 'description'));
  // `anyOf: [{ required: ['a'] }, { required: ['b'] }]` beside the properties: a rule about the object, not a choice of types.
  if (bare.length === variants.length || result['anyOf'] !== undefined) return void notes.push(`${name}: ${brief(value)}`);
  const { description, title, default: _default, anyOf: _anyOf, oneOf: _oneOf, ...shared } = node;
  const structural = Object.keys(shared).some((key) => rules[key] !== undefined || noted.has(key));
  const steps = variants.map((each, index) =>
    child(structural && isObject(each) ? mergeSchemas(shared, each) : each, `.${name}[${index}]`),
  );
  for (const key of Object.keys(result)) if (key !== 'description' && key !== 'title') delete result[key];
  if (description !== undefined) result['description'] = description;
  if (title !== undefined) result['title'] = title;
  result['anyOf'] = steps;
};

/** Constraints that Gemini has no word for; the model is told of them. */
const noted: ReadonlySet<string> = new Set([
  'default',
  'examples',
  'pattern',
  'minLength',
  'maxLength',
  'multipleOf',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'patternProperties',
  'propertyNames',
  'contains',
  'minContains',
  'maxContains',
  'not',
  'if',
  'then',
  'else',
  'dependentRequired',
  'dependentSchemas',
  'dependencies',
  'contentEncoding',
  'contentMediaType',
]);

/** By keyword; a keyword that is neither here nor noted says nothing about the value (`$schema`, `x-...`). */
const rules: Readonly<Record<string, 'keep' | ((rule: Rule) => void)>> = table({
  title: 'keep',
  description: 'keep',
  minItems: 'keep',
  maxItems: 'keep',
  minimum: ({ value, result }) => void (result['minimum'] ??= value),
  maximum: ({ value, result }) => void (result['maximum'] ??= value),
  required: 'keep',
  propertyOrdering: 'keep',
  type: ({ value, result }) => {
    const list = asArray(Array.isArray(value) ? value : [value])
      .map((each) => (typeof each === 'string' ? each.toLowerCase() : each))
      .filter((each) => types.has(each));
    if (list.length > 0) result['type'] = list.length === 1 ? list[0] : list;
  },
  format: ({ value, result, notes }) => {
    if (formats.has(value)) result['format'] = value;
    else if (typeof value === 'string') notes.push(`format: ${value}`);
  },
  enum: (rule) => writeEnum(asArray(rule.value), rule),
  const: (rule) => writeEnum([rule.value], rule),
  exclusiveMinimum: bound('minimum', 1),
  exclusiveMaximum: bound('maximum', -1),
  properties: ({ value, result, child }) => {
    // `false` is a member that must not be there.
    const entries = Object.entries(asObject(value) ?? {}).filter(([, each]) => each !== false);
    result['properties'] = Object.fromEntries(entries.map(([name, each]) => [name, child(each, `.properties.${name}`)]));
  },
  additionalProperties: ({ value, result, child }) => {
    result['additionalProperties'] = isObject(value) ? child(value, '.additionalProperties') : value;
  },
  items: ({ value, result, child }) => {
    if (Array.isArray(value)) result['prefixItems'] = value.map((each, index) => child(each, `.items[${index}]`));
    else if (value !== false) result['items'] = child(value, '.items');
  },
  additionalItems: ({ value, node, result, child }) => {
    if (Array.isArray(node['items']) && isObject(value)) result['items'] = child(value, '.additionalItems');
  },
  prefixItems: ({ value, result, child }) => {
    result['prefixItems'] = asArray(value).map((each, index) => child(each, `.prefixItems[${index}]`));
  },
  anyOf: (rule) => choice(rule, 'anyOf'),
  // Documented as the same as `anyOf`, and known to be refused by some models.
  oneOf: (rule) => choice(rule, 'oneOf'),
});
