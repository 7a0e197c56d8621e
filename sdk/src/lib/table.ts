/**
 * Rows that are looked up by names from outside. It has no prototype, so that `constructor` and `__proto__`, which every
 * other object knows, are names like any other that it does not have.
 */
export const table = <T>(rows: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.assign(Object.create(null) as Record<string, T>, rows);
