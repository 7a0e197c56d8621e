import { afterEach, describe, expect, test } from 'bun:test';
import { RouterMemory, Secret, type Grant, type Full } from 'sluice/kit';
import { redisMissing, startRedis, type TestRedis } from '../../../../test/kit/redis.ts';
import { usualWithoutRedis } from '../../config/limits-without-redis.ts';
import type { RedisSettings } from '../../config/snapshot.ts';
import { createSharing, type Sharing } from './sharing.ts';

const open: Sharing[] = [];
const servers: TestRedis[] = [];
afterEach(async () => {
  for (const sharing of open.splice(0)) await sharing.stop();
  for (const server of servers.splice(0)) await server.stop();
});

const start = () => {
  const problems: string[] = [];
  const states: string[] = [];
  const memory = new RouterMemory();
  const sharing = createSharing({
    instance: crypto.randomUUID(),
    memory,
    observer: { command: () => {}, up: () => void states.push('up'), down: (_, why) => void states.push(`down: ${why}`) },
    limits: { modes: () => usualWithoutRedis },
    onLocal: () => {},
    onProblem: (message) => void problems.push(message),
  });
  open.push(sharing);
  const configure = (settings: RedisSettings | undefined) => {
    const next = sharing.prepare(settings);
    next.use();
    return next.parts;
  };
  return { sharing, memory, problems, states, configure };
};

const until = async (what: () => boolean): Promise<void> => {
  const deadline = performance.now() + 8000;
  while (!what()) {
    if (performance.now() > deadline) throw new Error(`It did not come to be: ${what}`);
    await Bun.sleep(5);
  }
};

const at = (url: string): RedisSettings => ({ url: new Secret(url), port: 6379, db: 0, tls: false });

test('without Redis: one limiter over all reloads, and no peers', () => {
  const { sharing, configure } = start();
  const first = configure(undefined);
  expect(first.peers).toBeUndefined();
  const taken = first.limiter.take('d', { rpm: 1 }, 0) as Grant | Full;
  expect('settle' in taken).toBe(true);
  expect(configure(undefined).limiter.take('d', { rpm: 1 }, 0)).toMatchObject({ why: 'rpm' });
  expect(sharing.figures()).toBeUndefined();
});

test('an address that is none is told without being shown, and each goes by itself', () => {
  const { sharing, problems, configure } = start();
  const parts = configure(at('ftp://:canary@host'));
  expect(parts.peers).toBeUndefined();
  expect(problems).toEqual(['The Redis URL must begin with redis://, rediss://, valkey:// or valkeys://.']);
  expect(sharing.figures()).toBeUndefined();
});

test('one that is not there is told once it is clear', async () => {
  const { sharing, states, configure } = start();
  configure(at('redis://127.0.0.1:1'));
  expect(sharing.figures()).toEqual({ up: false, openBreakers: 0, instances: 1, untold: 0 });
  await until(() => states.length > 0);
  expect(states).toEqual(['down: it cannot be reached, or it refuses us']);
  expect(sharing.figures()).toEqual({ up: false, openBreakers: 1, instances: 1, untold: 0 });
}, 20_000);

describe.skipIf(redisMissing() !== undefined)('with Redis', () => {
  test('a reload keeps the connection; another address is another one, and one that is not used is closed', async () => {
    const [one, two] = [await startRedis(), await startRedis({ password: 'p:@/' })];
    servers.push(one, two);
    const { sharing, states, configure } = start();
    const clients = async (server: TestRedis) =>
      String(await server.command('CLIENT', 'LIST'))
        .trim()
        .split('\n').length - 1;
    const first = configure(at(one.url));
    await until(() => sharing.figures()!.up);
    expect(configure(at(one.url))).toEqual(first);
    expect(states).toEqual(['up']);

    // By parts, as `redis_host` and its kin say it.
    const settings: RedisSettings = { host: '127.0.0.1', port: two.port, db: 1, password: new Secret('p:@/'), tls: false };
    const dropped = sharing.prepare(settings);
    dropped.drop();
    const second = configure(settings);
    expect(second.limiter).not.toBe(first.limiter);
    await until(() => sharing.figures()!.up);
    const deadline = performance.now() + 5000;
    while (((await clients(one)) > 0 || (await clients(two)) > 2) && performance.now() < deadline) await Bun.sleep(20);
    expect([await clients(one), await clients(two)]).toEqual([0, 2]);
    configure(undefined);
    expect(sharing.figures()).toBeUndefined();
  }, 30_000);

  test('what this process has open and used is told to the others, by deployment', async () => {
    const server = await startRedis();
    servers.push(server);
    const [here, there] = [start(), start()];
    here.configure(at(server.url));
    const { peers } = there.configure(at(server.url));
    const now = Date.now();
    // Two models of one wildcard, and one that was left long ago.
    here.memory.state('wild\none').started(now);
    here.memory.state('wild\ntwo').started(now);
    here.memory.state('done').started(now);
    here.memory.state('done').finished({ now, ms: 1, inputTokens: 30, outputTokens: 12 }, true);
    here.memory.state('old').started(now - 120_000);
    here.memory.state('old').finished({ now: now - 110_000, ms: 10_000 }, true);
    await until(() => peers!.pendingElsewhere('wild') === 2);
    expect(peers!.usedElsewhere('wild').requests).toBe(2);
    expect(peers!.pendingElsewhere('old')).toBe(0);
    expect(peers!.usedElsewhere('done')).toEqual({ requests: 1, tokens: 42, outputTokens: 12 });
  }, 30_000);
});
