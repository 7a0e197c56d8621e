import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from 'sluice/kit';
import { redisMissing, startRedis, startRedisCluster, type TestRedis } from '../../../../test/kit/redis.ts';
import { createRedis, parseRedisUrl, RedisFailure, script, type CommandResult, type Redis, type RedisOptions } from './index.ts';
import { slotOf } from './slots.ts';
import { freePort } from '../../../../test/kit/free-port.ts';

const missing = redisMissing();
if (missing !== undefined) console.warn(`Redis is not tested: ${missing}`);

const password = 'p@ss/w:rd%#? canary';
const opened: Redis[] = [];
afterEach(() => {
  for (const redis of opened.splice(0)) redis.close();
});

const open = (url: string, options: Partial<RedisOptions> = {}) => {
  const results: CommandResult[] = [];
  const states: string[] = [];
  const redis = createRedis({
    address: parseRedisUrl(new Secret(url)),
    // Tests run where others run too: a reply may be late for reasons of the machine's.
    commandTimeoutMs: 400,
    observer: {
      command: (result) => void results.push(result),
      up: (node) => void states.push(`up ${node}`),
      down: (node, why) => void states.push(`down ${node}: ${why}`),
    },
    ...options,
  });
  opened.push(redis);
  return { redis, results, states };
};

const until = async (what: () => boolean, ms = 8000): Promise<void> => {
  const deadline = performance.now() + ms;
  while (!what()) {
    if (performance.now() > deadline) throw new Error(`It did not come to be: ${what}`);
    await Bun.sleep(10);
  }
};

const kindOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (cause: unknown) => (cause instanceof RedisFailure ? cause.kind : String(cause)),
  );

