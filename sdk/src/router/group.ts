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

/** All deployments of one name, and what is worked out of them once instead of for each call. */
export class Group<P> {
  readonly name: string;
  readonly all: readonly RouterCandidate<P>[];
  readonly strategy: Strategy<P>;
  /** Whether any of them has a limit, or a place in an order: most have none, and skip what it needs. */
  readonly hasLimits: boolean;
  readonly hasShares: boolean;
  readonly #hasOrders: boolean;
  readonly #isOfPattern: boolean;
  readonly #lagMs: number;
  #available: readonly RouterCandidate<P>[];
  #version = -1;
  #renewedAt = 0;
  #validUntil = 0;
  readonly #firstOutputs = new Float64Array(keptFirstOutputs);
  #seen = 0;
  #p95: number | undefined;

  constructor(name: string, all: readonly RouterCandidate<P>[], strategy: Strategy<P>) {
    this.name = name;
    this.all = all;
    this.strategy = strategy;
    this.hasLimits = all.some(({ limits }) => limits !== undefined);
    this.hasShares = all.some(({ deployment: { rpm, tpm } }) => rpm !== undefined || tpm !== undefined);
    this.#hasOrders = new Set(all.map(({ order }) => order)).size > 1;
    this.#isOfPattern = all.some(({ circuits }) => circuits.all.some(({ passing }) => passing));
    this.#lagMs = all.length > large ? all.length / renewedPerMs : 0;
    this.#available = all;
  }

  /**
   * Those that may be asked, of the lowest order that has any. The same array until something changes.
   * @param exact else it may be some milliseconds old in a large group, of which each look costs as much as many calls
   */
  available(now: number, memory: RouterMemory, exact: boolean): readonly RouterCandidate<P>[] {
    const version = this.#isOfPattern ? memory.version + memory.passingVersion : memory.version;
    const age = now - this.#renewedAt;
    // A clock may be put back.
    if (age < 0 || ((version !== this.#version || now >= this.#validUntil) && (exact || age >= this.#lagMs))) this.#renew(now, version);
    return this.#available;
  }

  /** Whether what is told of it may be old. */
  get mayLag(): boolean {
    return this.#lagMs > 0;
  }

  #renew(now: number, version: number): void {
    this.#version = version;
    this.#renewedAt = now;
    this.#validUntil = Infinity;
    for (const each of this.all) this.#validUntil = Math.min(this.#validUntil, each.changesAt(now));
    const next = lowestOrder(availableOf(this.all, now), this.#hasOrders);
    // Strategies keep what they have worked out by the array.
    if (!sameMembers(next, this.#available)) this.#available = next;
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
