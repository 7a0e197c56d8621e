import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { redisMissing, startRedis, type TestRedis } from '../../../../test/kit/redis.ts';
import { budget, costs, limit, rpm, tokens, tpm } from '../testing.ts';
import type { Limit } from '../types.ts';
import { everywhere, startTestGateway, until, type TestGateway, type TestGatewayOptions } from './testing.ts';

// What becomes of limits while Redis is slow, gone, or empty.

describe.skipIf(redisMissing() !== undefined)('limits while Redis is away', () => {
  let server: TestRedis;
  const open: TestGateway[] = [];
  /** The database: what was spent, by subject. */
  const spent = new Map<string, number>();
  const seed = async (subject: string) => spent.get(subject) ?? 0;
  beforeEach(async () => {
    server = await startRedis();
  });
  afterEach(async () => {
    for (const gateway of open.splice(0)) gateway.die();
    spent.clear();
    await server.stop();
  });
  const start = async (count: number, options: TestGatewayOptions = {}): Promise<TestGateway[]> => {
    const made = await Promise.all(
      Array.from({ length: count }, () =>
        startTestGateway(server.url, { seed, instances: () => count, commandTimeoutMs: 100, ...options }),
      ),
    );
    open.push(...made);
    return made;
  };
  const admitted = async (gateways: readonly TestGateway[], limits: readonly Limit[], calls: number, cost = 0) => {
    const verdicts = await Promise.all(Array.from({ length: calls }, (_, at) => gateways[at % gateways.length]!.ask(limits, costs(cost))));
    return verdicts.flatMap((verdict) => (verdict.ok ? [verdict.reservation] : []));
  };
  const used = (gateway: TestGateway, each: Limit) => gateway.limiter.usedOf(each, Date.now());
  const quiet = (gateways: readonly TestGateway[]) => until(() => gateways.every(({ limiter }) => limiter.figures().untold === 0));

  test.each<[string, Limit]>([
    ['requests', rpm(100)],
    ['tokens', tpm(100)],
    ['calls under way', limit('parallel', 100)],
    ['a budget', budget(100)],
  ])(
    'FP-6: by shares no more of %s than the limit, with what was taken before; and Redis hears of it',
    async (_, cap) => {
      const gateways = await start(4);
      const before = (await Promise.all(gateways.map((gateway) => admitted([gateway], [cap], 10, 1)))).flat();
      expect(before).toHaveLength(40);
      // What a gateway knows of a budget is what it heard last.
      if (cap.metric === 'cost') for (const gateway of gateways) await admitted([gateway], [cap], 1, 0);
      await server.pause();
      const asked = { inputTokens: 1, outputTokens: 0, costNanodollars: 1 };
      const verdicts = await Promise.all(Array.from({ length: 400 }, (_each, at) => gateways[at % 4]!.ask([cap], asked)));
      const alone = verdicts.filter(({ ok }) => ok).length;
      // Requests that were on their way when it stood still may have been heard as well: too few, never too many.
      expect(alone).toBeWithin(1, 101);
      if (cap.metric !== 'tokens') expect(alone + 40).toBeLessThanOrEqual(100);
      const refused = verdicts.find((verdict) => !verdict.ok)!;
      if (!refused.ok) expect(refused.refusal.limit.label).toContain('Redis is away');
      expect(gateways.every(({ local }) => local.includes('local_share'))).toBe(true);
      server.resume();
      await until(async () => gateways.every(({ redis }) => redis.up));
      await Bun.sleep(1500);
      await quiet(gateways);
      const all = alone + (cap.metric === 'tokens' ? 0 : 40);
      expect(await used(gateways[0]!, cap)).toBe(all);
      if (cap.metric === 'requests') return;
      for (const verdict of verdicts) if (verdict.ok) verdict.reservation.settle({ inputTokens: 0, costNanodollars: 0 });
      for (const each of before) each.settle({ inputTokens: 0, costNanodollars: 0 });
      await quiet(gateways);
      expect(await used(gateways[1]!, cap)).toBe(0);
    },
    30_000,
  );

  test('allow lets everything in, and tells it; refuse lets nothing in that has such a limit', async () => {
    const [lenient] = (await start(1, { modes: everywhere('allow') })) as [TestGateway];
    const [strict] = (await start(1, { modes: { ...everywhere('allow'), cost: 'refuse' } })) as [TestGateway];
    await server.kill();
    await until(() => !lenient.redis.up && !strict.redis.up);
    expect(await admitted([lenient], [rpm(3), budget(3)], 50, 1)).toHaveLength(50);
    expect(await admitted([strict], [rpm(3)], 50)).toHaveLength(50);
    expect(strict.ask([rpm(3), budget(3)])).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('key "ci" (cost)'),
    });
    // Who only watches a budget is not refused for it.
    expect((await strict.ask([budget(3, { soft: true })], costs(9))).ok).toBe(true);
    await server.restart();
    await until(() => lenient.redis.up);
    await until(async () => (await used(lenient, rpm(3))) === 100, 4000);
  }, 20_000);

  test('what was refused for one limit took nothing of the others', async () => {
    const [gateway] = (await start(1)) as [TestGateway];
    await server.kill();
    await until(() => !gateway.redis.up);
    const limits = [rpm(5), budget(10)];
    expect(await admitted([gateway], limits, 20, 5)).toHaveLength(2);
    expect(await used(gateway, rpm(5))).toBe(2);
    expect(await admitted([gateway], [rpm(5)], 20)).toHaveLength(3);
    expect(await used(gateway, budget(10))).toBe(10);
  });

  test('a call that was let in without Redis and ended without it is charged once it is back', async () => {
    const [one, two] = (await start(2)) as [TestGateway, TestGateway];
    const cap = budget(1000);
    (await one.admit([cap], costs(10))).settle({ costNanodollars: 10 });
    await quiet([one]);
    await two.ask([cap], costs(0));
    await server.pause();
    const held = await one.admit([cap, tpm(1000)], { costNanodollars: 100, inputTokens: 50 });
    held.settle({ costNanodollars: 70, inputTokens: 30 });
    expect(one.limiter.spendOf(cap.subject, undefined)).toBe(80);
    expect(one.limiter.figures().untold).toBe(1);
    server.resume();
    await quiet([one]);
    expect([await used(two, cap), await used(two, tpm(1000))]).toEqual([80, 30]);
  }, 20_000);

  test('a Redis that starts empty has budgets from the database, and what runs; nothing counts twice', async () => {
    const [one, two] = (await start(2)) as [TestGateway, TestGateway];
    const cap = budget(1000);
    const places = limit('parallel', 3);
    const ended = await one.admit([cap], costs(300));
    ended.settle({ costNanodollars: 200 });
    spent.set(cap.subject, 200);
    const running = await two.admit([cap, places], costs(400));
    await quiet([one, two]);
    await server.kill();
    await until(() => !one.redis.up && !two.redis.up);
    const away = await one.admit([cap], costs(100));
    away.settle({ costNanodollars: 90 });
    // Written by the time when Redis is back.
    spent.set(cap.subject, 290);
    await server.restart();
    await until(() => one.redis.up && two.redis.up);
    await quiet([one, two]);
    await until(async () => (await used(two, places)) === 1);
    expect((await one.ask([cap], costs(0))).ok).toBe(true);
    expect(one.limiter.spendOf(cap.subject, undefined)).toBe(290);
    expect(await used(one, cap)).toBe(690);
    // Its clock is known as exactly as a round trip is long: what is accounted sooner may be part of what the budget began with.
    await Bun.sleep(100);
    running.settle({ costNanodollars: 400 });
    await quiet([two]);
    expect(await used(one, cap)).toBe(690);
  }, 20_000);

  test('a Redis that has lost the rates: for a minute calls need room there and in the share', async () => {
    const gateways = await start(4);
    await Promise.all(gateways.map((gateway) => admitted([gateway], [rpm(100)], 20)));
    await server.kill();
    await until(() => gateways.every(({ redis }) => !redis.up));
    await server.restart();
    await until(() => gateways.every(({ redis }) => redis.up));
    const one = await Promise.all(gateways.map((gateway) => admitted([gateway], [rpm(100)], 1)));
    const more = await Promise.all(gateways.map((gateway) => admitted([gateway], [rpm(100)], 50)));
    expect([...one, ...more].flat()).toHaveLength(20);
    expect(gateways.flatMap(({ local }) => local)).toEqual([]);
  }, 20_000);

  test('a budget that began with too little is raised by the database, and what is settled meanwhile counts once', async () => {
    const [one, two] = (await start(2)) as [TestGateway, TestGateway];
    const cap = budget(1000);
    const running = await one.admit([cap], costs(100));
    two.limiter.raiseSpend(cap.subject, undefined, 500);
    // Nobody asked there: nothing is known, and nothing is told.
    expect([two.limiter.spendOf(cap.subject, undefined), await used(two, cap)]).toEqual([undefined, 100]);
    one.limiter.raiseSpend(cap.subject, undefined, 500);
    await quiet([one]);
    expect(await used(two, cap)).toBe(600);
    running.settle({ costNanodollars: 100 });
    await quiet([one]);
    one.limiter.raiseSpend(cap.subject, undefined, 550);
    await quiet([one]);
    expect([one.limiter.spendOf(cap.subject, undefined), await used(two, cap)]).toEqual([600, 600]);
  });

  test('an admin sets spend, and drops a subject: at all gateways, calls under way stay', async () => {
    const [one, two] = (await start(2)) as [TestGateway, TestGateway];
    const ofModel = budget(1000, { subject: 'key:k/model:m' });
    const limits = [budget(1000), ofModel, rpm(10)];
    await one.admit(limits, costs(100));
    (await one.admit(limits, costs(100))).settle({ costNanodollars: 100 });
    await quiet([one]);
    two.limiter.setSpend('key:k', undefined, 7);
    await quiet([two]);
    expect(await Promise.all(limits.map((each) => used(one, each)))).toEqual([107, 200, 2]);
    two.limiter.forget('key:k');
    await quiet([two]);
    expect(await used(one, rpm(10))).toBe(0);
    await two.admit(limits, costs(1));
    // The one that runs still holds what it took.
    expect(await Promise.all(limits.map((each) => used(one, each)))).toEqual([101, 101, 1]);
  });

  test('Redis stands still and connections are lost, again and again: every call counts once, at what it used, and nothing stays taken', async () => {
    const gateways = await start(3, { commandTimeoutMs: 30 });
    const limits = [rpm(1e6), tpm(20_000), limit('parallel', 40), budget(1_000_000)];
    const total = { calls: 0, tokens: 0, cost: 0, refused: 0 };
    let running = true;
    let seed = 1;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const load = async (gateway: TestGateway): Promise<void> => {
      while (running) {
        const verdict = await gateway.ask(limits, { ...tokens(20), costNanodollars: 500 });
        await Bun.sleep(random(40));
        if (!verdict.ok) {
          total.refused += 1;
          continue;
        }
        const used = { inputTokens: random(30), costNanodollars: random(600) };
        verdict.reservation.settle(used);
        total.calls += 1;
        total.tokens += used.inputTokens;
        total.cost += used.costNanodollars;
      }
    };
    const loads = gateways.flatMap((gateway) => Array.from({ length: 10 }, () => load(gateway)));
    for (let at = 0; at < 12; at++) {
      await Bun.sleep(random(250));
      await server.pause();
      await Bun.sleep(random(250));
      server.resume();
      // And connections go, with what was on its way.
      if (at % 2 === 0) await server.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    }
    running = false;
    await Promise.all(loads);
    await until(() => gateways.every(({ redis }) => redis.up));
    await quiet(gateways);
    const counts = async () => Promise.all(limits.map((each) => used(gateways[0]!, each)));
    await until(async () => (await counts())[2] === 0, 3000);
    expect(await counts()).toEqual([total.calls, total.tokens, 0, total.cost]);
    expect(gateways.flatMap(({ local }) => local).length).toBeGreaterThan(0);
    expect(total.calls).toBeGreaterThan(100);
  }, 30_000);

  test('Redis stands still for 5 seconds under load: no call waits longer than a command may', async () => {
    const gateways = await start(2);
    const waits: number[] = [];
    const results = { ok: 0, refused: 0 };
    let running = true;
    const load = async (gateway: TestGateway): Promise<void> => {
      while (running) {
        const startedAt = performance.now();
        const verdict = await gateway.ask([rpm(1e6), tpm(1e9), limit('parallel', 1000), budget(1e12)], {
          ...tokens(10),
          costNanodollars: 1000,
        });
        waits.push(performance.now() - startedAt);
        results[verdict.ok ? 'ok' : 'refused'] += 1;
        await Bun.sleep(5);
        if (verdict.ok) verdict.reservation.settle({ inputTokens: 10, costNanodollars: 900 });
      }
    };
    const loads = gateways.flatMap((gateway) => Array.from({ length: 8 }, () => load(gateway)));
    await Bun.sleep(500);
    await server.pause();
    await Bun.sleep(5000);
    server.resume();
    await until(() => gateways.every(({ redis }) => redis.up), 5000);
    await Bun.sleep(500);
    running = false;
    await Promise.all(loads);
    await quiet(gateways);
    expect(results.refused).toBe(0);
    expect(Math.max(...waits)).toBeLessThan(250);
    expect(waits.filter((wait) => wait > 50).length).toBeLessThan(waits.length / 20);
    await until(async () => (await used(gateways[0]!, limit('parallel', 1000))) === 0);
    // Each call once, however often Redis was told.
    expect(await used(gateways[0]!, budget(1e12))).toBe(results.ok * 900);
  }, 30_000);
});
