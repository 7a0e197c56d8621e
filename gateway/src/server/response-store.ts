/**
 * What `previous_response_id` needs for providers that have no memory of their own: the items of earlier turns, in this
 * process's memory, bounded by count and size, the oldest thrown out first.
 */
export interface ResponseStore<T> {
  get(id: string): T | undefined;
  set(id: string, value: T): void;
  delete(id: string): void;
  readonly size: number;
}

/** @param sizeOf a value's size in characters */
export const createResponseStore = <T>(
  sizeOf: (value: T) => number,
  maxEntries = 10_000,
  maxChars = 64 * 1024 * 1024,
): ResponseStore<T> => {
  const entries = new Map<string, { value: T; size: number }>();
  let chars = 0;
  const remove = (id: string) => {
    chars -= entries.get(id)?.size ?? 0;
    entries.delete(id);
  };
  return {
    get(id) {
      const entry = entries.get(id);
      if (!entry) return undefined;
      // Read ones are young again.
      entries.delete(id);
      entries.set(id, entry);
      return entry.value;
    },
    set(id, value) {
      const size = sizeOf(value);
      remove(id);
      if (size > maxChars) return;
      entries.set(id, { value, size });
      chars += size;
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries && chars <= maxChars) break;
        remove(oldest);
      }
    },
    delete: remove,
    get size() {
      return entries.size;
    },
  };
};
