import type { MetricsRegistry } from './metrics.ts';

/** What the page of metrics asks of a source of deployments when it is made. */
export interface SourceFigures {
  readonly name: string;
  readonly endpoints: number;
  /** Unix milliseconds; undefined: it never answered. */
  readonly lastSuccessAt: number | undefined;
}

/** @param sources those of the configuration @returns counts a failure of a source */
export const createDiscoveryMetrics = (registry: MetricsRegistry, sources: () => Iterable<SourceFigures>): ((source: string) => void) => {
  const failures = registry.counter('sluice_discovery_failures_total', 'How often a source of deployments failed.', ['source']);
  registry.gauges('sluice_discovery_endpoints', 'Endpoints that a source of deployments has found.', 'source', function* () {
    for (const { name, endpoints } of sources()) yield [name, endpoints];
  });
  registry.gauges('sluice_discovery_last_success_timestamp_seconds', 'When a source of deployments last answered.', 'source', function* () {
    for (const { name, lastSuccessAt } of sources()) if (lastSuccessAt !== undefined) yield [name, Math.round(lastSuccessAt) / 1000];
  });
  return (source) => failures.of([source]).add(1);
};