describe.skipIf(missing !== undefined)('one server', () => {
  let server: TestRedis;
  beforeAll(async () => {
    server = await startRedis({ password });
  });
  afterAll(() => server.stop());

  test('a password of odd characters, a database, scripts that the server does not know yet', async () => {
    const { redis } = open(`${server.url}/2`);
    await until(() => redis.up);
    const add = script("return redis.call('INCRBY', KEYS[1], ARGV[1])");
    expect(await redis.run(add, ['{a}:n'], ['3'])).toBe(3);
    expect(await redis.run(add, ['{a}:n'], ['4'])).toBe(7);
    expect(await redis.send('{a}:n', 'GET', ['{a}:n'])).toBe('7');
    expect(String(await redis.send('a', 'CLIENT', ['INFO']))).toContain('db=2');
  });

  test('FP-10: a server that stands still costs each command its limit, five open the breaker, then none waits, and a probe closes it', async () => {
    const { redis, results, states } = open(server.url, { commandTimeoutMs: 100, maxProbeMs: 1000 });
    await until(() => redis.up);
    const late: unknown[] = [];
    await server.pause();
    const startedAt = performance.now();
    const kinds = await Promise.all(
      Array.from({ length: 5 }, (_, at) => kindOf(redis.run(script(`return ${at}`), ['a'], [], (reply) => void late.push(reply)))),
    );
    expect(kinds).toEqual(Array.from({ length: 5 }, () => 'timeout'));
    expect(performance.now() - startedAt).toBeGreaterThan(90);
    expect([redis.up, redis.openBreakers]).toEqual([false, 1]);

    const thenAt = performance.now();
    expect(await kindOf(redis.send('a', 'GET', ['a']))).toBe('down');
    // Nobody is asked: a reply that does not come takes its whole time.
    expect(performance.now() - thenAt).toBeLessThan(90);
    expect(results.slice(-6)).toEqual(['timeout', 'timeout', 'timeout', 'timeout', 'timeout', 'down']);

    server.resume();
    await until(() => redis.up);
    expect(await kindOf(redis.send('a', 'GET', ['a']))).toBe('ok');
    expect([redis.openBreakers, states.length, states.filter((state) => state.startsWith('down'))]).toEqual([
      0,
      3,
      [`down 127.0.0.1:${server.port}: no reply in time`],
    ]);
  }, 20_000);

  test('a reply that comes late is told, so that what it took can be given back', async () => {
    const { redis } = open(server.url, { commandTimeoutMs: 200 });
    await until(() => redis.up);
    const late: unknown[] = [];
    const known = script("return 'done'");
    await redis.run(known, ['a'], []);
    await server.pause();
    expect(await kindOf(redis.run(known, ['a'], [], (reply) => void late.push(reply)))).toBe('timeout');
    server.resume();
    await until(() => late.length > 0);
    expect(late).toEqual(['done']);
    expect(redis.up).toBe(true);
  }, 20_000);

  test('killed and started again: found again, commands and channels', async () => {
    const { redis } = open(server.url);
    const heard: string[] = [];
    let listening = 0;
    redis.onUp(() => listening++);
    redis.subscribe('one', (message) => void heard.push(`one ${message}`));
    redis.subscribe('two', (message) => void heard.push(`two ${message}`));
    const publish = async (channel: string, message: string) => {
      await until(() => redis.up);
      const deadline = performance.now() + 5000;
      while ((await redis.send('a', 'PUBLISH', [channel, message])) !== 1 && performance.now() < deadline) await Bun.sleep(20);
      await until(() => heard.includes(`${channel} ${message}`));
    };
    await publish('one', '1');
    await publish('two', '2');
    const before = listening;
    await server.kill();
    await until(() => !redis.up);
    await server.restart();
    await publish('one', '3');
    await publish('two', '4');
    expect(heard).toEqual(['one 1', 'two 2', 'one 3', 'two 4']);
    expect(listening).toBeGreaterThan(before);
  }, 30_000);

  test('a server that cannot be written to is no server: the breaker opens, and the probe sees when it is over', async () => {
    const { redis } = open(server.url, { maxProbeMs: 1000 });
    await until(() => redis.up);
    await server.command('CONFIG', 'SET', 'maxmemory', '1');
    const set = () => kindOf(redis.send('a', 'SET', ['a', '1']));
    for (let at = 0; at < 5; at++) expect(await set()).toBe('refused');
    expect(await set()).toBe('down');
    await server.command('CONFIG', 'SET', 'maxmemory', '0');
    await until(() => redis.up);
    expect(await set()).toBe('ok');
  }, 20_000);

  test('a wrong password, or nobody there: down, in peace, and nothing secret is told', async () => {
    const wrong = open(`redis://:canary-wrong@127.0.0.1:${server.port}`);
    const nobody = open('redis://:canary-wrong@127.0.0.1:1');
    await Bun.sleep(300);
    for (const { redis, states } of [wrong, nobody]) {
      expect(redis.up).toBe(false);
      const cause = await redis.send('a', 'GET', ['a']).catch((error: unknown) => error);
      expect(Bun.inspect([cause, states, redis])).not.toContain('canary');
    }
  });
});

describe.skipIf(missing !== undefined)('FP-57: the ways that servers are set up', () => {
  test("TLS, with an authority of one's own; without it nobody is trusted", async () => {
    const folder = join(import.meta.dir, '../../upstream/fixtures/tls');
    const tlsPort = String(await freePort());
    const file = (name: string) => join(folder, name);
    const server = await startRedis({
      args: `--tls-port ${tlsPort} --tls-cert-file ${file('localhost.crt')} --tls-key-file ${file('localhost.key')} --tls-ca-cert-file ${file('ca.crt')} --tls-auth-clients no`.split(
        ' ',
      ),
    });
    try {
      const url = `rediss://localhost:${tlsPort}`;
      const trusted = open(url, { tls: { ca: readFileSync(file('ca.crt'), 'utf8') } });
      const untrusted = open(url);
      await until(() => trusted.redis.up);
      expect(await trusted.redis.send('a', 'ECHO', ['hello'])).toBe('hello');
      await Bun.sleep(300);
      expect(untrusted.redis.up).toBe(false);
    } finally {
      await server.stop();
    }
  }, 20_000);
});

