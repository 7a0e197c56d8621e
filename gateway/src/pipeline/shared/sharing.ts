import { createLocalLimiter, type Limiter, type RouterMemory } from 'sluice/kit';
import { shortHash } from '../../config/hash.ts';
import type { RedisSettings } from '../../config/snapshot.ts';
import { createSharedLimiter, limitScripts, type SharedLimiter, type SharedLimiterOptions } from '../../limits/shared/index.ts';
import { createRedis, parseRedisUrl, type Redis, type RedisAddress, type RedisObserver } from '../../storage/redis/index.ts';
import { createShared, sharedScripts, type OwnCounts, type RedisPeers, type Shared } from './index.ts';

export interface SharingOptions {
  /** This instance's name; no other has it. */
  readonly instance: string;
  /** What the routers have seen: the others are told of it. */
  readonly memory: RouterMemory;
  readonly observer: RedisObserver;
  /** How limits of callers are counted there. */
  readonly limits: Pick<SharedLimiterOptions, 'modes' | 'seed' | 'observer'>;
  /** A call's limits were decided without the store. */
  readonly onLocal: () => void;
  /** The store cannot be used as it is configured. Nothing secret is told. */
  readonly onProblem: (message: string) => void;
  /** Unix milliseconds. */
  readonly now?: () => number;
}

/** What routers go by besides what they see themselves. */
interface SharedParts {
  readonly limiter: Limiter;
  readonly peers?: RedisPeers;
}

/** What this gateway shares with its other instances, over all reloads. */
export interface Sharing {
  /** For the routers of a configuration that may become the live one. Where its Redis is that of before, so is all of this. */
  prepare(settings: RedisSettings | undefined): Prepared;
  /** Limits of callers in the one in use; undefined: there is no Redis. */
  limits(): SharedLimiter | undefined;
  /** Of the one in use; undefined: there is no Redis. */
  figures(): { readonly up: boolean; readonly openBreakers: number; readonly instances: number; readonly untold: number } | undefined;
  stop(): Promise<void>;
}

/** Exactly one of the two is called. */
interface Prepared {
  readonly parts: SharedParts;
  /** It is live: the one of before is closed. */
  use(): void;
  drop(): void;
}

interface Store {
  readonly name: string;
  readonly redis: Redis;
  readonly shared: Shared;
  readonly limits: SharedLimiter;
}

export const createSharing = ({ instance, memory, observer, limits, onLocal, onProblem, now = Date.now }: SharingOptions): Sharing => {
  // One for all routers: a reload must not forget what was taken.
  const alone: SharedParts = { limiter: createLocalLimiter() };
  let store: Store | undefined;

  const open = (settings: RedisSettings, name: string): Store | undefined => {
    let address: RedisAddress;
    try {
      address = addressOf(settings);
    } catch (cause) {
      onProblem((cause as Error).message);
      return undefined;
    }
    const redis = createRedis({ address, scripts: [...sharedScripts, ...limitScripts], observer });
    const shared = createShared({ redis, instance, now, own: () => countsOf(memory, now()), onLocal });
    const ofCallers = createSharedLimiter({ ...limits, redis, instance, now, instances: () => shared.instanceCount });
    return { name, redis, shared, limits: ofCallers };
  };

  const close = async ({ redis, shared, limits: ofCallers }: Store): Promise<void> => {
    ofCallers.close();
    await shared.close();
    redis.close();
  };

  return {
    prepare(settings) {
      const name = settings && nameOf(settings);
      const before = store;
      const next = before && before.name === name ? before : settings && open(settings, name!);
      return {
        parts: next ? { limiter: next.shared.limiter, peers: next.shared.peers } : alone,
        use() {
          store = next;
          if (before && before !== next) void close(before);
        },
        drop() {
          if (next && next !== before) void close(next);
        },
      };
    },
    limits: () => store?.limits,
    figures: () =>
      store && {
        up: store.redis.up,
        openBreakers: store.redis.openBreakers,
        instances: store.shared.instanceCount,
        untold: store.limits.figures().untold,
      },
    async stop() {
      const before = store;
      store = undefined;
      if (before) await close(before);
    },
  };
};

/** @throws Error without anything secret in it */
const addressOf = ({ url, host = '127.0.0.1', port, db, username, password, tls }: RedisSettings): RedisAddress =>
  url
    ? { ...parseRedisUrl(url), tls }
    : { host, port, db, tls, ...(username !== undefined && { username }), ...(password && { password }) };

const nameOf = ({ url, host, port, db, username, password, tls }: RedisSettings): string =>
  shortHash([url?.reveal(), host, port, db, username, password?.reveal(), tls], 32);

/** What this process has open, and has used in the running minute, by deployment. */
const countsOf = (memory: RouterMemory, now: number): Iterable<OwnCounts> => {
  const found = new Map<string, OwnCounts>();
  for (const [key, { pending, lastPickedAt, minute }] of memory.states()) {
    if (pending === 0 && now - lastPickedAt > 60_000) continue;
    const { ownRequests, ownTokens, ownOutputTokens } = minute.at(now);
    if (pending + ownRequests + ownTokens === 0) continue;
    // Names of patterns have a state for each model.
    const end = key.indexOf('\n');
    const deploymentId = end === -1 ? key : key.slice(0, end);
    const before = found.get(deploymentId);
    found.set(deploymentId, {
      deploymentId,
      pending: pending + (before?.pending ?? 0),
      requests: ownRequests + (before?.requests ?? 0),
      tokens: ownTokens + (before?.tokens ?? 0),
      outputTokens: ownOutputTokens + (before?.outputTokens ?? 0),
    });
  }
  return found.values();
};
