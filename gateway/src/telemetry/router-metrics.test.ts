import { expect, test } from 'bun:test';
import type { Attempt } from 'sluice/kit';
import type { CallRecord } from './call-record.ts';
import { createMetrics } from './metrics.ts';
import { createRouterMetrics } from './router-metrics.ts';

const one = (deploymentId: string, more: Partial<Attempt>): Attempt => ({
  reason: 'first',
  name: 'm',
  deploymentId,
  model: 'x',
  startedAt: 0,
  waitedMs: 0,
  ms: 1,
  ...more,
});

test('tries by deployment, fallbacks by name, waits, states', () => {
  const registry = createMetrics();
  const metrics = createRouterMetrics(registry, {
    states: () => [
      ['a', 2],
      ['b', 0],
    ],
    waiting: () => [['m', 3]],
  });
  metrics.record({
    tries: [
      one('a', { code: 'rate_limited', waitedMs: 2000 }),
      one('b', { code: 'unavailable', reason: 'retry', waitedMs: 700 }),
      one('c', { code: 'unavailable', reason: 'fallback', name: 'n' }),
      one('d', { reason: 'retry', name: 'n' }),
    ],
    providerOf: () => 'p',
  } as unknown as CallRecord);
  metrics.record({ model: 'open', tries: [one('c', { reason: 'fallback', name: 'n' })] } as unknown as CallRecord);
  metrics.record({ model: 'x-1', madeUp: true, tries: [one('c', { reason: 'fallback', name: 'n' })] } as unknown as CallRecord);
  metrics.record({} as CallRecord);
  metrics.rested('a', 'rate_limited');
  const page = registry.render();
  for (const line of [
    'sluice_deployment_attempts_total{deployment="a",provider="p",reason="first",result="rate_limited"} 1',
    'sluice_deployment_attempts_total{deployment="d",provider="p",reason="retry",result="ok"} 1',
    'sluice_fallbacks_total{from="m",to="n",result="ok"} 1',
    'sluice_fallbacks_total{from="open",to="n",result="ok"} 1',
    'sluice_fallbacks_total{from="",to="n",result="ok"} 1',
    'sluice_deployment_cooldowns_total{deployment="a",code="rate_limited"} 1',
    'sluice_queue_wait_seconds_sum{model="m"} 2',
    'sluice_deployment_state{deployment="a"} 2',
    'sluice_deployment_state{deployment="b"} 0',
    'sluice_queue_length{model="m"} 3',
  ])
    expect(page).toContain(`${line}\n`);
});