describe.skipIf(missing !== undefined)('FP-57: a cluster', () => {
  test('is found out by its redirects: every key reaches its server, and what is published is heard', async () => {
    const cluster = await startRedisCluster();
    try {
      const { redis, results } = open(cluster.nodes[0]!.url, { commandTimeoutMs: 1000 });
      await until(() => redis.up);
      const heard: string[] = [];
      redis.subscribe('news', (message) => void heard.push(message));
      const touch = script("redis.call('SET', KEYS[1], ARGV[1]) return redis.call('INCR', KEYS[2])");
      const keys = Array.from({ length: 60 }, (_, at) => `{sluice:d${at}}`);
      for (const key of keys) expect(await redis.run(touch, [`${key}:a`, `${key}:b`], ['x'])).toBe(1);
      const redirects = results.filter((result) => result === 'redirect').length;
      const held = await Promise.all(cluster.nodes.map((node) => node.command('DBSIZE')));
      expect((held as number[]).reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(120);
      for (const each of held) expect(each).toBeGreaterThan(10);
      // The map is known by now, so that no command asks the wrong server.
      await Bun.sleep(50);
      for (const key of keys) expect(await redis.run(touch, [`${key}:a`, `${key}:b`], ['x'])).toBe(2);
      expect(results.filter((result) => result === 'redirect').length).toBe(redirects);

      const say = script("return redis.call('PUBLISH', 'news', ARGV[1])");
      const deadline = performance.now() + 5000;
      while (heard.length === 0 && performance.now() < deadline) {
        await redis.run(say, [keys[0]!], ['hello']);
        await Bun.sleep(20);
      }
      expect(heard[0]).toBe('hello');

      // A slot that is on its way to another server: the one that has it says ASK.
      const key = keys.find((each) => slotOf(each) < 5461)!;
      const ids = await Promise.all(cluster.nodes.map((node) => node.command('CLUSTER', 'MYID')));
      const slot = String(slotOf(key));
      await cluster.nodes[1]!.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', String(ids[0]));
      await cluster.nodes[0]!.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', String(ids[1]));
      const moving = `{${key.slice(1, -1)}}:new`;
      expect(await redis.send(moving, 'SET', [moving, 'there'])).toBe('OK');
      expect(await redis.send(moving, 'GET', [moving])).toBe('there');
    } finally {
      await cluster.stop();
    }
  }, 60_000);
});

test('slots are as the specification has them', () => {
  // CRC16("123456789") is 0x31c3; the rest by `CLUSTER KEYSLOT` of Redis 7.0.15.
  expect(slotOf('123456789')).toBe(0x31c3 % 16_384);
  expect([slotOf('{user1000}.following'), slotOf('user1000')]).toEqual([3443, 3443]);
  expect(slotOf('foo{}{bar}')).toBe(slotOf('foo{}{bar}'));
  expect(slotOf('foo{{bar}}zap')).toBe(slotOf('{bar'));
});

describe('URLs', () => {
  const read = (url: string) => parseRedisUrl(new Secret(url));
  test('all parts, IPv6, TLS, Valkey', () => {
    expect(read('rediss://ann:p%40ss@redis.example:6380/3')).toMatchObject({
      host: 'redis.example',
      port: 6380,
      tls: true,
      username: 'ann',
      db: 3,
    });
    expect(read('rediss://ann:p%40ss@redis.example:6380/3').password!.reveal()).toBe('p@ss');
    expect(read('redis://localhost')).toEqual({ host: 'localhost', port: 6379, tls: false, db: 0 });
    expect(read('valkey://[::1]:7000')).toMatchObject({ host: '::1', port: 7000 });
  });
  test('a bad one is refused without being shown', () => {
    for (const url of ['http://:canary@x', 'canary', 'redis://:canary@host/x', 'redis://:canary@host:99999'])
      expect(() => read(url)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('canary') as unknown as string }) as Error,
      );
  });
});
