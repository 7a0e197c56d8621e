import type { CancelSignal, SluiceError } from '../types/index.ts';
import type { Attempt, AttemptReason } from './attempt.ts';
import type { Deployment } from './deployment.ts';
import type { CallFallbacks } from './fallbacks.ts';
import type { RouteRequest } from './route-request.ts';

/** What one call asks of the router. */
export interface RunOptions {
  /** What deployments are chosen by. */
  request?: RouteRequest | undefined;
  /** Tries after the first, as the caller wants them: no more, whatever there is left to try. */
  numRetries?: number | undefined;
  /** The client's signal: when it aborts, no wait and no try goes on. */
  signal?: CancelSignal | undefined;
  /** When all must be over, Unix milliseconds: no wait that would end after it is begun. A function where the tries themselves find it out. */
  deadline?: number | (() => number);
  /** Only these of the name's deployments, whatever name it is. */
  only?: ((one: Deployment<unknown>) => boolean) | undefined;
  /** Deployments that are not asked again: ids. */
  exclude?: readonly string[] | undefined;
  /** Instead of the router's own, and whether there are any. */
  fallbacks?: CallFallbacks | undefined;
  /** Why the name itself is not asked: only what may be asked instead, by the fallbacks after this failure. */
  refused?: SluiceError | undefined;
  /**
   * What the caller brings is its own: its key, its address, a deadline shorter than the configuration's. Failures then
   * say nothing of the deployment, or of its speed (`timeouts`).
   */
  ownFailures?: 'all' | 'timeouts' | undefined;
  /** Why the first try is made. Default `first`. */
  reason?: AttemptReason | undefined;
  /** Not hedged, whatever the router does. */
  noHedging?: boolean | undefined;
  /** Filled as tries end, so that they are known whatever becomes of the call. */
  attempts?: Attempt[] | undefined;
  /** The name whose deployments are asked from now on, and how many fallbacks that has taken. */
  onName?(name: string, fallbacks: number): void;
  /** A try that lost against another one was answered all the same: let it go. */
  discard?(answer: unknown): void;
}
