import { hash32, join32, unit32 } from '../../lib/hash32.ts';
import type { Candidate } from '../candidate.ts';

/*
 * Rendezvous hashing (Thaler and Ravishankar, "Using name-based mappings to increase hit rates", IEEE/ACM Transactions on
 * Networking 6(1), 1998; with weights: Schindelhauer and Schomaker, "Weighted distributed hash tables", SPAA 2005; read
 * 2026-11-22): each place draws a number from the key and its own name, and the largest has it. No memory, nothing to be
 * shared: all instances of a gateway agree. A place that comes or goes moves its own share of the keys and no others.
 */

const shares = ['weight', 'rpm', 'tpm'] as const;

/** What of a list of candidates is the same for every key. */
interface Places {
  readonly hashes: Uint32Array;
  /** Of all, 1 together. Undefined: all are equal. */
  readonly share: Float64Array | undefined;
}

const placesOf = <P>(candidates: readonly Candidate<P>[]): Places => {
  const hashes = Uint32Array.from(candidates, ({ deployment }) => hash32(deployment.id));
  const name = shares.find((each) => candidates.some(({ deployment }) => deployment[each] !== undefined));
  if (name === undefined) return { hashes, share: undefined };
  const given = Float64Array.from(candidates, ({ deployment }) => Math.max(0, deployment[name] ?? 0));
  const sum = given.reduce((total, each) => total + each, 0);
  const equal = sum === 0 || given.every((each) => each === given[0]);
  return { hashes, share: equal ? undefined : given.map((each) => each / sum) };
};

/** A deployment is left alone while it has more than this many times its share of the open calls, and so many more. */
const busyFactor = 2;
const busySlack = 4;

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
  readonly #known = new WeakMap<readonly Candidate<P>[], Places>();

  /** @param candidates at least one */
  find(key: number, candidates: readonly Candidate<P>[]): Found<P> {
    const places = this.#places(candidates);
    const { hashes, share } = places;
    const count = candidates.length;
    let open = 0;
    for (const { state } of candidates) open += state.pending + state.pendingElsewhere;
    let [home, free, homeScore, freeScore] = [0, -1, -1, -1];
    for (let at = 0; at < count; at++) {
      const drawn = unit32(join32(key, hashes[at]!));
      const part = share ? share[at]! : 1 / count;
      // Numbers below 1, to the power of 1/share, are compared by their logarithms. Of equal shares as they are.
      const score = share ? part / -Math.log(drawn) : drawn;
      if (score > homeScore) [home, homeScore] = [at, score];
      if (score > freeScore && !isBusy(candidates[at]!, open, part)) [free, freeScore] = [at, score];
    }
    return { home: candidates[home]!, free: candidates[free === -1 ? home : free]! };
  }

  /** Whether a deployment has so many more open calls than its share that it is better left alone. */
  tooBusy(candidate: Candidate<P>, candidates: readonly Candidate<P>[]): boolean {
    const { share } = this.#places(candidates);
    let open = 0;
    for (const { state } of candidates) open += state.pending + state.pendingElsewhere;
    return isBusy(candidate, open, share ? share[candidates.indexOf(candidate)]! : 1 / candidates.length);
  }

  #places(candidates: readonly Candidate<P>[]): Places {
    let places = this.#known.get(candidates);
    if (!places) this.#known.set(candidates, (places = placesOf(candidates)));
    return places;
  }
}

const isBusy = <P>({ state }: Candidate<P>, open: number, share: number): boolean =>
  state.pending + state.pendingElsewhere > busyFactor * share * open + busySlack;
