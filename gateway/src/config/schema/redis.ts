import { z } from 'zod';
import { boolean, describe, number, requiredText, secret, text } from './fields.ts';

const port = { min: 1, max: 65_535, int: true };

const node = z.looseObject({
  host: requiredText({ about: 'Its host.' }),
  port: number({ ...port, default: 6379, about: 'Its port.' }),
});
const nodes = (about: string) => describe(z.array(node).optional(), { about });

/** `redis_host`, ... of `router_settings`. */
export const redisShape = {
  redis_url: secret({ about: 'The Redis that instances share what they know over (`redis://` or `rediss://`). Absent: REDIS_URL.' }),
  redis_host: text({ about: 'Its host, where there is no `redis_url`. Absent: REDIS_HOST.' }),
  redis_port: number({ ...port, default: 6379, about: 'Its port. Absent: REDIS_PORT.' }),
  redis_username: text({ about: 'Its user. Absent: REDIS_USERNAME.' }),
  redis_password: secret({ about: 'Its password. Absent: REDIS_PASSWORD.' }),
  redis_db: number({ min: 0, int: true, default: 0, about: 'Its database. Absent: REDIS_DB.' }),
  redis_ssl: boolean({ default: false, about: 'Speak TLS to it. Absent: REDIS_SSL.' }),
  redis_startup_nodes: nodes('Servers of a cluster, of which the first is asked for the others. Absent: REDIS_CLUSTER_NODES.'),
};

const shape = {
  url: secret({ about: 'As `router_settings.redis_url`.' }),
  host: text({ about: 'As `router_settings.redis_host`.' }),
  port: number({ ...port, about: 'As `router_settings.redis_port`.' }),
  username: text({ about: 'As `router_settings.redis_username`.' }),
  password: secret({ about: 'As `router_settings.redis_password`.' }),
  db: number({ min: 0, int: true, about: 'As `router_settings.redis_db`.' }),
  ssl: boolean({ about: 'As `router_settings.redis_ssl`.' }),
  startup_nodes: nodes('As `router_settings.redis_startup_nodes`.'),
  redis_startup_nodes: nodes('The same as `startup_nodes`, which wins.'),
};

/** What of a Redis is built; all else that LiteLLM's client takes is known to be not. */
export const redisNames: ReadonlySet<string> = new Set(Object.keys(shape));

export const coordinationRedis = describe(z.looseObject(shape).optional(), {
  about: 'The Redis that instances share what they know over. `router_settings.redis_*` wins.',
});

export const cacheParams = describe(
  z.looseObject({ ...shape, type: text({ about: '`redis`, as if absent, and its kin: then its Redis is used.' }) }).optional(),
  { about: 'Answers are not cached yet; the Redis that is named here is used for what instances share.' },
);

export type RedisEntry = z.output<z.ZodObject<typeof shape>>;
