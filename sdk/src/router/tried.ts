import type { Backoff } from '../lib/backoff.ts';
import type { SluiceError } from '../types/index.ts';
import type { RouterCandidate } from './candidates.ts';
import { waitMs } from './retry.ts';

/** A deployment that this call has tried. */
export interface Tried<P> {
  readonly candidate: RouterCandidate<P>;
  readonly tries: number;
  /** When it may be tried again, Unix milliseconds; Infinity: not at all. */
  readonly readyAt: number;
}

interface Waits {
  readonly minWaitMs: number;
  readonly random: () => number;
  readonly backoff: Backoff | undefined;
}

/** The list with one more try in it. */
export const noteTried = <P>(
  tried: readonly Tried<P>[],
  candidate: RouterCandidate<P>,
  error: SluiceError,
  retry: 'again' | 'elsewhere',
  now: number,
  { minWaitMs, random, backoff }: Waits,
): readonly Tried<P>[] => {
  const before = tried.find((each) => each.candidate === candidate)?.tries ?? 0;
  const wait = retry === 'again' ? waitMs(error, before, { minWaitMs, random, ...(backoff && { backoff }) }) : Infinity;
  return [...tried.filter((each) => each.candidate !== candidate), { candidate, tries: before + 1, readyAt: now + wait }];
};

/** The one that may be tried again first. */
export const soonest = <P>(tried: readonly Tried<P>[]): Tried<P> | undefined => {
  const first = tried.toSorted((a, b) => a.readyAt - b.readyAt)[0];
  return first && first.readyAt < Infinity ? first : undefined;
};
