import type { Filter, FilterValue, Operator } from './filter.ts';
import { valuesAt } from './paths.ts';

/** Whether a resource is what a filter looks for. Texts are the same in any case, but for ids. */
export const matches = (resource: unknown, filter: Filter): boolean => {
  switch (filter.kind) {
    case 'and':
      return filter.parts.every((part) => matches(resource, part));
    case 'or':
      return filter.parts.some((part) => matches(resource, part));
    case 'not':
      return !matches(resource, filter.part);
    case 'within':
      return valuesAt(resource, filter.path).some((value) => matches(value, filter.part));
    case 'compare':
      return compares(valuesOf(resource, filter.path), filter);
  }
};

/** Of an attribute with several values, such as `emails`, what is meant is their `value`. */
const valuesOf = (resource: unknown, path: string): readonly unknown[] =>
  valuesAt(resource, path).flatMap((value) => (typeof value === 'object' && value !== null ? valuesAt(value, 'value') : [value]));

const exact: ReadonlySet<string> = new Set(['id', 'externalid', 'value', 'members', 'members.value', 'meta.version']);

const compares = (values: readonly unknown[], { path, operator, value }: Extract<Filter, { kind: 'compare' }>): boolean => {
  if (operator === 'pr') return values.some((each) => each !== '');
  if (operator === 'ne') return !values.some((each) => test(each, 'eq', value, path));
  if (operator === 'eq' && value === null) return values.length === 0;
  return values.some((each) => test(each, operator, value, path));
};

const test = (given: unknown, operator: Operator, value: FilterValue, path: string): boolean => {
  // Entra asks for `active eq "True"`.
  if (typeof given === 'boolean') return operator === 'eq' && String(given) === String(value).toLowerCase();
  if (typeof given === 'number' && typeof value === 'number') return ordered(given, operator, value);
  if (typeof given !== 'string' || typeof value !== 'string') return false;
  const same = exact.has(path.toLowerCase());
  const [left, right] = same ? [given, value] : [given.toLowerCase(), value.toLowerCase()];
  if (operator === 'co') return left.includes(right);
  if (operator === 'sw') return left.startsWith(right);
  if (operator === 'ew') return left.endsWith(right);
  return ordered(left, operator, right);
};

const ordered = <T extends string | number>(left: T, operator: Operator, right: T): boolean => {
  if (operator === 'eq') return left === right;
  if (operator === 'gt') return left > right;
  if (operator === 'ge') return left >= right;
  if (operator === 'lt') return left < right;
  return operator === 'le' && left <= right;
};
