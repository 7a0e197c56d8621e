import type { MetricsRegistry } from './metrics.ts';

const commandBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1];

/** What the page of metrics asks when it is made. */
export interface RedisFigures {
  /** Whether every server of it can be asked. */
  readonly up: boolean;
  readonly openBreakers: number;
  /** Instances that share it, this one included. */
  readonly instances: number;
}

export interface RedisMetrics {
  /** How a command went; `down` is one that was not sent. */
  command(result: string, seconds: number): void;
  /** A call's limits were decided without it. */
  decidedAlone(): void;
}

/** @param figures undefined: there is no Redis, and its gauges are left out */
export const createRedisMetrics = (registry: MetricsRegistry, figures: () => RedisFigures | undefined): RedisMetrics => {
  const commands = registry.counter('sluice_redis_commands_total', 'Commands to Redis, by how they went.', ['result']);
  const seconds = registry.histogram('sluice_redis_command_seconds', 'How long commands to Redis took.', [], commandBuckets);
  const alone = registry.counter('sluice_redis_local_decisions_total', 'Calls whose limits were decided without Redis.', []);
  registry.gauge('sluice_redis_up', '1: every server of it can be asked.', () => {
    const known = figures();
    return known && Number(known.up);
  });
  registry.gauge('sluice_redis_breakers_open', 'Servers of it that are only probed.', () => figures()?.openBreakers);
  registry.gauge('sluice_instances', 'Instances that share it, as far as this one knows.', () => figures()?.instances);
  return {
    command(result, took) {
      commands.of([result]).add(1);
      if (result !== 'down') seconds.of([]).observe(took);
    },
    decidedAlone: () => alone.of([]).add(1),
  };
};
