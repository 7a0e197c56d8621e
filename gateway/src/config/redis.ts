import { Secret } from 'sluice/kit';
import { defined } from './defined.ts';
import type { RedisSettings } from './snapshot.ts';

// Without the schema: a start without a file asks for the environment's Redis too.

/** What one source says of it. */
export interface RedisFacts {
  url?: Secret | undefined;
  host?: string | undefined;
  port?: number | undefined;
  username?: string | undefined;
  password?: Secret | undefined;
  db?: number | undefined;
  ssl?: boolean | undefined;
  /** Of a cluster. One is enough: a server of a cluster tells of the others. */
  startup_nodes?: readonly RedisNode[] | undefined;
}

interface RedisNode {
  host: string;
  port?: number | undefined;
}

/** The variables that LiteLLM reads (litellm/_redis.py, read 2026-11-22). */
export const redisVariables = [
  'REDIS_URL',
  'REDIS_HOST',
  'REDIS_PORT',
  'REDIS_USERNAME',
  'REDIS_PASSWORD',
  'REDIS_DB',
  'REDIS_SSL',
  'REDIS_CLUSTER_NODES',
] as const;

/** Kubernetes sets `REDIS_PORT=tcp://10.0.0.1:6379` where a service is called redis: that is no number, and not meant. */
const whole = (text: string | undefined, max: number): number | undefined =>
  text !== undefined && /^\d{1,5}$/.test(text.trim()) && Number(text) <= max ? Number(text) : undefined;

/** `[{"host": "10.0.0.1", "port": 6379}]`; what is none is as if not set. */
const nodesOf = (text: string | undefined): RedisNode[] | undefined => {
  try {
    const nodes: unknown = JSON.parse(text ?? '[]');
    if (!Array.isArray(nodes)) return undefined;
    return nodes.flatMap((node: { host?: unknown; port?: unknown } | null) =>
      typeof node?.host === 'string' && node.host !== '' ? [{ host: node.host, port: whole(String(node.port ?? ''), 65_535) }] : [],
    );
  } catch {
    return undefined;
  }
};

/** A cluster's first server is its address, where there is no other. */
const addressed = (facts: RedisFacts): RedisFacts => {
  const [first] = facts.startup_nodes ?? [];
  if (first === undefined || facts.url !== undefined || facts.host !== undefined) return facts;
  return { ...facts, host: first.host, port: first.port ?? facts.port };
};

const environmentFacts = (lookup: (name: string) => string | undefined): RedisFacts => {
  const get = (name: (typeof redisVariables)[number]): string | undefined => lookup(name)?.trim() || undefined;
  const secret = (value: string | undefined): Secret | undefined => (value === undefined ? undefined : new Secret(value));
  const ssl = get('REDIS_SSL');
  return addressed({
    startup_nodes: nodesOf(get('REDIS_CLUSTER_NODES')),
    url: secret(get('REDIS_URL')),
    host: get('REDIS_HOST'),
    port: whole(get('REDIS_PORT'), 65_535) || undefined,
    username: get('REDIS_USERNAME'),
    password: secret(get('REDIS_PASSWORD')),
    db: whole(get('REDIS_DB'), 65_535),
    ssl: ssl === undefined ? undefined : /^(?:true|yes|on|1)$/i.test(ssl),
  });
};

/**
 * The Redis that is meant. The first source that names one (a `url` or a `host`) says where it is, and what it leaves
 * open is filled from the environment, as LiteLLM does; a key without an address is of no use.
 * @param sources strongest first
 */
export const redisSettings = (
  sources: readonly (RedisFacts | undefined)[],
  lookup: (name: string) => string | undefined,
): RedisSettings | undefined => {
  const environment = environmentFacts(lookup);
  const written = sources.map((source) => source && addressed(source));
  const named = written.find((source) => source?.url !== undefined || source?.host !== undefined);
  // What was written beside no address completes the environment's own: `redis_password` alone is a thing that people write.
  const facts: RedisFacts = defined<RedisFacts>({ ...environment, ...defined<RedisFacts>(named ?? written.find(hasAny) ?? {}) });
  // An address that is written wins over an address of the environment, whatever its form.
  const url = named?.host !== undefined && named.url === undefined ? undefined : facts.url;
  if (url === undefined && facts.host === undefined) return undefined;
  return defined<RedisSettings>({
    url,
    host: url === undefined ? facts.host : undefined,
    port: facts.port ?? 6379,
    db: facts.db ?? 0,
    username: facts.username,
    password: facts.password,
    tls: facts.ssl ?? url?.reveal().startsWith('rediss:') ?? false,
  });
};

const hasAny = (source: RedisFacts | undefined): boolean =>
  source !== undefined && Object.values(source).some((value) => value !== undefined);
