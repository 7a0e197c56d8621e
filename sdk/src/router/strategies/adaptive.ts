import type { JsonObject } from '../../types/index.ts';
import type { Candidate } from '../candidate.ts';
import type { Strategy } from '../strategy.ts';
import { better, isPoor, isProven, isSound, newSurvey, survey, type Survey } from './adaptive-score.ts';
import { readOptions } from './options.ts';
import { preparedFor, weighted } from './prepared.ts';
import { probeShare, staleAfterMs, toProbe } from './probe.ts';

/** What fails is not probed more often, in milliseconds. */
const unsoundGapMs = 1000;
/** Two are compared; where the better of them is a poor one, more are drawn, up to so many. */
const maxDraws = 8;
/** Picks between two looks at the group as a whole. */
const surveyedEvery = 16;

/**
 * Two random candidates are compared, and the one with the lower score is picked:
 *
 *     score = expected ms x (open calls + 1) / weight / health^6
 *     expected ms = ms to the first output + 200 x ms for each token, as peak moving averages
 *
 * What only one of the two is known for is left out of the comparison. Where the better one is far worse than the best of
 * the group, or unproven, others are drawn, up to eight. Unproven is what fails more than one in four, or has fewer than
 * ten calls behind it (while all are new, fewer than a third of the best known one's). While at least half of a group is
 * proven, the unproven get probes only, and so does what was not asked for ten seconds: together one pick in twenty, one
 * open call each, the longest forgotten first; what fails, once a second. So a new or a recovering deployment is neither
 * stampeded nor starved, and one that turns slow or bad is left within few calls and found again.
 *
 * Two choices keep the fullest near the average without a look at all of them, and no two callers with the same stale
 * numbers run to the same place. Sources, read 2026-11-22: Mitzenmacher, "The Power of Two Choices in Randomized Load
 * Balancing", IEEE TPDS 12(10), 2001; Twitter's Finagle, p2c/P2CPick.scala (two distinct ones, the healthier first) and
 * PeakEwma.scala (latency that jumps to a peak and decays, times open calls + 1).
 */
export const adaptive = <P>(options?: JsonObject): Strategy<P> => {
  readOptions('adaptive', options, {});
  const groupOf = preparedFor<P, Group<P>>((candidates) => ({
    members: weighted(candidates),
    survey: newSurvey(),
    picksLeft: 0,
  }));
  return {
    name: 'adaptive',
    pick(candidates, { random, now }) {
      const group = groupOf(candidates);
      const { members, survey: seen } = group;
      const size = members.length;
      if (size === 1) return members[0]!;
      if (--group.picksLeft < 0) {
        survey(members, random, seen);
        group.picksLeft = surveyedEvery;
      }
      if (random() < probeShare) {
        const probe = toProbe(members, random, now, (candidate) => probeGapMs(candidate, seen));
        if (probe) return probe;
      }
      const first = Math.floor(random() * size);
      const second = Math.floor(random() * (size - 1));
      let best = better(members[first]!, members[second < first ? second : second + 1]!, seen);
      if (size === 2) return best;
      for (let draws = 2; draws < maxDraws && isPoor(best, seen); draws++) best = better(best, members[Math.floor(random() * size)]!, seen);
      return best;
    },
  };
};

interface Group<P> {
  readonly members: readonly Candidate<P>[];
  readonly survey: Survey;
  picksLeft: number;
}

const probeGapMs = (candidate: Candidate<unknown>, seen: Survey): number => {
  if (isProven(candidate, seen)) return staleAfterMs;
  return isSound(candidate) ? 0 : unsoundGapMs;
};
