import type { RouterCandidate } from './candidates.ts';
import type { RouterMemory } from './memory.ts';
import type { Strategy } from './strategy.ts';

/** So many recent calls say how long a first output takes. */
const keptFirstOutputs = 128;
/** The quantile is worked out anew after so many. */
const renewedAfter = 16;

/** From this size on a group is not looked at as a whole for each failure, but so many of its deployments a millisecond. */
const large = 64;
const renewedPerMs = 200;

const rates = ['rpm', 'tpm', 'itpm', 'otpm'] as const;

/** All deployments of one name, and what is worked out of them once instead of for each call. */
export class Group<P> {
  readonly name: string;
  readonly all: readonly RouterCandidate<P>[];
  readonly strategy: Strategy<P>;
  /** Whether any of them has a limit, or a place in an order: most have none, and skip what it needs. */
  readonly hasLimits: boolean;
  readonly hasShares: boolean;
  readonly #isOfPattern: boolean;
  readonly #ofAll: Availability<P>;
  /** Filters keep the arrays that they make, and so what is worked out of these goes with them. */
  readonly #ofSome = new WeakMap<readonly RouterCandidate<P>[], Availability<P>>();
  readonly #firstOutputs = new Float64Array(keptFirstOutputs);
  #seen = 0;
  #p95: number | undefined;

  constructor(name: string, all: readonly RouterCandidate<P>[], strategy: Strategy<P>) {
    this.name = name;
    this.all = all;
    this.strategy = strategy;
    this.hasLimits = all.some(({ limits }) => limits !== undefined);
    this.hasShares = all.some(({ deployment }) => rates.some((each) => deployment[each] !== undefined));
    this.#isOfPattern = all.some(({ circuits }) => circuits.all.some(({ passing }) => passing));
    this.#ofAll = new Availability(all);
  }

  /**
   * Those of them that may be asked, of the lowest order that has any. The same array until something changes, for the same
   * array.
   * @param candidates all of the group, or what a filter has kept
   * @param exact else it may be some milliseconds old in a large group, of which each look costs as much as many calls
   */
  available(candidates: readonly RouterCandidate<P>[], now: number, memory: RouterMemory, exact: boolean): readonly RouterCandidate<P>[] {
    const version = this.#isOfPattern ? memory.version + memory.passingVersion : memory.version;
    if (candidates === this.all) return this.#ofAll.at(now, version, exact);
    let known = this.#ofSome.get(candidates);
    if (!known) this.#ofSome.set(candidates, (known = new Availability(candidates)));
    return known.at(now, version, exact);
  }

  /** Whether what is told of it may be old. */
  get mayLag(): boolean {
    return this.all.length > large;
  }

  /** A first output was seen, in milliseconds after its try began. */
  noteFirstOutput(ms: number): void {
    this.#firstOutputs[this.#seen++ % keptFirstOutputs] = ms;
    if (this.#seen % renewedAfter === 0) this.#p95 = undefined;
  }

  /** So long did 95 of 100 recent calls take to their first output; undefined: too few were seen. */
  get p95FirstOutputMs(): number | undefined {
    const size = Math.min(this.#seen, keptFirstOutputs);
    if (size < renewedAfter) return undefined;
    return (this.#p95 ??= this.#firstOutputs.slice(0, size).sort()[Math.ceil(size * 0.95) - 1]!);
  }
}

/** Which of a list may be asked, worked out anew where that may have changed. */
class Availability<P> {
  readonly #all: readonly RouterCandidate<P>[];
  readonly #hasOrders: boolean;
  readonly #lagMs: number;
  #available: readonly RouterCandidate<P>[];
  #version = -1;
  #renewedAt = 0;
  #validUntil = 0;

  constructor(all: readonly RouterCandidate<P>[]) {
    this.#all = all;
    this.#hasOrders = all.some(({ order }) => order !== all[0]!.order);
    this.#lagMs = all.length > large ? all.length / renewedPerMs : 0;
    this.#available = all;
  }

  at(now: number, version: number, exact: boolean): readonly RouterCandidate<P>[] {
    const age = now - this.#renewedAt;
    // A clock may be put back.
    if (age < 0 || ((version !== this.#version || now >= this.#validUntil) && (exact || age >= this.#lagMs))) this.#renew(now, version);
    return this.#available;
  }

  #renew(now: number, version: number): void {
    this.#version = version;
    this.#renewedAt = now;
    this.#validUntil = Infinity;
    for (const each of this.#all) this.#validUntil = Math.min(this.#validUntil, each.changesAt(now));
    const next = lowestOrder(availableOf(this.#all, now), this.#hasOrders);
    // Strategies keep what they have worked out by the array.
    if (!sameMembers(next, this.#available)) this.#available = next;
  }
}

/** Of candidates that are left after a filter, those of the lowest order. */
export const lowestOrder = <P>(candidates: readonly RouterCandidate<P>[], mayDiffer = true): readonly RouterCandidate<P>[] => {
  if (!mayDiffer || candidates.length < 2) return candidates;
  let lowest = Infinity;
  for (const { order } of candidates) lowest = Math.min(lowest, order);
  return candidates.every(({ order }) => order === lowest) ? candidates : candidates.filter(({ order }) => order === lowest);
};

export const availableOf = <P>(candidates: readonly RouterCandidate<P>[], now: number): readonly RouterCandidate<P>[] =>
  candidates.every((each) => each.isAvailable(now)) ? candidates : candidates.filter((each) => each.isAvailable(now));

const sameMembers = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a === b || (a.length === b.length && a.every((each, at) => each === b[at]));
