import { note } from './issues.ts';
import type { Findings } from './issues.ts';
import type { Merged } from './merge.ts';
import { holderOf } from './model-names.ts';
import { redisSettings, type RedisFacts } from './redis.ts';
import type { Lookup } from './references.ts';
import { redisNames, type RedisEntry } from './schema/redis.ts';
import type { RedisSettings } from './snapshot.ts';

interface Input extends Pick<Merged, 'settings' | 'files'> {
  findings: Findings;
  lookup: Lookup;
}

/** Kinds of `cache_params.type` that are a Redis. */
const redisTypes: ReadonlySet<string> = new Set(['redis', 'redis-semantic', 'redis-cluster']);

/** The file's Redis, strongest first: the router's, the one for coordination, the cache's; else the environment's. */
export const redisOf = (input: Input): RedisSettings | undefined => {
  const { router_settings: router, general_settings: general, litellm_settings: litellm } = input.settings;
  const cache = litellm?.cache_params;
  tellOfCache(input);
  noteOthers(['general_settings', 'coordination_redis'], general?.coordination_redis, input);
  return redisSettings(
    [
      {
        url: router?.redis_url,
        host: router?.redis_host,
        port: router?.redis_port,
        username: router?.redis_username,
        password: router?.redis_password,
        db: router?.redis_db,
        ssl: router?.redis_ssl,
        startup_nodes: router?.redis_startup_nodes,
      },
      withNodes(general?.coordination_redis),
      redisTypes.has(cache?.type ?? 'redis') ? withNodes(cache) : undefined,
    ],
    input.lookup,
  );
};

const withNodes = (given: RedisEntry | undefined): RedisFacts | undefined =>
  given && { ...given, startup_nodes: given.startup_nodes ?? given.redis_startup_nodes };

/** Answers are not kept yet, whatever keeps them. */
const tellOfCache = ({ settings, files, findings }: Input): void => {
  const path = ['litellm_settings', 'cache_params'];
  const source = holderOf(files, path);
  const cache = settings.litellm_settings?.cache_params;
  if (!source || !cache) return;
  const nodes = cache.startup_nodes ?? cache.redis_startup_nodes ?? [];
  const named = cache.url !== undefined || cache.host !== undefined || nodes.length > 0;
  const used = redisTypes.has(cache.type ?? 'redis') && named;
  findings.notes.push(
    used
      ? note(source, path, 'other', path.join('.'), 'answers are not cached yet; its Redis is used for what instances share')
      : note(source, path, 'not-built', path.join('.')),
  );
};

/** What LiteLLM's client of Redis takes besides: sentinels, cloud identities. */
const noteOthers = (path: string[], given: Readonly<Record<string, unknown>> | undefined, { files, findings }: Input): void => {
  const source = holderOf(files, path);
  for (const key of Object.keys(given ?? {}))
    if (source && !redisNames.has(key)) findings.notes.push(note(source, [...path, key], 'not-built', [...path, key].join('.')));
};
