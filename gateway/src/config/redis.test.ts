import { describe, expect, test } from 'bun:test';
import { redisSettings } from './redis.ts';
import { load } from './testing.ts';
import type { RedisSettings } from './snapshot.ts';

/** With its secrets in the clear. */
const plain = (redis: RedisSettings | undefined) =>
  redis && { ...redis, ...(redis.url && { url: redis.url.reveal() }), ...(redis.password && { password: redis.password.reveal() }) };
const of = (text: string, env: Record<string, string> = {}) => plain(load(text, { env }).redis);

describe('Redis', () => {
  test('nowhere: none', () => {
    expect(of('{}')).toBeUndefined();
    expect(load('{}')).not.toHaveProperty('redis');
  });
  test('of router_settings, as LiteLLM names it', () => {
    const text =
      'router_settings: { redis_host: r, redis_port: "6380", redis_password: os.environ/P, redis_db: 2, redis_username: u, redis_ssl: true }';
    expect(of(text, { P: 'secret' })).toEqual({ host: 'r', port: 6380, db: 2, username: 'u', password: 'secret', tls: true });
    expect(of('router_settings: { redis_url: rediss://u:p@r:6390/1 }')).toMatchObject({ url: 'rediss://u:p@r:6390/1', tls: true });
  });
  test('of the cache, and of coordination, which wins over it', () => {
    const cache = 'litellm_settings: { cache: true, cache_params: { type: redis, host: c, port: 1, ttl: 60 } }';
    expect(of(cache)).toEqual({ host: 'c', port: 1, db: 0, tls: false });
    expect(of(`${cache}\ngeneral_settings: { coordination_redis: { host: d, ssl: true } }`)).toEqual({
      host: 'd',
      port: 6379,
      db: 0,
      tls: true,
    });
    expect(of(`${cache}\nrouter_settings: { redis_host: r }`)).toEqual({ host: 'r', port: 6379, db: 0, tls: false });
    expect(of('litellm_settings: { cache_params: { type: s3, host: c } }')).toBeUndefined();
  });
  test('of the environment: alone, filling what is open, and behind what is written', () => {
    expect(of('{}', { REDIS_URL: 'redis://e' })).toEqual({ url: 'redis://e', port: 6379, db: 0, tls: false });
    expect(
      of('{}', { REDIS_HOST: 'e', REDIS_PORT: '1', REDIS_PASSWORD: 'p', REDIS_SSL: 'True', REDIS_USERNAME: 'u', REDIS_DB: '3' }),
    ).toEqual({
      host: 'e',
      port: 1,
      password: 'p',
      tls: true,
      username: 'u',
      db: 3,
    });
    expect(of('router_settings: { redis_host: r }', { REDIS_URL: 'redis://e', REDIS_PASSWORD: 'p' })).toEqual({
      host: 'r',
      port: 6379,
      db: 0,
      password: 'p',
      tls: false,
    });
    expect(of('router_settings: { redis_password: w }', { REDIS_HOST: 'e', REDIS_PASSWORD: 'p' })).toMatchObject({
      host: 'e',
      password: 'w',
    });
    expect(of('environment_variables: { REDIS_URL: redis://file }', { REDIS_URL: 'redis://process' })).toMatchObject({
      url: 'redis://file',
    });
  });
  test("Kubernetes' own REDIS_PORT of a service called redis is no port", () => {
    expect(of('{}', { REDIS_PORT: 'tcp://10.0.0.1:6379' })).toBeUndefined();
    expect(of('{}', { REDIS_HOST: 'e', REDIS_PORT: 'tcp://10.0.0.1:6379' })).toMatchObject({ port: 6379 });
    expect(of('{}', { REDIS_HOST: 'e', REDIS_PORT: '0' })).toMatchObject({ port: 6379 });
  });
  test('a cluster, by the first of its servers', () => {
    const nodes = '[{ host: n1, port: 7000 }, { host: n2 }]';
    expect(of(`litellm_settings: { cache_params: { type: redis, redis_startup_nodes: ${nodes}, password: p } }`)).toEqual({
      host: 'n1',
      port: 7000,
      db: 0,
      password: 'p',
      tls: false,
    });
    expect(of(`general_settings: { coordination_redis: { startup_nodes: ${nodes} } }`)).toMatchObject({ host: 'n1', port: 7000 });
    expect(of('{}', { REDIS_CLUSTER_NODES: '[{"host": "e", "port": "7001"}]' })).toMatchObject({ host: 'e', port: 7001 });
    for (const bad of ['x', '3', '[3, null, {}]', '[]']) expect(of('{}', { REDIS_CLUSTER_NODES: bad })).toBeUndefined();
  });
  test('a start without a file asks the environment alone', () => {
    expect(plain(redisSettings([], (name) => ({ REDIS_URL: 'redis://e' })[name]))).toMatchObject({ url: 'redis://e' });
  });
  test('its variables are part of the version', () => {
    expect(load('{}', { env: { REDIS_URL: 'redis://a' } }).version).not.toBe(load('{}', { env: { REDIS_URL: 'redis://b' } }).version);
  });
  test('what is not used is said', () => {
    const { notes } = load(`litellm_settings: { cache: true, cache_params: { type: redis, host: c } }
general_settings: { coordination_redis: { host: c, sentinel_nodes: [] } }`);
    expect(notes.map(({ kind, key, line }) => [kind, key, line])).toEqual([
      ['not-built', 'litellm_settings.cache', 1],
      ['other', 'litellm_settings.cache_params', 1],
      ['not-built', 'general_settings.coordination_redis.sentinel_nodes', 2],
    ]);
    expect(load('litellm_settings: { cache_params: { type: s3 } }').notes).toMatchObject([
      { kind: 'not-built', key: 'litellm_settings.cache_params' },
    ]);
  });
});
