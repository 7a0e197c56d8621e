type Json = Readonly<Record<string, unknown>>;

/** JSON Merge Patch (RFC 7386): members are merged at every depth, `null` takes one away. */
export const mergedJson = (target: Json | null | undefined, patch: Json): Json => {
  const merged = new Map(Object.entries(target ?? {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, isObject(value) ? mergedJson(asObject(merged.get(name)), value) : value);
  }
  return Object.fromEntries(merged);
};

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const asObject = (value: unknown): Json => (isObject(value) ? value : {});
