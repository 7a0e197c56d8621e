import { Secret } from 'sluice/kit';

/** A copy with every `Secret` in it replaced by its value, at any depth. For what goes onto the wire, and nothing else. */
export const reveal = <T>(value: T): Revealed<T> => revealAny(value) as Revealed<T>;

export type Revealed<T> = T extends Secret ? string : T extends object ? { [K in keyof T]: Revealed<T[K]> } : T;

const revealAny = (value: unknown): unknown => {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(revealAny);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealAny(item)]));
  }
  return value;
};
