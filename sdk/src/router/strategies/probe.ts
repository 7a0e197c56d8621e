import type { Candidate } from '../candidate.ts';
import { openCalls } from './room.ts';

/** The share of picks that may go to those of which too little is known. */
export const probeShare = 1 / 20;
/** Nothing is known any more of what was not asked for so long, in milliseconds. */
export const staleAfterMs = 10_000;
/** So many of a group are looked at. */
const looks = 16;

/**
 * One that needs a call to be known, and has none open: the one that was asked longest ago. What strategies leave aside
 * would otherwise never show that it is well again.
 * @param gapMs how long after its last call each may be asked, in milliseconds
 */
export const toProbe = <P>(
  members: readonly Candidate<P>[],
  random: () => number,
  now: number,
  gapMs: (candidate: Candidate<P>) => number,
): Candidate<P> | undefined => {
  const size = members.length;
  let place = Math.floor(random() * size);
  let found: Candidate<P> | undefined;
  for (let look = 0; look < looks && look < size; look++) {
    const candidate = members[place]!;
    if (++place === size) place = 0;
    if (openCalls(candidate) > 0) continue;
    const { lastPickedAt } = candidate.state;
    if (now - lastPickedAt < gapMs(candidate)) continue;
    if (!found || lastPickedAt < found.state.lastPickedAt) found = candidate;
  }
  return found;
};
