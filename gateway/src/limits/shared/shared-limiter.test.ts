import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { array, assert, asyncProperty, boolean, constantFrom, integer, nat, record } from 'fast-check';
import { join } from 'node:path';
import { redisMissing, startRedis, type TestRedis } from '../../../../test/kit/redis.ts';
import { createLimiter } from '../limiter.ts';
import { budget, costs, limit, rpm, tokens, tpm } from '../testing.ts';
import type { Limit, Reservation } from '../types.ts';
import { startTestGateway, until, type TestGateway, type TestGatewayOptions } from './testing.ts';

// Gateways that share one real Redis, all in this process: each has a connection and a limiter of its own.

const missing = redisMissing();
if (missing !== undefined) console.warn(`Limits of many gateways are not tested: ${missing}`);

describe.skipIf(missing !== undefined)('limits of many gateways on one Redis', () => {
  let server: TestRedis;
  const open: TestGateway[] = [];
  let subjects = 0;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  afterEach(() => {
    for (const gateway of open.splice(0)) gateway.die();
  });
  const start = async (options: TestGatewayOptions = {}): Promise<TestGateway> => {
    const gateway = await startTestGateway(server.url, { seed: async () => 0, ...options });
    open.push(gateway);
    return gateway;
  };
  const newSubject = () => `key:k${++subjects}`;
  const many = (count: number) => Promise.all(Array.from({ length: count }, () => start()));

  test.each<[string, (subject: string) => Limit]>([
    ['a budget', (subject) => budget(100_000, { subject })],
    ['requests', (subject) => rpm(100, { subject })],
    ['tokens', (subject) => tpm(100_000, { subject })],
    ['calls under way', (subject) => limit('parallel', 100, { subject })],
  ])(
    'FP-5, FP-6: 1,000 calls at once at four gateways, room for 100 of %s',
    async (_, make) => {
      const gateways = await many(4);
      const cap = make(newSubject());
      const verdicts = await Promise.all(
        Array.from({ length: 1000 }, (_each, at) =>
          gateways[at % 4]!.ask([cap], { inputTokens: 600, outputTokens: 400, costNanodollars: 1000 }),
        ),
      );
      const admitted = verdicts.flatMap((verdict) => (verdict.ok ? [verdict.reservation] : []));
      expect(admitted).toHaveLength(100);
      expect(await gateways[0]!.limiter.usedOf(cap, Date.now())).toBe(cap.max);
      for (const each of admitted) each.settle({ inputTokens: 600, outputTokens: 400, costNanodollars: 1000 });
      await until(() => gateways.every(({ limiter }) => limiter.figures().untold === 0));
      expect(await gateways[1]!.limiter.usedOf(cap, Date.now())).toBe(cap.metric === 'parallel' ? 0 : cap.max);
      expect(gateways.flatMap(({ local }) => local)).toEqual([]);
    },
    30_000,
  );

  test('one command a call, whatever it is limited by, and one when it is over', async () => {
    const gateway = await start();
    const subject = newSubject();
    const limits = [
      rpm(10, { subject }),
      tpm(1000, { subject }),
      limit('parallel', 5, { subject }),
      budget(1e9, { subject }),
      rpm(100, { subject: 'team:t' }),
    ];
    await gateway.admit(limits, tokens(1));
    gateway.commands = 0;
    const held = await gateway.admit(limits, tokens(1));
    expect(gateway.commands).toBe(1);
    held.settle({});
    await until(() => gateway.limiter.figures().untold === 0);
    expect(gateway.commands).toBe(2);
  });

  test('the same meaning as in one process: what is let in, what is left, what is told', async () => {
    const metrics = ['requests', 'tokens', 'input_tokens', 'output_tokens', 'parallel', 'cost'] as const;
    await assert(
      asyncProperty(
        array(record({ metric: constantFrom(...metrics), max: integer({ min: 0, max: 60 }), who: nat(2), soft: boolean() }), {
          minLength: 1,
          maxLength: 5,
        }),
        array(
          record({
            inputTokens: nat(9),
            outputTokens: nat(9),
            costNanodollars: nat(20),
            at: nat(1),
            ends: constantFrom('settle', 'release', 'not'),
            used: nat(25),
          }),
          { minLength: 1, maxLength: 12 },
        ),
        async (wanted, calls) => {
          const names = [newSubject(), newSubject(), `${newSubject()}/model:m`];
          const limits = wanted.map(({ metric, max, who, soft }) =>
            limit(metric, max, {
              subject: names[who]!,
              ...(soft && { soft }),
              ...(metric !== 'parallel' && metric !== 'cost' && { windowMs: 600_000 }),
            }),
          );
          const alone = createLimiter();
          const both = await pair;
          for (const { at, ends, used: amount, ...worst } of calls) {
            const options = { now: Date.now(), expiresAfterMs: 600_000 };
            const here = alone.reserve(limits, worst, options);
            const there = await both[at]!.limiter.reserve(limits, worst, options);
            expect(shown(there)).toEqual(shown(here));
            if (!here.ok || !there.ok) continue;
            const end = (held: Reservation) =>
              ends === 'settle'
                ? held.settle({ inputTokens: amount, outputTokens: amount, costNanodollars: amount })
                : ends === 'release' && held.release();
            end(here.reservation);
            end(there.reservation);
            await until(() => both[at]!.limiter.figures().untold === 0);
            for (const each of limits) expect(await both[1 - at]!.limiter.usedOf(each, Date.now())).toBe(alone.usedOf(each, Date.now()));
          }
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
  let pair: Promise<TestGateway[]>;
  beforeAll(() => {
    pair = Promise.all([startTestGateway(server.url, { seed: async () => 0 }), startTestGateway(server.url, { seed: async () => 0 })]);
  });
  afterAll(async () => {
    for (const gateway of await pair) gateway.die();
  });

  test('a refused call takes nothing of any limit, and says when there is room', async () => {
    const gateway = await start();
    const subject = newSubject();
    const [one, two] = [rpm(5, { subject }), tpm(10, { subject })];
    await gateway.admit([one, two], tokens(6));
    const verdict = await gateway.ask([one, two], tokens(6));
    if (verdict.ok) throw new Error('let in');
    expect(verdict.refusal).toMatchObject({ limit: two, used: 6, asked: 6 });
    expect(verdict.refusal.resetsAt! - Date.now()).toBeWithin(59_000, 61_100);
    expect(await gateway.limiter.usedOf(one, Date.now())).toBe(1);
  });

  test('a window slides: room comes back by the server’s clock', async () => {
    const gateway = await start();
    const short = rpm(2, { subject: newSubject(), windowMs: 600 });
    await gateway.admit([short]);
    await gateway.admit([short]);
    expect((await gateway.ask([short])).ok).toBe(false);
    await Bun.sleep(650);
    await gateway.admit([short]);
    await Bun.sleep(1500);
    expect(await server.command('EXISTS', '{sluice:key:k1}')).toBe(0);
    expect(await gateway.limiter.usedOf(short, Date.now())).toBe(0);
  });

  test('what a killed gateway held comes back after its lease, and a living one keeps its own', async () => {
    const options = { leaseMs: 900 };
    const [dead, living, other] = [await start(options), await start(options), await start(options)];
    const subject = newSubject();
    const limits = [limit('parallel', 2, { subject }), budget(1000, { subject }), rpm(2, { subject })];
    await dead.admit(limits, costs(400));
    const held = await living.admit(limits, costs(400));
    dead.die();
    expect((await other.ask(limits, costs(1))).ok).toBe(false);
    await Bun.sleep(2500);
    // The minute is longer than this lease, so its request has come back as well.
    expect(await Promise.all(limits.map((each) => other.limiter.usedOf(each, Date.now())))).toEqual([1, 400, 1]);
    await other.admit(limits, costs(600));
    held.settle({ costNanodollars: 300 });
    await until(() => living.limiter.figures().untold === 0);
    expect(await Promise.all(limits.map((each) => other.limiter.usedOf(each, Date.now())))).toEqual([1, 900, 2]);
  }, 20_000);

  test('a call that ends after its lease is charged all the same', async () => {
    const [slow, other] = [await start({ leaseMs: 300 }), await start({ leaseMs: 300 })];
    const cap = budget(1000, { subject: newSubject() });
    const held = await slow.admit([cap], costs(900));
    // As if its process had stood still: nothing of it is heard meanwhile.
    const gate = ((await server.command('KEYS', '*call:*')) as string[]).find((key) => key.includes(cap.subject))!;
    await server.command('DEL', gate, `{sluice:${cap.subject}}${cap.subject} cost:since:0 leases`);
    await server.command('HSET', `{sluice:${cap.subject}}${cap.subject} cost:since:0`, 'r', '0');
    held.settle({ costNanodollars: 500 });
    await until(() => slow.limiter.figures().untold === 0);
    expect(await other.limiter.usedOf(cap, Date.now())).toBe(500);
  });

  test('settling is heard once, however often it is said', async () => {
    const gateway = await start();
    const subject = newSubject();
    const limits = [budget(1000, { subject }), tpm(100, { subject })];
    const held = await gateway.admit(limits, { costNanodollars: 400, inputTokens: 40 });
    const said: Parameters<TestGateway['redis']['run']>[] = [];
    const run = gateway.redis.run.bind(gateway.redis);
    gateway.redis.run = (...args) => {
      said.push(args);
      return run(...args);
    };
    held.settle({ costNanodollars: 300, inputTokens: 30 });
    held.settle({ costNanodollars: 300, inputTokens: 30 });
    await until(() => gateway.limiter.figures().untold === 0);
    expect(said).toHaveLength(1);
    const again = (await run(...said[0]!)) as number[];
    expect(again[0]).toBe(2);
    expect(await Promise.all(limits.map((each) => gateway.limiter.usedOf(each, Date.now())))).toEqual([300, 30]);
  });

  test('what is no amount is charged at its worst, and told', async () => {
    const gateway = await start();
    const cap = budget(1000, { subject: newSubject() });
    const held = await gateway.admit([cap], costs(400));
    expect(() => held.settle({ costNanodollars: Number.NaN })).toThrow(RangeError);
    await until(() => gateway.limiter.figures().untold === 0);
    expect(await gateway.limiter.usedOf(cap, Date.now())).toBe(400);
    expect(gateway.ask([rpm(-1)])).rejects.toThrow(RangeError);
  });

  test('amounts beyond what Lua would write as 1e+15 are exact', async () => {
    const gateway = await start({ seed: async () => 4_000_000_000_000_001 });
    const cap = budget(9_000_000_000_000_000, { subject: newSubject() });
    const held = await gateway.admit([cap], costs(3_000_000_000_000_000));
    expect(await gateway.limiter.usedOf(cap, Date.now())).toBe(7_000_000_000_000_001);
    held.settle({ costNanodollars: 2_000_000_000_000_001 });
    await until(() => gateway.limiter.figures().untold === 0);
    expect(gateway.limiter.spendOf(cap.subject, undefined)).toBe(6_000_000_000_000_002);
  });

  test('a user that may do no more than docs/routing/many-instances.md says', async () => {
    const page = await Bun.file(join(import.meta.dir, '../../../../docs/routing/many-instances.md')).text();
    const rules = /ACL SETUSER sluice (.*)/.exec(page)![1]!.replace('<password>', 'canary');
    await server.command('ACL', 'SETUSER', 'sluice', ...rules.split(' '));
    await server.command('ACL', 'LOG', 'RESET');
    const gateway = await startTestGateway(server.url.replace('redis://', 'redis://sluice:canary@'), { seed: async () => 5, leaseMs: 300 });
    open.push(gateway);
    const subject = newSubject();
    const limits = [rpm(10, { subject }), tpm(100, { subject }), limit('parallel', 10, { subject }), budget(1000, { subject })];
    (await gateway.admit(limits, { inputTokens: 9, costNanodollars: 9 })).settle({ inputTokens: 8, costNanodollars: 8 });
    await gateway.admit(limits, { inputTokens: 9, costNanodollars: 9 });
    await Bun.sleep(1200);
    await gateway.admit(limits, { inputTokens: 9, costNanodollars: 9 });
    gateway.limiter.setSpend(subject, undefined, 1);
    gateway.limiter.raiseSpend(subject, undefined, 2);
    gateway.limiter.forget(subject);
    await until(() => gateway.limiter.figures().untold === 0);
    expect(await gateway.limiter.usedOf(limits[0]!, Date.now())).toBe(0);
    expect(gateway.local).toEqual([]);
    expect(String(await server.command('ACL', 'LOG'))).toBe('');
  });

  test('there is an end to calls under way', async () => {
    const gateway = await start({ maxReservations: 2 });
    const each = rpm(10, { subject: newSubject() });
    const held = await gateway.admit([each]);
    await gateway.admit([each]);
    expect(gateway.ask([each])).rejects.toMatchObject({ code: 'unavailable' });
    held.release();
    await gateway.admit([each]);
  });
});

/** Without moments, which are the server's. */
const shown = (verdict: Awaited<ReturnType<TestGateway['ask']>>) =>
  verdict.ok
    ? {
        soft: verdict.soft.map(({ limit: { metric, subject }, used, asked }) => [metric, subject, used, asked]),
        remaining: verdict.remaining.map(({ limit: { metric, subject }, used, remaining }) => [metric, subject, used, remaining]),
      }
    : [verdict.refusal.limit.metric, verdict.refusal.limit.subject, verdict.refusal.used, verdict.refusal.asked];
