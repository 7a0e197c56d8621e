import { hash32, join32, unit32 } from '../../lib/hash32.ts';
import type { Candidate } from '../candidate.ts';

/*
 * Rendezvous hashing (Thaler and Ravishankar, "Using name-based mappings to increase hit rates", IEEE/ACM Transactions on
 * Networking 6(1), 1998; with weights: Schindelhauer and Schomaker, "Weighted distributed hash tables", SPAA 2005; read
 * 2026-11-22): each place draws a number from the key and its own name, and the largest has it. No memory, nothing to be
 * shared: all instances of a gateway agree. A place that comes or goes moves its own share of the keys and no others.
 */

const shares = ['weight', 'rpm', 'tpm'] as const;

/** A deployment is left alone while it has more than this many times its share of the open calls, and so many more. */
const busyFactor = 2;
const busySlack = 4;

/** Of larger groups a key looks only at those near it, as drawing for all of thousands takes longer than the rest of a pick. */
const largeGroup = 128;
/** So many of them, or a few more. */
const nearEnough = 32;
/** Places are put into these by their hash, whatever their number, so that no key moves because there are more of them. */
const bucketCount = 1024;
/** In large groups open calls are counted again after this, in milliseconds. */
const countLifeMs = 50;

/** Where a key belongs, and where it can go. The same unless the former is far busier than its peers. */
export interface Found<P> {
  readonly home: Candidate<P>;
  readonly free: Candidate<P>;
}

/**
 * Finds the places of keys. Shares are those of `weight`, else `rpm`, else `tpm`, as in simple-shuffle; one that is far
 * busier than its share is passed over for the next in the key's own order (Mirrokni, Thorup and Zadimoghaddam,
 * "Consistent hashing with bounded loads", SODA 2018, arXiv:1608.01350), so that no key can drown its deployment.
 */
export class Rendezvous<P> {
  /** Lists are the same arrays as long as their members are. */
  readonly #known = new WeakMap<readonly Candidate<P>[], Places<P>>();

  /** @param candidates at least one @param now Unix milliseconds */
  find(key: number, candidates: readonly Candidate<P>[], now: number): Found<P> {
    return this.#places(candidates).find(key, now);
  }

  /** Whether a deployment has so many more open calls than its share that it is better left alone. */
  tooBusy(candidate: Candidate<P>, candidates: readonly Candidate<P>[], now: number): boolean {
    return this.#places(candidates).isBusy(candidates.indexOf(candidate), now);
  }

  #places(candidates: readonly Candidate<P>[]): Places<P> {
    let places = this.#known.get(candidates);
    if (!places) this.#known.set(candidates, (places = new Places(candidates)));
    return places;
  }
}

/** What of a list of candidates is the same for every key. */
class Places<P> {
  readonly #candidates: readonly Candidate<P>[];
  readonly #hashes: Uint32Array;
  /** Of all, 1 together. Undefined: all are equal. */
  readonly #share: Float64Array | undefined;
  readonly #buckets: Buckets | undefined;
  #open = 0;
  #countedAt = -Infinity;

  constructor(candidates: readonly Candidate<P>[]) {
    this.#candidates = candidates;
    this.#hashes = Uint32Array.from(candidates, ({ deployment }) => hash32(deployment.id));
    this.#share = sharesOf(candidates);
    if (candidates.length > largeGroup) this.#buckets = new Buckets(this.#hashes);
  }

  find(key: number, now: number): Found<P> {
    const candidates = this.#candidates;
    const hashes = this.#hashes;
    const share = this.#share;
    const near = this.#buckets?.near(key);
    const count = near?.length ?? candidates.length;
    let [home, free, homeScore, freeScore] = [-1, -1, -1, -1];
    for (let index = 0; index < count; index++) {
      const at = near ? near[index]! : index;
      const drawn = unit32(join32(key, hashes[at]!));
      // Numbers below 1, to the power of 1/share, are compared by their logarithms. Of equal shares as they are.
      const score = share ? share[at]! / -Math.log(drawn) : drawn;
      if (score > homeScore) [home, homeScore] = [at, score];
      if (score > freeScore && !this.isBusy(at, now)) [free, freeScore] = [at, score];
    }
    return { home: candidates[home]!, free: candidates[free === -1 ? home : free]! };
  }

  isBusy(at: number, now: number): boolean {
    const { state } = this.#candidates[at]!;
    const pending = state.pending + state.pendingElsewhere;
    // Most have few, and then nothing needs to be counted.
    if (pending <= busySlack) return false;
    const share = this.#share ? this.#share[at]! : 1 / this.#candidates.length;
    return pending > busyFactor * share * this.#openCalls(now) + busySlack;
  }

  #openCalls(now: number): number {
    if (this.#buckets && Math.abs(now - this.#countedAt) < countLifeMs) return this.#open;
    let open = 0;
    for (const { state } of this.#candidates) open += state.pending + state.pendingElsewhere;
    this.#open = open;
    this.#countedAt = now;
    return open;
  }
}

const sharesOf = <P>(candidates: readonly Candidate<P>[]): Float64Array | undefined => {
  const name = shares.find((each) => candidates.some(({ deployment }) => deployment[each] !== undefined));
  if (name === undefined) return undefined;
  const given = Float64Array.from(candidates, ({ deployment }) => Math.max(0, deployment[name] ?? 0));
  const sum = given.reduce((total, each) => total + each, 0);
  if (sum === 0 || given.every((each) => each === given[0])) return undefined;
  return given.map((each) => each / sum);
};

/** Places by their hash: a key's are those of its own bucket and the next ones, until they are enough. */
class Buckets {
  /** Places, bucket after bucket; where each begins. */
  readonly #order: Uint32Array;
  readonly #starts = new Uint32Array(bucketCount + 1);

  constructor(hashes: Uint32Array) {
    for (const hash of hashes) this.#starts[(hash % bucketCount) + 1]!++;
    for (let at = 0; at < bucketCount; at++) this.#starts[at + 1]! += this.#starts[at]!;
    const next = this.#starts.slice();
    // Twice over, so that what goes on from the end at the beginning is one piece.
    this.#order = new Uint32Array(2 * hashes.length);
    for (let at = 0; at < hashes.length; at++) {
      const place = next[hashes[at]! % bucketCount]!++;
      this.#order[place] = this.#order[place + hashes.length] = at;
    }
  }

  near(key: number): Uint32Array {
    const count = this.#order.length / 2;
    const first = key % bucketCount;
    const from = this.#starts[first]!;
    let [bucket, end] = [first, from];
    while (end - from < nearEnough) {
      bucket++;
      end = bucket <= bucketCount ? this.#starts[bucket]! : count + this.#starts[bucket - bucketCount]!;
    }
    return this.#order.subarray(from, end);
  }
}
