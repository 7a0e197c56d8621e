import { expect, test } from 'bun:test';
import { createMetrics } from './metrics.ts';
import { createRedisMetrics, type RedisFigures } from './redis-metrics.ts';

test('nothing where there is no Redis; else whether it is up, how commands went, and who shares it', () => {
  const registry = createMetrics();
  let figures: RedisFigures | undefined;
  const metrics = createRedisMetrics(registry, () => figures);
  expect(registry.render()).not.toContain('sluice_redis_up');
  figures = { up: false, openBreakers: 1, instances: 4, untold: 3 };
  metrics.command('ok', 0.0002);
  metrics.command('down', 0);
  metrics.decidedAlone();
  metrics.limitsDecidedAlone('allow');
  const text = registry.render();
  for (const line of [
    'sluice_redis_up 0',
    'sluice_redis_breakers_open 1',
    'sluice_instances 4',
    'sluice_redis_commands_total{result="ok"} 1',
    'sluice_redis_commands_total{result="down"} 1',
    'sluice_redis_command_seconds_count 1',
    'sluice_redis_local_decisions_total 1',
    'sluice_limits_without_redis_total{how="allow"} 1',
    'sluice_limits_untold 3',
  ])
    expect(text.split('\n')).toContain(line);
});
