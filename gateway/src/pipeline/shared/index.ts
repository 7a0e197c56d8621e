import type { Limiter } from 'sluice/kit';
import type { Redis } from '../../storage/redis/index.ts';
import { Instances } from './instances.ts';
import { keepScript, settleScript, takeScript } from './limit-scripts.ts';
import { leaveScript, pushScript, restScript, restsScript } from './peer-scripts.ts';
import { RedisLimiter } from './redis-limiter.ts';
import { createRedisPeers, type OwnCounts, type RedisPeers } from './redis-peers.ts';
import { StoreClock } from './store-clock.ts';

export type { OwnCounts, RedisPeers } from './redis-peers.ts';

/** All scripts, for the connection to make them known. */
export const sharedScripts = [takeScript, settleScript, keepScript, pushScript, leaveScript, restScript, restsScript];

export interface SharedOptions {
  readonly redis: Redis;
  /** This instance's name; no other has it. */
  readonly instance: string;
  /** Unix milliseconds. */
  readonly now?: () => number;
  readonly own: () => Iterable<OwnCounts>;
  readonly onLocal?: () => void;
}

/** What the instances of a gateway share; lives as long as the process, over all reloads. */
export interface Shared {
  readonly limiter: Limiter;
  readonly peers: RedisPeers;
  /** How many instances there are, as far as is known. */
  readonly instanceCount: number;
  close(): Promise<void>;
}

export const createShared = ({ redis, instance, now = Date.now, own, onLocal }: SharedOptions): Shared => {
  const instances = new Instances(now);
  const clock = new StoreClock(now);
  // Before the peers: what was taken without the store is told before anybody counts who is back.
  const limiter = new RedisLimiter({ redis, instances, clock, instance, now, ...(onLocal && { onLocal }) });
  const peers = createRedisPeers({ redis, instances, clock, instance, now, own });
  return {
    limiter,
    peers,
    get instanceCount() {
      return instances.count;
    },
    async close() {
      limiter.close();
      await peers.close();
    },
  };
};
