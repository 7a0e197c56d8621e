import type { AffinityStats } from 'sluice/kit';
import type { CallRecord } from './call-record.ts';
import type { MetricsRegistry } from './metrics.ts';

/** What keeps calls together, as far as metrics are concerned. */
export interface CountedAffinity {
  readonly name: string;
  readonly stats: AffinityStats;
}

/** What is counted of affinities, experiments, ladders and mirroring. */
export interface ShapingMetrics {
  record(call: CallRecord): void;
  /** Takes over what affinities have counted since the last time: before the page is made, and before they are replaced. */
  collect(affinities: Iterable<CountedAffinity>): void;
  mirrorDropped(): void;
}

export const createShapingMetrics = (registry: MetricsRegistry): ShapingMetrics => {
  const affinity = registry.counter(
    'sluice_affinity_total',
    'Calls that belong to a deployment, by what ties them to it: whether it answered (hit) or another one did (miss).',
    ['affinity', 'result'],
  );
  const ofArm = ['experiment', 'arm'] as const;
  const calls = registry.counter('sluice_experiment_calls_total', 'Calls of an experiment that have ended, by HTTP status.', [
    ...ofArm,
    'status',
  ]);
  const seconds = registry.counter('sluice_experiment_seconds_total', 'How long they took together, from request to last byte.', ofArm);
  const firstOutput = registry.counter(
    'sluice_experiment_first_token_seconds_total',
    'How long the first output of their streams took together.',
    ofArm,
  );
  const streams = registry.counter('sluice_experiment_streams_total', 'Streams of an experiment whose first output was seen.', ofArm);
  const spend = registry.counter('sluice_experiment_spend_usd_total', 'What they cost together where that is known, in US dollars.', ofArm);
  const degraded = registry.counter('sluice_degraded_calls_total', 'Calls that went a step down their ladder.', ['model', 'step']);
  const dropped = registry.counter('sluice_mirror_dropped_total', 'Copies for shadow models that were not made: too many were open.', []);
  const seen = new WeakMap<AffinityStats, AffinityStats>();

  return {
    record({ experiment, step, model = '', status, durationMs, firstOutputMs, stream, cost }) {
      if (step) degraded.of([model, String(step)]).add(1);
      if (!experiment) return;
      const labels = [experiment.name, experiment.arm];
      calls.of([...labels, String(status)]).add(1);
      seconds.of(labels).add(durationMs / 1000);
      if (stream && firstOutputMs !== undefined) {
        streams.of(labels).add(1);
        firstOutput.of(labels).add(firstOutputMs / 1000);
      }
      if (cost?.charged) spend.of(labels).add(cost.charged.total / 1e9);
    },
    collect(affinities) {
      for (const { name, stats } of affinities) {
        const before = seen.get(stats) ?? { hits: 0, misses: 0 };
        affinity.of([name, 'hit']).add(stats.hits - before.hits);
        affinity.of([name, 'miss']).add(stats.misses - before.misses);
        seen.set(stats, { ...stats });
      }
    },
    mirrorDropped: () => dropped.of([]).add(1),
  };
};
