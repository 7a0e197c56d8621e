import type { Candidate } from '../candidate.ts';
import { openCalls } from './room.ts';

/** Calls that must have ended before what was seen of them is believed. */
const provenAfter = 10;
/** Below it a deployment is not sound: more than one call in four failed lately. */
const soundHealth = 0.75;
/** Health below this makes no further difference: the breaker is there for it. */
const leastHealth = 0.1;
/** So much longer than the best of the group is poor. */
const farWorse = 3;
/** Tokens of an answer of usual length. */
const usualOutputTokens = 200;
/** A look at a group is a look at so many of it. */
const surveySize = 64;

/** What a group is like as a whole. */
export interface Survey {
  /** How many of those that were looked at are proven. */
  proven: number;
  /** At least half of them. */
  mature: boolean;
  /** Expected time of the fastest proven one. */
  bestMs: number;
}

/** It does not fail much, as far as is known. */
export const isSound = ({ state }: Candidate<unknown>): boolean => state.health >= soundHealth;

/** Enough was seen of it, and most of it was good. */
export const isProven = (candidate: Candidate<unknown>): boolean => candidate.state.samples >= provenAfter && isSound(candidate);

export const survey = (members: readonly Candidate<unknown>[], random: () => number, into: Survey): void => {
  const size = members.length;
  const looks = Math.min(size, surveySize);
  let proven = 0;
  let bestMs = Infinity;
  for (let look = 0; look < looks; look++) {
    const candidate = members[looks === size ? look : Math.floor(random() * size)]!;
    if (!isProven(candidate)) continue;
    proven++;
    bestMs = Math.min(bestMs, expectedMs(candidate));
  }
  into.proven = proven;
  into.mature = proven * 2 >= looks;
  into.bestMs = bestMs;
};

/** Others should be drawn besides it. */
export const isPoor = (candidate: Candidate<unknown>, { proven, bestMs }: Survey): boolean =>
  proven > 0 && (!isProven(candidate) || expectedMs(candidate) > bestMs * farWorse);

/** @param mature the unproven give way, whatever their score */
export const better = <P>(a: Candidate<P>, b: Candidate<P>, mature: boolean): Candidate<P> => {
  if (mature) {
    const proven = isProven(a);
    if (proven !== isProven(b)) return proven ? a : b;
  }
  const compared = a.state.firstOutputMs.known && b.state.firstOutputMs.known;
  const withTokens = compared && a.state.msPerToken.known && b.state.msPerToken.known;
  return score(a, compared, withTokens) <= score(b, compared, withTokens) ? a : b;
};

const score = (candidate: Candidate<unknown>, withMs: boolean, withTokens: boolean): number => {
  const { state, deployment } = candidate;
  const ms = withMs ? state.firstOutputMs.value(0) + (withTokens ? state.msPerToken.value(0) * usualOutputTokens : 0) : 1;
  const health = Math.max(state.health, leastHealth);
  // One failure in ten costs about as much as twice the time, three in ten eight times: a failed call is paid for with a retry.
  const squared = health * health;
  // All of weight 0 are here only where there is nothing else.
  return ((ms + 1) * (openCalls(candidate) + 1)) / ((deployment.weight || 1) * squared * squared * squared);
};

const expectedMs = ({ state }: Candidate<unknown>): number => state.firstOutputMs.value(0) + state.msPerToken.value(0) * usualOutputTokens;
