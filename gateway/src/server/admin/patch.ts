type Filled<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined | null> };

/** Without what is not there and what is `null`: what a new thing is made of. */
export const filled = <T extends object>(value: T): Filled<T> =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item != null)) as Filled<T>;

/** What a request changes of a record: `null` takes a member away, what is absent is not touched. */
export type Change<T> = { readonly [K in keyof T]?: T[K] | null | undefined };

/** The record after a change (FP-69); the same object where nothing is another thing than before, so that nothing is written. */
export const changed = <T extends object>(record: T, change: Change<T>): T => {
  const next = { ...record } as Record<string, unknown>;
  let differs = false;
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) continue;
    differs ||= JSON.stringify(next[name] ?? null) !== JSON.stringify(value);
    if (value === null) delete next[name];
    else next[name] = value;
  }
  return differs ? (next as T) : record;
};
