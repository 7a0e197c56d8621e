import type { MetricsRegistry } from './metrics.ts';

const commandBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1];

/** What the page of metrics asks when it is made. */
export interface RedisFigures {
  /** Whether every server of it can be asked. */
  readonly up: boolean;
  readonly openBreakers: number;
  /** Instances that share it, this one included. */
  readonly instances: number;
  /** What it is still to be told of limits. */
  readonly untold: number;
}

export interface RedisMetrics {
  /** How a command went; `down` is one that was not sent. */
  command(result: string, seconds: number): void;
  /** A call's limits were decided without it. */
  decidedAlone(): void;
  /** A call's limits of keys, teams and the like were decided without it: `local_share`, `allow` or `refuse`. */
  limitsDecidedAlone(how: string): void;
}

/** @param figures undefined: there is no Redis, and its gauges are left out */
export const createRedisMetrics = (registry: MetricsRegistry, figures: () => RedisFigures | undefined): RedisMetrics => {
  const commands = registry.counter('sluice_redis_commands_total', 'Commands to Redis, by how they went.', ['result']);
  const seconds = registry.histogram('sluice_redis_command_seconds', 'How long commands to Redis took.', [], commandBuckets);
  const alone = registry.counter('sluice_redis_local_decisions_total', 'Calls whose limits were decided without Redis.', []);
  const limitsAlone = registry.counter(
    'sluice_limits_without_redis_total',
    'Calls whose limits of keys, teams and the like were decided without Redis, by how.',
    ['how'],
  );
  registry.gauge('sluice_redis_up', '1: every server of it can be asked.', () => {
    const known = figures();
    return known && Number(known.up);
  });
  registry.gauge('sluice_redis_breakers_open', 'Servers of it that are only probed.', () => figures()?.openBreakers);
  registry.gauge('sluice_instances', 'Instances that share it, as far as this one knows.', () => figures()?.instances);
  registry.gauge(
    'sluice_limits_untold',
    'What Redis is still to be told of limits: calls that are over, spend that was set.',
    () => figures()?.untold,
  );
  return {
    command(result, took) {
      commands.of([result]).add(1);
      if (result !== 'down') seconds.of([]).observe(took);
    },
    limitsDecidedAlone: (how) => limitsAlone.of([how]).add(1),
    decidedAlone: () => alone.of([]).add(1),
  };
};
