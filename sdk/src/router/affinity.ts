import type { Candidate } from './candidate.ts';
import type { RouteRequest } from './route-request.ts';

/**
 * Keeps calls that belong together at one deployment. A wish, never a must: a deployment that rests or is full is left,
 * and one that is far busier than its peers too. Bounded; a new one is a file of `affinities/`.
 */
export interface Affinity<P> {
  readonly name: string;
  /** Where calls like this went last. Undefined: it does not concern this call, or it is the first. */
  prefer(candidates: readonly Candidate<P>[], request: RouteRequest, now: number): Candidate<P> | undefined;
  /** The call went there and was answered. */
  served(candidate: Candidate<P>, request: RouteRequest, now: number): void;
  readonly stats: AffinityStats;
}

/** Calls that it concerned: how many found their deployment again. */
export interface AffinityStats {
  hits: number;
  misses: number;
}
