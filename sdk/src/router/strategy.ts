import type { SluiceError } from '../types/index.ts';
import type { Matched } from './deployment.ts';

/**
 * Picks the deployment that a call goes to. A new one is a file of `strategies/`. One object serves a router and may
 * keep what it learns; it is told of every try.
 */
export interface Strategy<P> {
  readonly name: string;
  /** @param candidates at least one, all of the same order */
  pick(candidates: readonly Matched<P>[], context: PickContext): Matched<P>;
  started?(matched: Matched<P>): void;
  /** @param outcome the error, or undefined for success; `ms` since it started */
  finished?(matched: Matched<P>, outcome: { error: SluiceError | undefined; ms: number }): void;
}

export interface PickContext {
  /** From 0 to below 1. */
  random(): number;
  /** Unix milliseconds. */
  now: number;
}
