import { Secret } from 'sluice/kit';
import type { Path } from './problem.ts';

/** The value of an environment variable, if it is set. */
export type Lookup = (name: string) => string | undefined;

const prefix = 'os.environ/';

/** `os.environ/NAME` -> `NAME`; undefined for anything else. */
export const referenceName = (value: unknown): string | undefined =>
  typeof value === 'string' && value.startsWith(prefix) ? value.slice(prefix.length).trim() : undefined;

export interface Unset {
  name: string;
  path: Path;
}

export interface ReferenceContext {
  lookup: Lookup;
  /** Filled: references whose variable is not set. */
  unset: Unset[];
  /** Filled: every name that is referred to. */
  used: Set<string>;
}

/** Members that go to the provider as they are written: there a `null` is a value. */
const verbatim = new Set(['extra_body', 'mock_response']);

/**
 * Replaces every `os.environ/NAME` in a value by the variable's value, at any depth. One that is not set, or empty
 * (compose files pass on what is not there as empty), becomes undefined and is noted; so does a `null`, which a
 * key without a value is.
 */
export const resolveReferences = (value: unknown, context: ReferenceContext, path: Path = [], keepNull = false): unknown => {
  const { lookup, unset, used } = context;
  const name = referenceName(value);
  if (name !== undefined) {
    used.add(name);
    const found = lookup(name);
    if (found !== undefined && found !== '') return found;
    unset.push({ name, path });
    return undefined;
  }
  if (value === null) return keepNull ? null : undefined;
  if (Array.isArray(value)) {
    // An item that is not set keeps its own text: leaving it out would move the others from their places.
    return value.map((item, at) => resolveReferences(item, context, [...path, at], keepNull) ?? item);
  }
  if (typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, resolveReferences(item, context, [...path, key], keepNull || verbatim.has(key))]),
    );
  }
  return value;
};

const secretKey = /(^|[_-])(key|token|secret|password|passwd|authorization|credentials?|cookie)$/i;

/** Whether a key's name says that its value is a credential. */
export const looksSecret = (key: string): boolean => secretKey.test(key.replaceAll(/([a-z])([A-Z])/g, '$1_$2'));

/**
 * Wraps what must not be seen in a value that is otherwise plain: texts that came from the environment, and those
 * whose key says that they are credentials. `reveal` unwraps them.
 * @param raw the same value before its references were resolved
 */
export const wrapSecrets = (resolved: unknown, raw: unknown, key = ''): unknown => {
  if (typeof resolved === 'string') return referenceName(raw) !== undefined || looksSecret(key) ? new Secret(resolved) : resolved;
  if (Array.isArray(resolved)) return resolved.map((item, at) => wrapSecrets(item, Array.isArray(raw) ? raw[at] : undefined, key));
  if (typeof resolved === 'object' && resolved !== null) {
    const other = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {};
    return Object.fromEntries(Object.entries(resolved).map(([name, item]) => [name, wrapSecrets(item, other[name], name)]));
  }
  return resolved;
};
