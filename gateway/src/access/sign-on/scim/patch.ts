import { FilterProblem, parseFilter, type Filter } from './filter.ts';
import { matches } from './matches.ts';
import { ownName, withoutSchema } from './paths.ts';

/** One operation of a PATCH (RFC 7644, section 3.5.2, read 2026-11-22). */
export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path?: string | undefined;
  readonly value?: unknown;
}

/** What cannot be done. `scimType` is of RFC 7644, table 9. */
export class PatchProblem extends Error {
  readonly scimType: 'invalidPath' | 'invalidValue' | 'noTarget' | 'mutability';
  constructor(scimType: PatchProblem['scimType'], message: string) {
    super(message);
    this.scimType = scimType;
  }
}

type Json = Record<string, unknown>;

export interface PatchRules {
  /** Attributes there are, as they are spelt. */
  readonly attributes: readonly string[];
  /** Of those with several values. */
  readonly several: ReadonlySet<string>;
  /** Never changed. */
  readonly readOnly: ReadonlySet<string>;
}

/** A resource after its operations, one after the other. What they name must be an attribute of it, or of an extension. */
export const patched = (resource: Readonly<Json>, operations: readonly PatchOperation[], rules: PatchRules): Json => {
  const next = structuredClone(resource) as Json;
  for (const operation of operations) apply(next, operation, rules);
  return next;
};

const apply = (resource: Json, { op, path, value }: PatchOperation, rules: PatchRules): void => {
  if (path !== undefined && path !== '') return at(resource, op, path, value, rules);
  if (op === 'remove') throw new PatchProblem('noTarget', 'A remove needs a path.');
  if (!isObject(value)) throw new PatchProblem('invalidValue', 'Without a path, the value is an object of attributes.');
  // Names may be paths here (Entra: `name.givenName`).
  for (const [name, each] of Object.entries(value)) {
    // What a client has read and sends back with the rest, it does not mean to change.
    if (rules.readOnly.has(withoutSchema(name).toLowerCase())) continue;
    at(resource, op, name, each, rules);
  }
};

interface Target {
  readonly attribute: string;
  readonly filter: Filter | undefined;
  readonly sub: string | undefined;
}

const at = (resource: Json, op: PatchOperation['op'], path: string, value: unknown, rules: PatchRules): void => {
  const plain = withoutSchema(path);
  // Extensions are not kept.
  if (/^urn:/i.test(plain)) return;
  const { attribute, filter, sub } = targetOf(plain, rules);
  if (rules.readOnly.has(attribute.toLowerCase())) throw new PatchProblem('mutability', `${attribute} cannot be changed.`);
  if (filter) return atValues(resource, op, { attribute, filter, sub }, value);
  if (sub !== undefined) {
    const inner = isObject(resource[attribute]) ? (resource[attribute] as Json) : {};
    if (op === 'remove') delete inner[ownName(inner, sub) ?? sub];
    else inner[ownName(inner, sub) ?? sub] = value;
    resource[attribute] = inner;
    return;
  }
  if (op === 'remove') {
    const going = value === undefined ? undefined : list(value);
    // Some name the members that go in the value, instead of in the path (Entra).
    if (going && rules.several.has(attribute))
      resource[attribute] = list(resource[attribute]).filter((each) => !going.some((one) => isSame(one, each)));
    else delete resource[attribute];
    return;
  }
  if (rules.several.has(attribute)) {
    const given = list(value);
    const kept = op === 'add' ? list(resource[attribute]).filter((each) => !given.some((one) => isSame(one, each))) : [];
    resource[attribute] = [...kept, ...given];
    return;
  }
  resource[attribute] = isObject(value) && isObject(resource[attribute]) ? { ...resource[attribute], ...value } : value;
};

/** `emails[type eq "work"].value` */
const atValues = (resource: Json, op: PatchOperation['op'], { attribute, filter, sub }: Target, value: unknown): void => {
  const before = list(resource[attribute]);
  const found = before.filter((each) => matches(each, filter!));
  if (op === 'remove') {
    if (sub === undefined) resource[attribute] = before.filter((each) => !found.includes(each));
    else for (const each of found) if (isObject(each)) delete each[sub];
    return;
  }
  if (found.length === 0) {
    // What is looked for by what it is to be like is made so.
    const made: Json = { ...equalities(filter!), ...(sub === undefined ? (isObject(value) ? value : { value }) : { [sub]: value }) };
    resource[attribute] = [...before, made];
    return;
  }
  for (const each of found)
    if (isObject(each)) Object.assign(each, sub === undefined ? (isObject(value) ? value : { value }) : { [sub]: value });
};

const equalities = (filter: Filter): Json => {
  if (filter.kind === 'compare' && filter.operator === 'eq') return { [filter.path]: filter.value };
  return filter.kind === 'and' ? Object.assign({}, ...filter.parts.map(equalities)) : {};
};

const targetOf = (path: string, { attributes }: PatchRules): Target => {
  const [, name = '', inside, sub] = /^([A-Za-z$][\w$-]*)(?:\[([^\]]{0,2000})\])?(?:\.([A-Za-z$][\w$-]*))?$/.exec(path) ?? [];
  const attribute = attributes.find((each) => each.toLowerCase() === name.toLowerCase());
  if (attribute === undefined) throw new PatchProblem('invalidPath', `There is no attribute ${JSON.stringify(path.slice(0, 100))}.`);
  try {
    return { attribute, filter: inside === undefined ? undefined : parseFilter(inside), sub };
  } catch (cause) {
    if (cause instanceof FilterProblem) throw new PatchProblem('invalidPath', cause.message);
    throw cause;
  }
};

const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : value === undefined || value === null ? [] : [value];
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const isSame = (one: unknown, other: unknown): boolean => {
  if (isObject(one) && isObject(other) && 'value' in one) return one['value'] === other['value'];
  return JSON.stringify(one) === JSON.stringify(other);
};
