import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { redisMissing, startRedisCluster } from '../../../../test/kit/redis.ts';
import { budget, costs, limit, rpm } from '../testing.ts';
import type { Limit } from '../types.ts';
import { startTestGateway, until, type TestGateway, type TestGatewayOptions } from './testing.ts';

describe.skipIf(redisMissing() !== undefined)('limits in a cluster', () => {
  let cluster: Awaited<ReturnType<typeof startRedisCluster>>;
  const open: TestGateway[] = [];
  beforeAll(async () => {
    cluster = await startRedisCluster();
  }, 60_000);
  afterAll(() => cluster.stop());
  afterEach(() => {
    for (const gateway of open.splice(0)) gateway.die();
  });
  const start = async (options: TestGatewayOptions = {}): Promise<TestGateway> => {
    const gateway = await startTestGateway(cluster.nodes[open.length % 3]!.url, { seed: async () => 0, ...options });
    open.push(gateway);
    return gateway;
  };
  const used = (gateway: TestGateway, each: Limit) => gateway.limiter.usedOf(each, Date.now());
  const quiet = (gateways: readonly TestGateway[]) => until(() => gateways.every(({ limiter }) => limiter.figures().untold === 0));

  test('FP-6: limits in different places are taken together or not at all, and never passed', async () => {
    const gateways = [await start(), await start()];
    const limits = [
      budget(100),
      rpm(1000, { subject: 'team:one' }),
      limit('parallel', 1000, { subject: 'user:two' }),
      budget(1e9, { subject: 'organization:three' }),
    ];
    const verdicts = await Promise.all(Array.from({ length: 400 }, (_, at) => gateways[at % 2]!.ask(limits, costs(1))));
    const held = verdicts.flatMap((verdict) => (verdict.ok ? [verdict.reservation] : []));
    // What was taken beside a refusal is given back; for a moment it may keep others out.
    expect(held.length).toBeWithin(1, 101);
    await quiet(gateways);
    expect(await Promise.all(limits.map((each) => used(gateways[0]!, each)))).toEqual([held.length, held.length, held.length, held.length]);
    for (const each of held) each.settle({ costNanodollars: 1 });
    await quiet(gateways);
    while ((await gateways[0]!.ask(limits, costs(1))).ok);
    await quiet(gateways);
    expect(await used(gateways[1]!, limits[0]!)).toBe(100);
    expect(gateways.flatMap(({ local }) => local)).toEqual([]);
  }, 30_000);

  test('one subject and its models are one command, several are as many at the same time', async () => {
    const gateway = await start();
    const of = (subject: string) => rpm(1000, { subject });
    await gateway.admit([of('key:a'), of('team:b'), of('user:c')]);
    gateway.commands = 0;
    await gateway.admit([of('key:a'), of('key:a/model:m'), of('key:a/model:n')]);
    expect(gateway.commands).toBe(1);
    gateway.commands = 0;
    const asked = gateway.admit([of('key:a'), of('key:a/model:m'), of('team:b'), of('user:c')]);
    expect(gateway.commands).toBe(3);
    await asked;
    expect(gateway.commands).toBe(3);
  });

  test('one server of it is gone: what it counts goes by shares, the rest is exact', async () => {
    const gateway = await start({ commandTimeoutMs: 100 });
    const far = Array.from({ length: 40 }, (_, at) => rpm(1000, { subject: `key:far${at}` }));
    for (const each of far) await gateway.admit([each]);
    const { reaches } = gateway.redis;
    const gone = cluster.nodes[2]!;
    await gone.pause();
    const startedAt = performance.now();
    const verdicts = await Promise.all(far.map((each) => gateway.ask([each])));
    expect(performance.now() - startedAt).toBeLessThan(400);
    expect(verdicts.every(({ ok }) => ok)).toBe(true);
    expect(gateway.local.length).toBeWithin(1, 40);
    gone.resume();
    await until(() => far.every((each) => reaches(`{sluice:${each.subject}}`)));
    await until(async () => (await Promise.all(far.map((each) => used(gateway, each)))).every((count) => count === 2));
  }, 20_000);
});
