import { Secret } from 'sluice/kit';
import { createRedis, parseRedisUrl, type Redis } from '../../storage/redis/index.ts';
import type { Limit, Reservation, Verdict, WorstCase } from '../types.ts';
import {
  createSharedLimiter,
  limitScripts,
  type SharedLimiter,
  type SharedLimiterOptions,
  type WithoutRedis,
  type WithoutRedisModes,
} from './index.ts';

export interface TestGateway {
  readonly limiter: SharedLimiter;
  readonly redis: Redis;
  /** Scripts that were run. */
  commands: number;
  /** How calls were decided without Redis. */
  readonly local: WithoutRedis[];
  ask(limits: readonly Limit[], worst?: Partial<WorstCase>): Promise<Verdict>;
  /** @throws where it is refused */
  admit(limits: readonly Limit[], worst?: Partial<WorstCase>): Promise<Reservation>;
  /** As by a crash: nobody is told. */
  die(): void;
}

export const everywhere = (mode: WithoutRedis): WithoutRedisModes => ({ requests: mode, tokens: mode, parallel: mode, cost: mode });

export interface TestGatewayOptions extends Partial<
  Pick<SharedLimiterOptions, 'seed' | 'leaseMs' | 'instances' | 'now' | 'maxReservations'>
> {
  readonly modes?: WithoutRedisModes;
  /** As long as a loaded machine may need; tests of slowness set their own. */
  readonly commandTimeoutMs?: number;
}

let gateways = 0;

/** A gateway's limits on a Redis that is really there. */
export const startTestGateway = async (url: string, options: TestGatewayOptions = {}): Promise<TestGateway> => {
  const { modes = everywhere('local_share'), commandTimeoutMs = 1000, ...rest } = options;
  const real = createRedis({ address: parseRedisUrl(new Secret(url)), scripts: limitScripts, commandTimeoutMs, maxProbeMs: 500 });
  const redis: Redis = {
    ...real,
    get up() {
      return real.up;
    },
    get openBreakers() {
      return real.openBreakers;
    },
    run(...args) {
      self.commands += 1;
      return real.run(...args);
    },
  };
  const local: WithoutRedis[] = [];
  const limiter = createSharedLimiter({
    redis,
    instance: `${process.pid}-${++gateways}`,
    now: Date.now,
    instances: () => 1,
    modes: () => modes,
    maxWaitMs: commandTimeoutMs,
    observer: { decidedLocally: (how) => void local.push(how) },
    ...rest,
  });
  const self: TestGateway = {
    limiter,
    redis,
    commands: 0,
    local,
    ask: (limits, worst = {}) =>
      limiter.reserve(
        limits,
        { inputTokens: 0, outputTokens: 0, costNanodollars: 0, ...worst },
        { now: Date.now(), expiresAfterMs: 600_000 },
      ),
    async admit(limits, worst) {
      const verdict = await self.ask(limits, worst);
      if (!verdict.ok) throw new Error(`refused by ${verdict.refusal.limit.metric} of ${verdict.refusal.limit.subject}`);
      return verdict.reservation;
    },
    die() {
      limiter.close();
      real.close();
    },
  };
  await until(() => real.up);
  return self;
};

export const until = async (what: () => boolean | Promise<boolean>, ms = 8000): Promise<void> => {
  const deadline = performance.now() + ms;
  while (!(await what())) {
    if (performance.now() > deadline) throw new Error(`It did not come to be: ${what}`);
    await Bun.sleep(5);
  }
};
