import type { Candidate } from '../candidate.ts';

/** Different kinds of requests for one model name that are remembered. */
const maxKinds = 64;
/** Clients write what kinds are made of: longer ones are worked out each time, so that memory has a bound. */
const maxKindLength = 600;

/** Those that pass; the same array where all do. */
export const keepThose = <P>(
  candidates: readonly Candidate<P>[],
  passes: (candidate: Candidate<P>) => boolean,
): readonly Candidate<P>[] => {
  const first = candidates.findIndex((each) => !passes(each));
  return first === -1 ? candidates : candidates.filter((each, at) => at < first || (at > first && passes(each)));
};

interface Beside<P> {
  until: number;
  lists: Map<string, readonly Candidate<P>[]>;
  /** Of the time before, so that a list that has not changed stays the same object. */
  before?: ReadonlyMap<string, readonly Candidate<P>[]>;
}

/**
 * What is left of an array of candidates for each kind of request, kept beside the array: worked out once, and the same
 * array for the same kind, so that strategies can keep what they know beside it in turn.
 */
export class Leftovers<P> {
  readonly #lists = new WeakMap<readonly Candidate<P>[], Beside<P>>();
  readonly #lifeMs: number;

  /** @param lifeMs how long a list holds: for ever, unless it comes of what may change */
  constructor(lifeMs = Infinity) {
    this.#lifeMs = lifeMs;
  }

  of(candidates: readonly Candidate<P>[], kind: string, now: number, make: () => readonly Candidate<P>[]): readonly Candidate<P>[] {
    if (kind.length > maxKindLength) return make();
    const { lists, before } = this.#beside(candidates, now);
    const known = lists.get(kind);
    if (known) return known;
    const made = make();
    const old = before?.get(kind);
    const list = old && sameMembers(old, made) ? old : made;
    if (lists.size >= maxKinds) lists.delete(lists.keys().next().value!);
    lists.set(kind, list);
    return list;
  }

  #beside(candidates: readonly Candidate<P>[], now: number): Beside<P> {
    const known = this.#lists.get(candidates);
    if (known && now < known.until) return known;
    const made: Beside<P> = { until: now + this.#lifeMs, lists: new Map(), ...(known && { before: known.lists }) };
    this.#lists.set(candidates, made);
    return made;
  }
}

/** What an array of candidates says as a whole, kept beside it. */
export class Noted<P, T> {
  readonly #notes = new WeakMap<readonly Candidate<P>[], { value: T; until: number }>();
  readonly #make: (candidates: readonly Candidate<P>[]) => T;
  readonly #lifeMs: number;

  constructor(make: (candidates: readonly Candidate<P>[]) => T, lifeMs = Infinity) {
    this.#make = make;
    this.#lifeMs = lifeMs;
  }

  of(candidates: readonly Candidate<P>[], now: number): T {
    const known = this.#notes.get(candidates);
    if (known && now < known.until) return known.value;
    const value = this.#make(candidates);
    this.#notes.set(candidates, { value, until: now + this.#lifeMs });
    return value;
  }
}

/** How long what comes of models' facts holds, in milliseconds: prices and limits may be loaded anew at any time. */
export const factsLifeMs = 1000;

const sameMembers = <T>(one: readonly T[], other: readonly T[]): boolean =>
  one.length === other.length && one.every((each, at) => each === other[at]);

/** Results for one array that are told apart. */
const maxRecent = 8;

/** For lists that come of a number, and so of too many kinds to be remembered by kind: equal ones are the same array. */
export class Recent<P> {
  readonly #lists = new WeakMap<readonly Candidate<P>[], (readonly Candidate<P>[])[]>();

  of(candidates: readonly Candidate<P>[], left: readonly Candidate<P>[]): readonly Candidate<P>[] {
    if (left === candidates) return candidates;
    const known = this.#lists.get(candidates) ?? [];
    const same = known.find((each) => sameMembers(each, left));
    if (same) return same;
    known.unshift(left);
    known.length = Math.min(known.length, maxRecent);
    this.#lists.set(candidates, known);
    return left;
  }
}
