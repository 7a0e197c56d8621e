import { SluiceError, type Candidate, type ErrorCode, type Filter } from 'sluice/kit';
import type { Deployment, HealthCheckSettings } from '../config/snapshot.ts';

/** What is known of one deployment's health, and since when. */
export interface HealthResult {
  readonly deploymentId: string;
  readonly modelName: string;
  readonly healthy: boolean;
  /** `traffic`: a client's call was answered, and so nothing was asked. */
  readonly by: 'call' | 'connection' | 'traffic';
  /** Unix milliseconds. */
  readonly checkedAt: number;
  readonly ms: number;
  readonly code?: ErrorCode;
  readonly status?: number;
  /** In our own words: a provider's may quote a key. */
  readonly message?: string;
  /** Too many requests, or no answer in time: it may only be busy. */
  readonly transient?: true;
}

/** Nothing was asked: a client's call was answered. */
export const byTraffic = ({ id, modelName }: Pick<Deployment, 'id' | 'modelName'>, at: number): HealthResult => ({
  deploymentId: id,
  modelName,
  healthy: true,
  by: 'traffic',
  checkedAt: at,
  ms: 0,
});

/** Failures that are a request's own. */
const ofRequest: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'invalid_request',
  'unsupported_parameter',
  'unprocessable',
  'context_window_exceeded',
  'content_policy_violation',
  'request_too_large',
  'unsupported_media_type',
  'client_closed_request',
]);

/** The most results that are remembered for `/health/history`. */
const maxHistory = 1000;

/** The latest results, and those before. One for a gateway; deployments keep theirs over reloads. */
export class HealthBoard {
  /** Another number after each change of who is healthy. */
  version = 0;
  readonly #latest = new Map<string, HealthResult>();
  readonly #servedAt = new Map<string, number>();
  readonly #history: HealthResult[] = [];
  #unhealthy = 0;

  /** Deployments whose last result was bad. */
  get unhealthy(): number {
    return this.#unhealthy;
  }

  set(result: HealthResult): void {
    const before = this.#latest.get(result.deploymentId);
    this.#latest.set(result.deploymentId, result);
    this.#unhealthy += Number(!result.healthy) - Number(before?.healthy === false);
    if (!result.healthy || before?.healthy === false) this.version++;
    if (result.by === 'traffic') return;
    if (this.#history.length >= maxHistory) this.#history.shift();
    this.#history.push(result);
  }

  /**
   * How a client's call went there. One entry of a map: each try says it. A failure that is the provider's makes it due
   * for a check; one of the request's own says nothing.
   * @param code absent: it was answered
   */
  saw(deployment: Pick<Deployment, 'id' | 'modelName'>, code: ErrorCode | undefined, now: number): void {
    const { id } = deployment;
    if (code !== undefined) {
      if (!ofRequest.has(code)) this.#servedAt.delete(id);
      return;
    }
    this.#servedAt.set(id, now);
    if (this.#unhealthy > 0 && this.#latest.get(id)?.healthy === false) this.set(byTraffic(deployment, now));
  }

  /** Unix milliseconds; 0: not yet. */
  servedAt(deploymentId: string): number {
    return this.#servedAt.get(deploymentId) ?? 0;
  }

  of(deploymentId: string): HealthResult | undefined {
    return this.#latest.get(deploymentId);
  }

  /** The latest first. */
  history(): readonly HealthResult[] {
    return this.#history.toReversed();
  }

  /** Forgets deployments that are not configured any more. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#servedAt.keys()) if (!ids.has(id)) this.#servedAt.delete(id);
    for (const [id, { healthy }] of this.#latest) {
      if (ids.has(id)) continue;
      this.#latest.delete(id);
      if (!healthy) this.#unhealthy--;
      this.version++;
    }
  }
}

/**
 * Leaves out deployments whose last check failed, as long as that is fresh (`enable_health_check_routing`). Where all
 * have failed nobody is left out: a check that is wrong must not be an outage.
 */
export const createHealthFilter = (board: HealthBoard, settings: HealthCheckSettings): Filter<Deployment> => {
  const counts = ({ deployment }: Candidate<Deployment>, now: number): number => {
    const result = board.of(deployment.id);
    if (!result || result.healthy || (settings.ignoreTransient && result.transient)) return 0;
    const until = result.checkedAt + settings.stalenessMs;
    return now < until ? until : 0;
  };
  /** Picks are for the same few arrays; what is left of one is the same array too, until something changes. */
  const known = new WeakMap<readonly Candidate<Deployment>[], Kept>();
  return {
    name: 'health checks',
    keep(candidates, _, now) {
      if (board.unhealthy === 0) return candidates;
      const before = known.get(candidates);
      if (before && before.version === board.version && now < before.until) return before.left;
      let until = Infinity;
      const left = candidates.filter((one) => {
        const bad = counts(one, now);
        if (bad > 0) until = Math.min(until, bad);
        return bad === 0;
      });
      const kept = left.length === 0 || left.length === candidates.length ? candidates : left;
      known.set(candidates, { version: board.version, until, left: kept });
      return kept;
    },
    refusal: (name) => new SluiceError('unavailable', `No deployment of '${name.slice(0, 100)}' is healthy.`),
  };
};

interface Kept {
  readonly version: number;
  /** When a result grows stale. */
  readonly until: number;
  readonly left: readonly Candidate<Deployment>[];
}
