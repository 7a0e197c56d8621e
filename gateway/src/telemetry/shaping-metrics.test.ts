import { expect, test } from 'bun:test';
import type { CallRecord } from './call-record.ts';
import { createMetrics } from './metrics.ts';
import { createShapingMetrics } from './shaping-metrics.ts';

const call = (more: Partial<CallRecord>): CallRecord => ({
  callId: 'c',
  route: 'chat',
  model: 'm',
  stream: false,
  status: 200,
  attempts: 1,
  durationMs: 1500,
  dropped: [],
  ...more,
});

test('experiments by arm: calls, time and cost', () => {
  const registry = createMetrics();
  const metrics = createShapingMetrics(registry);
  const experiment = { name: 'ab', arm: 'new' };
  const charged = { total: 2_500_000 } as NonNullable<NonNullable<CallRecord['cost']>['charged']>;
  metrics.record(call({ experiment, cost: { cost: { known: true } as NonNullable<CallRecord['cost']>['cost'], charged } }));
  metrics.record(call({ experiment, status: 500, stream: true, firstOutputMs: 250 }));
  metrics.record(call({}));
  const page = registry.render();
  expect(page).toContain('sluice_experiment_calls_total{experiment="ab",arm="new",status="200"} 1\n');
  expect(page).toContain('sluice_experiment_calls_total{experiment="ab",arm="new",status="500"} 1\n');
  expect(page).toContain('sluice_experiment_seconds_total{experiment="ab",arm="new"} 3\n');
  expect(page).toContain('sluice_experiment_first_token_seconds_total{experiment="ab",arm="new"} 0.25\n');
  expect(page).toContain('sluice_experiment_streams_total{experiment="ab",arm="new"} 1\n');
  expect(page).toContain('sluice_experiment_spend_usd_total{experiment="ab",arm="new"} 0.0025\n');
});

test('affinities are counted once, whatever is asked when, and beyond a reload', () => {
  const registry = createMetrics();
  const metrics = createShapingMetrics(registry);
  const stats = { hits: 3, misses: 1 };
  metrics.collect([{ name: 'session', stats }]);
  stats.hits = 5;
  metrics.collect([{ name: 'session', stats }]);
  metrics.collect([{ name: 'session', stats }]);
  metrics.collect([{ name: 'session', stats: { hits: 1, misses: 0 } }]);
  expect(registry.render()).toContain('sluice_affinity_total{affinity="session",result="hit"} 6\n');
  expect(registry.render()).toContain('sluice_affinity_total{affinity="session",result="miss"} 1\n');
});

test('steps down, and copies that were not made', () => {
  const registry = createMetrics();
  const metrics = createShapingMetrics(registry);
  metrics.record(call({ step: 0 }));
  metrics.record(call({ step: 2 }));
  metrics.mirrorDropped();
  expect(registry.render()).toContain('sluice_degraded_calls_total{model="m",step="2"} 1\n');
  expect(registry.render()).not.toContain('step="0"');
  expect(registry.render()).toContain('sluice_mirror_dropped_total 1\n');
});
