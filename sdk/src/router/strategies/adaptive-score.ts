import type { Candidate } from '../candidate.ts';
import { openCalls } from './room.ts';

/** Calls that must have ended before what was seen of them is believed. */
const provenAfter = 10;
/** While all are new, a third of what was seen of the best known one is enough. */
const coldShare = 1 / 3;
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
  /** Calls that make a deployment a proven one. */
  enough: number;
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
export const isProven = (candidate: Candidate<unknown>, { enough }: Pick<Survey, 'enough'>): boolean =>
  candidate.state.samples >= enough && isSound(candidate);

export const newSurvey = (): Survey => ({ enough: 0, proven: 0, mature: false, bestMs: Infinity });

export const survey = (members: readonly Candidate<unknown>[], random: () => number, into: Survey): void => {
  const looked = members.length <= surveySize ? members : someOf(members, random);
  let most = 0;
  for (const { state } of looked) most = Math.max(most, state.samples);
  into.enough = Math.min(provenAfter, Math.floor(most * coldShare));
  into.proven = 0;
  into.bestMs = Infinity;
  for (const candidate of looked) {
    if (!isProven(candidate, into)) continue;
    into.proven++;
    if (candidate.state.firstOutputMs.known) into.bestMs = Math.min(into.bestMs, expectedMs(candidate));
  }
  into.mature = into.proven * 2 >= looked.length;
};

const someOf = <T>(members: readonly T[], random: () => number): T[] =>
  Array.from({ length: surveySize }, () => members[Math.floor(random() * members.length)]!);

/** Others should be drawn besides it. */
export const isPoor = (candidate: Candidate<unknown>, seen: Survey): boolean =>
  seen.proven > 0 && (!isProven(candidate, seen) || expectedMs(candidate) > seen.bestMs * farWorse);

/** In a mature group the unproven give way, whatever their score. */
export const better = <P>(a: Candidate<P>, b: Candidate<P>, seen: Survey): Candidate<P> => {
  if (seen.mature) {
    const proven = isProven(a, seen);
    if (proven !== isProven(b, seen)) return proven ? a : b;
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
