import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { array, assert, asyncProperty, boolean, integer, nat, option, record } from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret, type DeploymentLimits, type Full, type Grant, type SharedRest } from 'sluice/kit';
import { redisMissing, startRedis, startRedisCluster, type TestRedis } from '../../../../test/kit/redis.ts';
import { createRedis, parseRedisUrl } from '../../storage/redis/index.ts';
import { createShared, sharedScripts, type OwnCounts, type Shared } from './index.ts';

// Instances that share one real Redis, all in this process: each has a connection, a limiter and peers of its own.

const missing = redisMissing();
if (missing !== undefined) console.warn(`Sharing by Redis is not tested: ${missing}`);

interface Instance extends Shared {
  reaches(): boolean;
  own: OwnCounts[];
  /** How often it decided without the store. */
  alone: number;
  die(): void;
}

const isGrant = (taken: Grant | Full): taken is Grant => 'settle' in taken;
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const until = async (what: () => boolean | Promise<boolean>, ms = 8000): Promise<number> => {
  const startedAt = performance.now();
  while (!(await what())) {
    if (performance.now() - startedAt > ms) throw new Error(`It did not come to be: ${what}`);
    await Bun.sleep(5);
  }
  return performance.now() - startedAt;
};

describe.skipIf(missing !== undefined)('instances on one Redis', () => {
  let server: TestRedis;
  let names = 0;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  const start = async (count: number, commandTimeoutMs = 1000, url = server.url): Promise<Instance[]> => {
    const made = Array.from({ length: count }, () => {
      const redis = createRedis({
        address: parseRedisUrl(new Secret(url)),
        scripts: sharedScripts,
        // As long as a loaded machine may need; tests of slowness set their own.
        commandTimeoutMs,
        maxProbeMs: 500,
      });
      const own: OwnCounts[] = [];
      const counts = { alone: 0 };
      const shared = createShared({ redis, instance: `i${++names}`, own: () => own, onLocal: () => void counts.alone++ });
      closing.push(() => void shared.close().finally(() => redis.close()));
      return {
        limiter: shared.limiter,
        peers: shared.peers,
        close: shared.close,
        own,
        reaches: () => redis.up,
        get instanceCount() {
          return shared.instanceCount;
        },
        get alone() {
          return counts.alone;
        },
        die: () => redis.close(),
      };
    });
    // Those of the tests before may not be gone yet.
    await until(() => made.every((each) => each.reaches() && each.instanceCount >= count));
    return made;
  };
  const take = async (instance: Instance, id: string, limits: DeploymentLimits, tokens = 0) => instance.limiter.take(id, limits, tokens);
  let ids = 0;
  const newId = () => `d${++ids}`;

  test('FP-6: however many take at once, no limit is passed, and what is refused is not counted', async () => {
    const instances = await start(4);
    await assert(
      asyncProperty(
        record({
          rpm: option(integer({ min: 0, max: 30 }), { nil: undefined }),
          tpm: option(integer({ min: 1, max: 300 }), { nil: undefined }),
          itpm: option(integer({ min: 1, max: 300 }), { nil: undefined }),
          maxParallelRequests: option(integer({ min: 1, max: 12 }), { nil: undefined }),
        }),
        array(record({ at: nat(3), tokens: nat(40), ends: boolean() }), { minLength: 1, maxLength: 60 }),
        async (limits, calls) => {
          const id = newId();
          let [open, most, requests, tokens, withTokens] = [0, 0, 0, 0, 0];
          const reasons = new Set<string>();
          await Promise.all(
            calls.map(async (call) => {
              const taken = await take(instances[call.at]!, id, limits, call.tokens);
              if (!isGrant(taken)) return void reasons.add(taken.why);
              requests++;
              tokens += call.tokens;
              if (call.tokens > 0) withTokens++;
              most = Math.max(most, ++open);
              if (!call.ends) return;
              open--;
              taken.settle(undefined);
            }),
          );
          expect(requests).toBeLessThanOrEqual(limits.rpm ?? Infinity);
          // One call alone may be larger than the whole limit, beside those that take nothing of it.
          for (const most of [limits.tpm, limits.itpm])
            if (most !== undefined && tokens > most) expect([withTokens, tokens <= 40]).toEqual([1, true]);
          expect(most).toBeLessThanOrEqual(limits.maxParallelRequests ?? Infinity);
          // All or nothing: the store has counted those that were let in, and no others.
          if (limits.rpm !== undefined || limits.tpm !== undefined || limits.itpm !== undefined) {
            const [r, t] = (await server.command('HMGET', `{sluice:${id}}:used`, 'r', 't')) as string[];
            expect([Number(r), Number(t)]).toEqual([requests, tokens]);
          }
          // Nothing is refused without a reason.
          if (reasons.has('rpm')) expect(requests).toBe(limits.rpm!);
          if (requests < calls.length) expect(reasons.size).toBeGreaterThan(0);
        },
      ),
      { numRuns: 60 },
    );
    expect(instances.map(({ alone }) => alone)).toEqual([0, 0, 0, 0]);
  }, 60_000);

  test('tokens are settled to what was used: less makes room, more takes it', async () => {
    const [one, two] = (await start(2)) as [Instance, Instance];
    const [id, limits] = [newId(), { tpm: 100 }];
    const taken = await take(one, id, limits, 90);
    expect(await take(two, id, limits, 50)).toMatchObject({ why: 'tpm' });
    (taken as Grant).settle({ input: 15, output: 5 });
    await until(async () => isGrant(await take(two, id, limits, 50)));
    const small = await take(one, id, limits, 10);
    (small as Grant).settle({ input: 10, output: 21 });
    await until(async () => (await server.command('HGET', `{sluice:${id}}:used`, 't')) === '101');
    const refused = (await take(one, id, limits, 1)) as Full;
    expect(refused.why).toBe('tpm');
    expect(refused.retryAfterMs).toBeGreaterThan(50_000);
  }, 20_000);

  test('input and output are counted apart for all: each by its limit, and output when a call is over', async () => {
    const [one, two] = (await start(2)) as [Instance, Instance];
    const [id, limits] = [newId(), { itpm: 100, otpm: 50 }];
    const stored = async () => (await server.command('HMGET', `{sluice:${id}}:used`, 'r', 't', 'o')) as string[];
    const first = (await take(one, id, limits, 80)) as Grant;
    expect(await take(two, id, limits, 21)).toMatchObject({ why: 'itpm' });
    first.settle({ input: 30.4, output: 49 });
    await until(async () => (await stored()).join() === '1,79,49');
    const second = (await take(one, id, limits, 70)) as Grant;
    expect(isGrant(second)).toBe(true);
    const refused = (await take(one, id, limits, 1)) as Full;
    expect(refused.why).toBe('itpm');
    expect(refused.retryAfterMs).toBeGreaterThan(50_000);
    second.settle({ input: 60, output: 1 });
    await until(async () => (await stored()).join() === '2,140,50');
    const full = (await take(one, id, limits, 1)) as Full;
    expect(full.why).toBe('otpm');
    expect(full.retryAfterMs).toBeGreaterThan(50_000);
    expect(one.limiter.hasRoom(id, limits, 1)).toBe(false);
    // Larger than its limit it has all of it; no output at all is none.
    const other = newId();
    expect(isGrant(await take(one, other, { itpm: 10 }, 500))).toBe(true);
    expect(await take(two, other, { itpm: 10 }, 1)).toMatchObject({ why: 'itpm' });
    expect(await take(two, newId(), { otpm: 0 })).toMatchObject({ why: 'otpm' });
  }, 20_000);

  test('their buckets leave with their seconds, also where an instance of before moved the end', async () => {
    const [one] = (await start(1)) as [Instance];
    const [id, limits] = [newId(), { itpm: 100, otpm: 50 }];
    const key = `{sluice:${id}}:used`;
    const [seconds] = (await server.command('TIME')) as [string];
    const now = Number(seconds);
    const old = now - 70;
    const used = { born: 'x', r: 3, t: 240, o: 140, [`r${old}`]: 1, [`t${old}`]: 90, [`o${old}`]: 90, [`r${now}`]: 2, [`t${now}`]: 150 };
    const fields = { ...used, [`o${now}`]: 50, oldest: old, oo: old };
    await server.command('HSET', key, ...Object.entries(fields).flat().map(String));
    // What it knows nothing of it leaves where it is.
    const moved = newId();
    const movedKey = `{sluice:${moved}}:used`;
    await server.command(
      'HSET',
      movedKey,
      ...Object.entries({ ...fields, r: 2, t: 150, oldest: now - 60 })
        .flat()
        .map(String),
    );
    expect(await take(one, id, limits, 1)).toMatchObject({ why: 'itpm' });
    expect(await take(one, moved, limits, 1)).toMatchObject({ why: 'itpm' });
    for (const each of [key, movedKey])
      expect(await server.command('HMGET', each, 'r', 't', 'o', `o${old}`)).toEqual(['2', '150', '50', null]);
    expect(isGrant(await take(one, newId(), limits, 1))).toBe(true);
  }, 20_000);

  test('output that was counted without Redis is told to it, and to one that has lost everything', async () => {
    const [one, two] = (await start(2)) as [Instance, Instance];
    const [id, limits] = [newId(), { itpm: 1000, otpm: 100 }];
    const told = (await take(one, id, limits, 10)) as Grant;
    const untold = (await take(one, id, limits, 20)) as Grant;
    told.settle({ input: 10, output: 30 });
    const stored = async () => String(await server.command('HMGET', `{sluice:${id}}:used`, 'r', 't', 'o'));
    await until(async () => (await stored()) === '2,60,30');
    await server.kill();
    await until(() => !one.reaches());
    untold.settle({ input: 25, output: 70 });
    // Of the hundred its part is half.
    expect(await take(one, id, limits, 1)).toMatchObject({ why: 'otpm' });
    await server.restart();
    await until(() => one.reaches() && two.reaches());
    await until(async () => (await stored()) === '2,135,100');
    expect(await take(two, id, limits, 1)).toMatchObject({ why: 'otpm' });
  }, 30_000);

  test('a place that comes free elsewhere is told to those who were refused one', async () => {
    const [one, two] = (await start(2)) as [Instance, Instance];
    const [id, limits] = [newId(), { maxParallelRequests: 1 }];
    const told: string[] = [];
    two.limiter.onRoom((each) => void told.push(each));
    const taken = (await take(one, id, limits)) as Grant;
    expect(await take(two, id, limits)).toEqual({ why: 'max_parallel_requests' });
    expect(two.limiter.hasRoom(id, limits, 0)).toBe(false);
    const startedAt = performance.now();
    taken.settle(undefined);
    await until(() => told.includes(id));
    expect(performance.now() - startedAt).toBeLessThan(900);
    expect(isGrant(await take(two, id, limits))).toBe(true);
  }, 20_000);

  test('the places of an instance that died come free when its leases end; those of the living are kept', async () => {
    const [one, two] = (await start(2)) as [Instance, Instance];
    const [id, limits] = [newId(), { maxParallelRequests: 2 }];
    await take(one, id, limits);
    await take(two, id, limits);
    const key = `{sluice:${id}}:leases`;
    // As if the first had been silent for as long as a lease holds.
    const [first, second] = (await server.command('ZRANGE', key, '0', '-1')) as string[];
    await server.command('ZADD', key, '1', first!);
    await until(async () => isGrant(await take(two, id, limits)));
    expect(await server.command('ZSCORE', key, first!)).toBeNull();
    expect(await server.command('ZSCORE', key, second!)).not.toBeNull();
  }, 20_000);

  test('what rests is known to all within a second, and to an instance that comes later', async () => {
    const instances = await start(4);
    const heard: SharedRest[][] = instances.map(() => []);
    for (const [at, { peers }] of instances.entries()) peers.onRest((rest) => void heard[at]!.push(rest));
    const rest: SharedRest = { key: `deployment:${newId()}`, until: Date.now() + 60_000, open: true, code: 'overloaded', status: 529 };
    instances[0]!.peers.tellRest(rest);
    const took = await until(() => heard.slice(1).every((each) => each.some(({ key }) => key === rest.key)));
    console.log(`cooldown known to 3 others after ${Math.round(took)} ms`);
    expect(took).toBeLessThan(1000);
    for (const each of heard.slice(1)) {
      const found = each.filter(({ key }) => key === rest.key);
      expect(found).toEqual([{ ...rest, until: expect.closeTo(rest.until, -3) as unknown as number }]);
    }
    expect(heard[0]).toEqual([]);

    const [late] = (await start(1)) as [Instance];
    const later: SharedRest[] = [];
    late.peers.onRest((each) => void later.push(each));
    await until(() => later.some(({ key }) => key === rest.key));
  }, 30_000);

  test('open calls and usage of the others are known, and those of the dead are not', async () => {
    const [one, two, three] = (await start(3)) as [Instance, Instance, Instance];
    const deploymentId = newId();
    one.own.push({ deploymentId, pending: 2, requests: 10, tokens: 100, outputTokens: 40 });
    two.own.push({ deploymentId, pending: 3, requests: 5, tokens: 50, outputTokens: 50 });
    await until(() => three.peers.pendingElsewhere(deploymentId) === 5 && one.peers.pendingElsewhere(deploymentId) === 3);
    expect(three.peers.usedElsewhere(deploymentId)).toEqual({ requests: 15, tokens: 150, outputTokens: 90 });
    one.own[0] = { deploymentId, pending: 1, requests: 11, tokens: 120, outputTokens: 45 };
    await until(() => three.peers.pendingElsewhere(deploymentId) === 4);
    const before = three.instanceCount;
    two.die();
    await until(() => three.peers.pendingElsewhere(deploymentId) === 1);
    expect(three.peers.usedElsewhere(deploymentId)).toEqual({ requests: 11, tokens: 120, outputTokens: 45 });
    expect(three.instanceCount).toBeLessThan(before);
    await one.close();
    await until(() => three.peers.pendingElsewhere(deploymentId) === 0);
  }, 30_000);

  test('FP-10: without Redis each keeps to its share and waits for nothing; afterwards what it took counts', async () => {
    const instances = await start(4, 100);
    await until(() => instances.every(({ instanceCount }) => instanceCount === 4), 10_000);
    const [id, limits] = [newId(), { rpm: 40, maxParallelRequests: 12 }];
    const open: Grant[] = [];
    const takeAll = async (each: Instance, times: number): Promise<number> => {
      let taken = 0;
      for (let at = 0; at < times; at++) {
        const grant = await take(each, id, limits);
        if (!isGrant(grant)) continue;
        taken++;
        open.push(grant);
      }
      return taken;
    };
    expect(await takeAll(instances[0]!, 2)).toBe(2);
    await server.pause();
    let slowest = 0;
    const counts: number[] = [];
    for (const each of instances) {
      let taken = 0;
      for (let at = 0; at < 30; at++) {
        const startedAt = performance.now();
        const grant = await take(each, id, limits);
        slowest = Math.max(slowest, performance.now() - startedAt);
        if (isGrant(grant)) taken++;
      }
      counts.push(taken);
    }
    // Of 12 places three each: the first has taken two of its own already.
    expect(counts).toEqual([1, 3, 3, 3]);
    console.log(`Redis paused: slowest take ${Math.round(slowest)} ms, ${instances.map(({ alone }) => alone)} decided alone`);
    expect(slowest).toBeLessThan(400);
    server.resume();
    await until(() => instances.every((each) => each.reaches()));
    // All twelve places are taken, though ten of them without the store; it knows by now.
    await until(async () => (await server.command('ZCARD', `{sluice:${id}}:leases`)) === 12);
    await until(async () => (await server.command('HGET', `{sluice:${id}}:used`, 'r')) === '12');
    for (const each of instances) expect(await take(each, id, limits)).toEqual({ why: 'max_parallel_requests' });
  }, 30_000);

  test('a Redis that has lost everything is told again: limits hold', async () => {
    const instances = await start(3);
    await until(() => instances.every(({ instanceCount }) => instanceCount === 3), 10_000);
    const [id, limits] = [newId(), { rpm: 30, maxParallelRequests: 20 }];
    let taken = 0;
    for (const each of instances) for (let at = 0; at < 6; at++) if (isGrant(await take(each, id, limits))) taken++;
    expect(taken).toBe(18);
    const rest: SharedRest = { key: `deployment:${id}`, until: Date.now() + 60_000, open: false, code: 'rate_limited', status: 429 };
    instances[0]!.peers.tellRest(rest);
    await server.kill();
    await server.restart();
    await until(() => instances.every((each) => each.reaches()));
    for (let round = 0; round < 20; round++) for (const each of instances) if (isGrant(await take(each, id, limits))) taken++;
    expect(taken).toBeLessThanOrEqual(20);
    await until(async () => (await server.command('ZCARD', `{sluice:${id}}:leases`)) === taken);
    await until(async () => (await server.command('HGET', `{sluice:${id}}:used`, 'r')) === String(taken));
    await until(async () => (await server.command('HEXISTS', '{sluice:peers}:rests', rest.key)) === 1);
  }, 30_000);

  test('FP-57: the same on a cluster: limits hold on each of its servers, and what rests is told', async () => {
    const cluster = await startRedisCluster();
    try {
      const instances = await start(3, 1000, cluster.nodes[1]!.url);
      const deployments = Array.from({ length: 12 }, newId);
      const heard: string[] = [];
      instances[2]!.peers.onRest(({ key }) => void heard.push(key));
      // The first touch of each server makes a connection.
      for (const each of instances) for (const id of deployments) await take(each, `${id}-first`, { rpm: 1 });
      const taken = new Map<string, number>();
      await Promise.all(
        Array.from({ length: 240 }, async (_, at) => {
          const id = deployments[at % deployments.length]!;
          const grant = await take(instances[at % 3]!, id, { rpm: 7, maxParallelRequests: 5 });
          if (isGrant(grant)) taken.set(id, (taken.get(id) ?? 0) + 1);
        }),
      );
      expect([...taken.values()]).toEqual(deployments.map(() => 5));
      expect(instances.map(({ alone }) => alone)).toEqual([0, 0, 0]);
      instances[0]!.peers.tellRest({ key: 'deployment:far', until: Date.now() + 30_000, open: true, code: 'timeout', status: 504 });
      await until(() => heard.includes('deployment:far'));
      for (const close of closing.splice(0)) close();
    } finally {
      await cluster.stop();
    }
  }, 60_000);

  test('a user that may do no more than docs/routing/many-instances.md says', async () => {
    const server = await startRedis();
    try {
      const rules = /ACL SETUSER sluice (.*)/.exec(
        readFileSync(join(import.meta.dir, '../../../../docs/routing/many-instances.md'), 'utf8'),
      )![1]!;
      await server.command('ACL', 'SETUSER', 'sluice', ...rules.replace('<password>', 'canary').split(' '));
      const url = server.url.replace('redis://', 'redis://sluice:canary@');
      const redis = createRedis({ address: parseRedisUrl(new Secret(url)), scripts: sharedScripts, commandTimeoutMs: 1000 });
      closing.push(() => redis.close());
      await until(() => redis.up);
      const own = { deploymentId: 'd', pending: 1, requests: 1, tokens: 1, outputTokens: 1 };
      const shared = createShared({ redis, instance: 'a', own: () => [own] });
      await Bun.sleep(300);
      const limits = { rpm: 2, tpm: 100, itpm: 100, otpm: 100, maxParallelRequests: 2 };
      const taken = await shared.limiter.take('d', limits, 10);
      if (!isGrant(taken)) throw new Error(taken.why);
      await shared.limiter.take('d', limits, 10);
      expect(await shared.limiter.take('d', limits, 10)).toEqual({ why: 'max_parallel_requests' });
      taken.settle({ input: 13, output: 7 });
      shared.peers.tellRest({ key: 'deployment:d', until: Date.now() + 5000, open: true, code: 'timeout', status: 504 });
      await Bun.sleep(600);
      await shared.close();
      const log = String(await server.command('ACL', 'LOG'));
      expect(log).toBe('');
      expect(await server.command('HGET', '{sluice:d}:used', 't')).toBe('30');
      const denied = await redis.send('other', 'GET', ['other']).catch((cause: Error) => cause.message);
      expect(denied).toStartWith('NOPERM');
    } finally {
      await server.stop();
    }
  }, 20_000);
});
