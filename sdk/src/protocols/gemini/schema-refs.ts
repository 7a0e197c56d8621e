import type { JsonObject } from '../../types/index.ts';
import { isObject } from '../shared/read.ts';

/** The references of one schema: found by pointer, and the recursive ones kept as definitions. */
export interface Refs {
  /** What a `$ref` points to in the same document; undefined if nothing is there or it points elsewhere. */
  find(ref: string): JsonObject | true | undefined;
  /** Keeps a reference as one, and returns how it is spelled. */
  keep(ref: string): string;
  /** The definitions that were kept, each made once; undefined if there are none. */
  definitions(make: (target: JsonObject, ref: string) => JsonObject): JsonObject | undefined;
}

export const createRefs = (root: JsonObject): Refs => {
  const kept = new Map<string, string>();
  const find = (ref: string): JsonObject | true | undefined => {
    const found = ref.startsWith('#') ? (atPointer(root, ref.slice(1)) ?? atAnchor(root, ref.slice(1))) : undefined;
    return found === true || isObject(found) ? found : undefined;
  };
  return {
    find,
    keep(ref) {
      let name = kept.get(ref);
      if (name === undefined) {
        const last = ref.slice(ref.lastIndexOf('/') + 1).replaceAll(/[^a-zA-Z0-9_]/g, '');
        const taken = new Set(kept.values());
        name = last || 'Root';
        for (let n = 2; taken.has(name); n++) name = `${last || 'Root'}${n}`;
        kept.set(ref, name);
      }
      return `#/$defs/${name}`;
    },
    definitions(make) {
      const result: JsonObject = {};
      // Making one may keep another, which the map's iteration then comes to as well.
      for (const [ref, name] of kept) {
        const target = find(ref);
        result[name] = isObject(target) ? make(withoutDefinitions(target), ref) : {};
      }
      return kept.size > 0 ? result : undefined;
    },
  };
};

const withoutDefinitions = ({ $defs: _defs, definitions: _definitions, ...rest }: JsonObject): JsonObject => rest;

/** RFC 6901, in a URI's fragment. */
const atPointer = (root: JsonObject, pointer: string): unknown => {
  if (pointer === '') return withoutDefinitions(root);
  if (!pointer.startsWith('/')) return undefined;
  let value: unknown = root;
  for (const step of pointer.slice(1).split('/')) {
    if (typeof value !== 'object' || value === null) return undefined;
    let name = step;
    try {
      name = decodeURIComponent(step);
    } catch {
      // Not escaped at all: the name as it is.
    }
    value = (value as JsonObject)[name.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return value;
};

const atAnchor = (value: unknown, name: string): unknown => {
  if (typeof value !== 'object' || value === null || name === '' || name.startsWith('/')) return undefined;
  if (isObject(value) && value['$anchor'] === name) return value;
  for (const each of Object.values(value)) {
    const found = atAnchor(each, name);
    if (found !== undefined) return found;
  }
  return undefined;
};
