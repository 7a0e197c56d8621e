import type { SluiceError } from '../types/index.ts';
import type { Candidate } from './candidate.ts';
import type { RouteRequest } from './route-request.ts';

/** Leaves out deployments that cannot, or must not, serve a request. A new one is a file of `filters/`. */
export interface Filter<P> {
  readonly name: string;
  /**
   * Those that are left. Where it has nothing to say it gives the same array back, so that nothing is allocated for
   * calls that it does not concern.
   */
  keep(candidates: readonly Candidate<P>[], request: RouteRequest, now: number): readonly Candidate<P>[];
  /** What the client is told where nobody is left. Its code says which fallbacks apply (`context_window_exceeded`). */
  refusal(name: string, request: RouteRequest): SluiceError;
}
