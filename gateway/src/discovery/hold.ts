import type { Endpoint } from '../config/discovery-settings.ts';
import { keyOf } from './endpoint.ts';

/** An endpoint, and since when its source does not list it any more. Unix milliseconds. */
interface Held {
  readonly endpoint: Endpoint;
  readonly missingSince?: number;
}

export type Holding = ReadonlyMap<string, Held>;

/**
 * What a source lists now, and what it listed a moment ago: an answer that leaves an endpoint out for once must not take
 * its calls away. One that comes back within the time never was away.
 */
export const held = (before: Holding, listed: readonly Endpoint[], now: number, graceMs: number): Holding => {
  const next = new Map<string, Held>(listed.map((endpoint) => [keyOf(endpoint), { endpoint }]));
  for (const [key, { endpoint, missingSince = now }] of before) {
    if (!next.has(key) && now - missingSince < graceMs) next.set(key, { endpoint, missingSince });
  }
  return next;
};

/** When the next one's time is over, Unix milliseconds; undefined: nothing is held beyond its list. */
export const nextExpiry = (holding: Holding, graceMs: number): number | undefined => {
  let first: number | undefined;
  for (const { missingSince } of holding.values()) {
    if (missingSince !== undefined && (first === undefined || missingSince + graceMs < first)) first = missingSince + graceMs;
  }
  return first;
};

/** Without those whose time is over. */
export const withoutExpired = (holding: Holding, now: number, graceMs: number): Holding =>
  new Map([...holding].filter(([, { missingSince }]) => missingSince === undefined || now - missingSince < graceMs));

/** In an order that does not depend on that of the answers. */
export const endpointsOf = (holding: Holding): readonly Endpoint[] =>
  [...holding].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, { endpoint }]) => endpoint);
