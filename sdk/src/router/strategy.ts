import type { SluiceError } from '../types/index.ts';
import type { Candidate } from './candidate.ts';
import type { RouteRequest } from './route-request.ts';

/**
 * Picks the deployment that a call goes to. A new one is a file of `strategies/`. One object serves a router and may
 * keep what it learns; it is told of every try. What most need is in each candidate's `state` already.
 */
export interface Strategy<P> {
  readonly name: string;
  /**
   * @param candidates at least two, all of the same order, none resting. The same array as long as these are the same,
   * so that what is worked out of it can be kept beside it (`WeakMap`)
   */
  pick(candidates: readonly Candidate<P>[], context: PickContext): Candidate<P>;
  started?(candidate: Candidate<P>): void;
  /** The first output was seen, or the whole answer. */
  answered?(candidate: Candidate<P>, afterMs: number): void;
  /** The try is over, a stream at its end. */
  finished?(candidate: Candidate<P>, outcome: Outcome): void;
}

/** A strategy that is a function: what routers of one's own are mostly made of. */
export type PickFunction<P> = (candidates: readonly Candidate<P>[], context: PickContext) => Candidate<P>;

export interface PickContext {
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Unix milliseconds. */
  readonly now: number;
  readonly request: RouteRequest;
}

/** How a try went. */
export interface Outcome {
  /** Absent: it succeeded. */
  error?: SluiceError | undefined;
  /** Unix milliseconds. */
  now: number;
  /** Since it started, to its end. */
  ms: number;
  /** To its first output; absent where there was none. */
  firstOutputMs?: number | undefined;
  inputTokens?: number | undefined;
  outputTokens?: number | undefined;
}
