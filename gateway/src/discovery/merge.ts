import type { DiscoverySource, Endpoint } from '../config/discovery-settings.ts';
import type { ConfigSnapshot, Deployment } from '../config/snapshot.ts';
import { keyOf } from './endpoint.ts';

/** What a source of the configuration has found. */
export interface Found {
  source: DiscoverySource;
  endpoints: readonly Endpoint[];
}

/**
 * Joins what is found with what is written down: a new snapshot, frozen as the other is. Deployments of endpoints that
 * are the same as before are the same objects, so that a change costs what has changed.
 */
export const createMerge = (): ((base: ConfigSnapshot, found: readonly Found[]) => ConfigSnapshot) => {
  const known = new WeakMap<DiscoverySource, ReadonlyMap<string, readonly Deployment[]>>();
  const deploymentsOf = ({ source, endpoints }: Found): readonly Deployment[] => {
    const before = known.get(source);
    const now = new Map<string, readonly Deployment[]>();
    for (const endpoint of endpoints) {
      const key = `${keyOf(endpoint)} ${endpoint.weight} ${endpoint.order} ${endpoint.tags?.join('\n')}`;
      now.set(key, before?.get(key) ?? source.deploymentsOf(endpoint));
    }
    // Those that are gone are forgotten with the map from before.
    known.set(source, now);
    return [...now.values()].flat();
  };
  return (base, found) => {
    if (found.length === 0) return base;
    // What is written down wins; one that two sources find is one.
    const byId = new Map(base.deployments.map((deployment) => [deployment.id, deployment]));
    for (const each of found)
      for (const deployment of deploymentsOf(each)) if (!byId.has(deployment.id)) byId.set(deployment.id, deployment);
    return Object.freeze({ ...base, deployments: Object.freeze([...byId.values()]) });
  };
};
