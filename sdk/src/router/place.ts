import type { Room } from './admission.ts';
import type { RouterCandidate } from './candidates.ts';
import { availableOf, lowestOrder, type Group } from './group.ts';
import type { Full, Grant } from './limiter.ts';
import type { Place } from './live-try.ts';
import { throwIfAborted } from './cancelled.ts';
import { noRequest, type Run } from './run.ts';
import type { Tried } from './tried.ts';

/**
 * A place at one of the candidates, by all that picks go by. Waits where all that could serve are full; asynchronous
 * only then, and where limits are counted elsewhere.
 * @param again the one candidate that is left is asked whatever rests
 * @param atOnce nothing is waited for
 * @returns undefined: none is left to be asked
 */
export const placeAmong = <P, T>(
  run: Run<P, T>,
  group: Group<P>,
  candidates: readonly RouterCandidate<P>[],
  tried: readonly Tried<P>[],
  again = false,
  atOnce = false,
): Place<P> | undefined | Promise<Place<P> | undefined> => {
  const chosen = choose(run, group, candidates, tried, again);
  if (!chosen) return undefined;
  if (!group.hasLimits) return { candidate: chosen, waitedMs: 0 };
  return withGrant(run, group, candidates, tried, again, atOnce);
};

/** As `placeAmong`, where deployments have limits. */
const withGrant = async <P, T>(
  run: Run<P, T>,
  group: Group<P>,
  candidates: readonly RouterCandidate<P>[],
  tried: readonly Tried<P>[],
  again: boolean,
  atOnce: boolean,
): Promise<Place<P> | undefined> => {
  const { limiter, clock, admissionOf } = run.shared;
  const { request = noRequest, signal } = run.options;
  const admission = admissionOf(group);
  const since = clock.now();
  // Who comes later does not overtake who waits.
  let mustWait = admission.size > 0 && !atOnce;
  /** Room that it was woken for and has not used: somebody else may. */
  let room: Room | undefined;
  const of = {};
  const hasRoom = ({ deployment, limits }: RouterCandidate<P>, tokens: number): boolean =>
    !limits || limiter.hasRoom(deployment.id, limits, tokens);
  try {
    for (;;) {
      let soonest: number | undefined;
      let tokens = 0;
      const full = new Set<RouterCandidate<P>>();
      while (!mustWait) {
        const isShort = full.size < maxFull;
        const left = full.size === 0 ? candidates : candidates.filter((each) => !full.has(each) && (isShort || hasRoom(each, tokens)));
        const candidate = left.length === 0 || full.size > 2 * maxFull ? undefined : choose(run, group, left, tried, again);
        if (!candidate) break;
        const { limits, deployment } = candidate;
        if (!limits) return { candidate, waitedMs: clock.now() - since };
        tokens = limits.tpm === undefined && limits.itpm === undefined ? 0 : (request.needs?.().inputTokens ?? 0);
        const taking = limiter.take(deployment.id, limits, tokens);
        const taken: Grant | Full = taking instanceof Promise ? await taking : taking;
        if ('settle' in taken) {
          // One was woken for this place; there may be another.
          room = undefined;
          if (admission.size > 0 && candidates.some((each) => hasRoom(each, tokens))) admission.wakeNext();
          return { candidate, grant: taken, waitedMs: clock.now() - since };
        }
        soonest = Math.min(soonest ?? Infinity, taken.retryAfterMs ?? Infinity);
        full.add(candidate);
      }
      // All that is left rests or was tried, and so nothing is waited for.
      if (atOnce || (!mustWait && full.size === 0)) return undefined;
      const retryAfterMs = soonest === Infinity ? undefined : soonest;
      if (room) admission.wakeNext(room);
      room = undefined;
      room = await admission.wait(request, { retryAfterMs, deadline: run.endsAt(), since, signal, of });
      throwIfAborted(signal);
      mustWait = false;
    }
  } finally {
    if (room) admission.wakeNext(room);
  }
};

/** So many full ones are asked one by one, to know when the first has room again; of what is left, only those that seem to have some. */
const maxFull = 16;

/** A group with more than these is not listed anew for each retry. */
const manyCandidates = 64;
const looks = 4;

/** Whom to ask, by availability, affinity and strategy. */
const choose = <P, T>(
  run: Run<P, T>,
  group: Group<P>,
  candidates: readonly RouterCandidate<P>[],
  tried: readonly Tried<P>[],
  again: boolean,
): RouterCandidate<P> | undefined => {
  if (again) return candidates[0];
  const now = run.shared.clock.now();
  if (!group.mayLag) return chooseAt(run, group, candidates, tried, now, true);
  const chosen = chooseAt(run, group, candidates, tried, now, false);
  // It may have begun to rest since the group was looked at.
  return chosen?.isAvailable(now) ? chosen : chooseAt(run, group, candidates, tried, now, true);
};

const chooseAt = <P, T>(
  run: Run<P, T>,
  group: Group<P>,
  candidates: readonly RouterCandidate<P>[],
  tried: readonly Tried<P>[],
  now: number,
  exact: boolean,
): RouterCandidate<P> | undefined => {
  const { memory, affinities, random } = run.shared;
  const request = run.options.request ?? noRequest;
  const context = { random, now, request };
  const isTried = (each: RouterCandidate<P>) => tried.some(({ candidate }) => candidate === each);
  if (tried.length > 0 && candidates === group.all && candidates.length > manyCandidates) {
    // Nearly all are untried: picking again is cheaper than listing those.
    const left = group.available(candidates, now, memory, exact);
    for (let look = 0; look < looks && left.length > 1; look++) {
      const picked = group.strategy.pick(left, context) as RouterCandidate<P>;
      if (!isTried(picked) && hasShareLeft(picked, now)) return picked;
    }
  }
  const untried = tried.length === 0 ? candidates : candidates.filter((each) => !isTried(each));
  const free = untried === candidates ? group.available(candidates, now, memory, exact) : lowestOrder(availableOf(untried, now));
  // What rests is asked only where there is nothing else, the one first that is the next to be asked again.
  if (free.length === 0) {
    const resting = untried.filter((each) => !each.isOpen(now));
    return resting.length < 2 ? resting[0] : resting.toSorted((a, b) => a.restUntil - b.restUntil)[0];
  }
  if (free.length === 1) return free[0];
  if (tried.length === 0) {
    for (const affinity of affinities) {
      const preferred = affinity.prefer(free, request, now);
      if (preferred) return preferred as RouterCandidate<P>;
    }
  }
  const picked = group.strategy.pick(free, context) as RouterCandidate<P>;
  if (!group.hasShares || hasShareLeft(picked, now)) return picked;
  // It has had its minute's share: those that have not are asked first.
  const others = free.filter((each) => hasShareLeft(each, now));
  if (others.length === 0) return picked;
  return others.length === 1 ? others[0] : (group.strategy.pick(others, context) as RouterCandidate<P>);
};

/** By what this process has sent there in the running minute. */
const hasShareLeft = <P>({ deployment: { rpm, tpm, itpm, otpm }, state }: RouterCandidate<P>, now: number): boolean => {
  if (rpm === undefined && tpm === undefined && itpm === undefined && otpm === undefined) return true;
  const { requests, tokens, outputTokens } = state.minute.at(now);
  return (
    (rpm === undefined || requests < rpm) &&
    (tpm === undefined || tokens < tpm) &&
    (itpm === undefined || tokens - outputTokens < itpm) &&
    (otpm === undefined || outputTokens < otpm)
  );
};
