import { hash32, join32 } from '../../lib/hash32.ts';
import type { Affinity, AffinityStats } from '../affinity.ts';
import type { Candidate } from '../candidate.ts';
import type { RouteRequest } from '../route-request.ts';
import { Rendezvous } from './rendezvous.ts';

export interface StickyOptions {
  /** Whether it holds for deployments of this name. Absent: for all. */
  applies?: (name: string) => boolean;
  /** How long calls stay where they were sent because their own deployment could not take them, in milliseconds. */
  ttlMs?: number;
  /** How many such places are remembered; beyond it the oldest are forgotten. Default 10,000. */
  maxMoved?: number;
}

interface Moved {
  readonly deploymentId: string;
  readonly until: number;
}

/**
 * Calls with the same key at the same deployment, by rendezvous hashing. Nothing is remembered of calls that are where
 * they belong; only of those that had to go elsewhere (theirs failed, or was far busier than its peers), so that they
 * stay there for a while instead of changing twice. A resting deployment's calls go to the next in their order, and back:
 * what it had cached of them is still there.
 */
export class Sticky<P> implements Affinity<P> {
  readonly name: string;
  /** Hits: answered by the deployment that the key belonged to, among those that could be asked. */
  readonly stats: AffinityStats = { hits: 0, misses: 0 };
  readonly #keyOf: (request: RouteRequest) => string | undefined;
  readonly #applies: ((name: string) => boolean) | undefined;
  readonly #ttlMs: number;
  readonly #maxMoved: number;
  readonly #places = new Rendezvous<P>();
  readonly #moved = new Map<number, Moved>();
  /** Where the calls that are under way belong. */
  readonly #homes = new WeakMap<RouteRequest, { key: number; home: Candidate<P> }>();

  constructor(
    name: string,
    keyOf: (request: RouteRequest) => string | undefined,
    { applies, ttlMs = 3_600_000, maxMoved = 10_000 }: StickyOptions,
  ) {
    this.name = name;
    this.#keyOf = keyOf;
    this.#applies = applies;
    this.#ttlMs = ttlMs;
    this.#maxMoved = maxMoved;
  }

  prefer(candidates: readonly Candidate<P>[], request: RouteRequest, now: number): Candidate<P> | undefined {
    // One alone is no choice.
    if (candidates.length < 2) return undefined;
    const { name } = candidates[0]!.deployment;
    if (this.#applies?.(name) === false) return undefined;
    const text = this.#keyOf(request);
    if (!text) return undefined;
    const key = join32(hash32(text), hash32(name));
    const moved = this.#movedTo(key, candidates, now);
    if (moved) {
      this.#remember(request, key, moved);
      return moved;
    }
    const { home, free } = this.#places.find(key, candidates, now);
    this.#remember(request, key, home);
    return free;
  }

  served(candidate: Candidate<P>, request: RouteRequest, now: number): void {
    const known = this.#homes.get(request);
    if (!known) return;
    this.#homes.delete(request);
    if (candidate === known.home) {
      this.stats.hits++;
      return;
    }
    this.stats.misses++;
    // Another name's deployments answered (a fallback): says nothing of where calls of this one are to go.
    if (candidate.deployment.name !== known.home.deployment.name) return;
    this.#moved.delete(known.key);
    this.#moved.set(known.key, { deploymentId: candidate.deployment.id, until: now + this.#ttlMs });
    if (this.#moved.size > this.#maxMoved) this.#moved.delete(this.#moved.keys().next().value!);
  }

  #movedTo(key: number, candidates: readonly Candidate<P>[], now: number): Candidate<P> | undefined {
    if (this.#moved.size === 0) return undefined;
    const moved = this.#moved.get(key);
    if (!moved) return undefined;
    if (moved.until <= now) {
      this.#moved.delete(key);
      return undefined;
    }
    const found = candidates.find(({ deployment }) => deployment.id === moved.deploymentId);
    return found && !this.#places.tooBusy(found, candidates, now) ? found : undefined;
  }

  /** The first pick says where a call belongs; those after failures have fewer to choose from. */
  #remember(request: RouteRequest, key: number, home: Candidate<P>): void {
    if (!this.#homes.has(request)) this.#homes.set(request, { key, home });
  }
}
