import { SluiceError, type JsonObject } from '../../types/index.ts';

/*
 * Checked reading of wire bodies. The `want` functions are for requests (the client's fault, named by path); the
 * plain ones are for answers, where a missing or odd member is no reason to lose the rest.
 */

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

export const asObject = (value: unknown): JsonObject | undefined => (isObject(value) ? value : undefined);
export const asArray = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
export const asObjects = (value: unknown): JsonObject[] => {
  const objects: JsonObject[] = [];
  if (Array.isArray(value)) for (const each of value) if (isObject(each)) objects.push(each);
  return objects;
};
export const asString = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
export const asNumber = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
export const asBoolean = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);

const wrong = (path: string, wanted: string, value: unknown): SluiceError =>
  new SluiceError('invalid_request', `'${path}' must be ${wanted}, not ${describe(value)}.`, { param: path });

const describe = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'an array'
      : value === undefined
        ? 'missing'
        : typeof value === 'object'
          ? 'an object'
          : `a ${typeof value}`;

export const wantObject = (value: unknown, path: string): JsonObject => {
  if (!isObject(value)) throw wrong(path, 'an object', value);
  return value;
};

export const wantArray = (value: unknown, path: string): unknown[] => {
  if (!Array.isArray(value)) throw wrong(path, 'an array', value);
  return value;
};

export const wantString = (value: unknown, path: string): string => {
  if (typeof value !== 'string') throw wrong(path, 'a string', value);
  return value;
};

/** Absent and null are both "not given". */
export const maybe = <T>(read: (value: unknown, path: string) => T, value: unknown, path: string): T | undefined =>
  value === undefined || value === null ? undefined : read(value, path);

export const wantNumber = (value: unknown, path: string): number => {
  if (typeof value !== 'number') throw wrong(path, 'a number', value);
  return value;
};

export const wantBoolean = (value: unknown, path: string): boolean => {
  if (typeof value !== 'boolean') throw wrong(path, 'true or false', value);
  return value;
};

/**
 * Without the members that are undefined, so that objects compare and print as they go on the wire. A copy where there
 * are any: deleting members would turn the object into a slow one.
 */
export const compact = <T extends object>(object: T): T => {
  for (const key in object) if (object[key] === undefined) return definedOf(object);
  return object;
};

const definedOf = <T extends object>(object: T): T => {
  const result = {} as T;
  for (const key in object) if (object[key] !== undefined) result[key] = object[key];
  return result;
};

/** No vendor gives more at once. */
const maxCandidates = 1024;

/** The number of a candidate; where the vendor's is none, the place in its list. */
export const candidateIndex = (value: unknown, at: number): number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < maxCandidates ? value : Math.min(at, maxCandidates - 1);

/** Candidates with a number each: some vendors give all of them the same. */
export const numbered = <T extends { index: number }>(candidates: readonly T[]): T[] =>
  new Set(candidates.map(({ index }) => index)).size === candidates.length
    ? [...candidates]
    : candidates.map((candidate, index) => ({ ...candidate, index }));

/** JSON text -> object; undefined where it is not one. */
export const parseObject = (text: string): JsonObject | undefined => {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
};
