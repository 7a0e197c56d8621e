export { parseRedisUrl, type RedisAddress } from './address.ts';
export { RedisFailure } from './failure.ts';
export type { CommandResult, RedisObserver } from './observer.ts';
export { createRedis, type Redis, type RedisOptions } from './redis.ts';
export { script } from './script.ts';
