import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startGatewayProcess, type GatewayProcess } from '../kit/gateway-process.ts';
import { redisMissing, startRedis, type TestRedis } from '../kit/redis.ts';
import { configOf, nanodollarsOfOne, startCountedUpstream, usage, type CountedUpstream } from './counted-upstream.ts';
import { rush } from './rush.ts';
import { ownFolder } from '../kit/own-folder.ts';

const masterKey = 'sk-spend-test-5d1f2f5f6c0e4c8e9a7b';
const calls = 1000;
const room = 100;
const usdOfOne = nanodollarsOfOne / 1e9;

const suite = (name: string, processes: number, skip: string | undefined) => {
  const run = skip === undefined ? describe : describe.skip;
  run(`${calls} calls at once on a key with room for ${room}: ${name}${skip === undefined ? '' : ` (${skip})`}`, () => {
    let home = '';
    let redis: TestRedis | undefined;
    let upstream: CountedUpstream;
    let gateways: GatewayProcess[] = [];
    const urls = () => gateways.map(({ url }) => url);

    beforeAll(async () => {
      home = ownFolder('rush');
      upstream = startCountedUpstream({ pauseMs: 20 });
      if (processes > 1) redis = await startRedis();
      const env = {
        SLUICE_MASTER_KEY: masterKey,
        DATABASE_URL: `sqlite:${join(home, 'books.db')}`,
        ...(redis && { REDIS_URL: redis.url }),
      };
      gateways = [await startGatewayProcess(configOf(upstream.url), env, { home })];
      while (gateways.length < processes) gateways.push(await startGatewayProcess(configOf(upstream.url), env, { home }));
    }, 60_000);
    afterAll(async () => {
      await Promise.all(gateways.map((each) => each.stop()));
      await upstream.stop();
      await redis?.stop();
      rmSync(home, { recursive: true, force: true });
    });

    const admin = async <T>(route: string, body?: object): Promise<T> => {
      const [method, path] = route.split(' ') as [string, string];
      const response = await fetch(`${gateways[0]!.url}${path}`, {
        method,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${masterKey}` },
        ...(body && { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(await response.text());
      return (await response.json()) as T;
    };
    /** Calls that were decided without Redis, by all of them. */
    const decidedAlone = async (): Promise<number> => {
      let sum = 0;
      for (const gateway of gateways) {
        const text = await (await fetch(`${gateway.url}/metrics`)).text();
        for (const [, value] of text.matchAll(/^sluice_limits_without_redis_total\S* (\d+)$/gm)) sum += Number(value);
      }
      return sum;
    };
    const keyWith = async (limits: object): Promise<string> => {
      upstream.forget();
      return (await admin<{ key: string }>('POST /key/generate', limits)).key;
    };
    /** What the key has spent, once all gateways have written it. */
    const spentBy = async (key: string): Promise<number> => {
      let spent = -1;
      for (let same = 0; same < 3;) {
        const { info } = await admin<{ info: { spend: number } }>(`GET /key/info?key=${key}`);
        same = info.spend === spent ? same + 1 : 0;
        spent = info.spend;
        await Bun.sleep(700);
      }
      return spent;
    };

    for (const stream of [false, true]) {
      const how = stream ? 'streams' : 'whole';
      test(`FP-5: of a budget (${how})`, async () => {
        const key = await keyWith({ max_budget: room * usdOfOne });
        const { served, statuses, refusal } = await rush({ gateways: urls(), key, calls, stream });
        const spent = await spentBy(key);
        console.info(`${name}, budget, ${how}: ${JSON.stringify(statuses)}, $${spent} of $${room * usdOfOne}`);
        expect(upstream.calls).toBe(served);
        expect(served).toBeLessThanOrEqual(room);
        expect(served).toBeGreaterThan(room / 2);
        expect(spent).toBeLessThanOrEqual(room * usdOfOne);
        expect(Math.round(spent * 1e9)).toBe(served * nanodollarsOfOne);
        expect(Object.keys(statuses).toSorted()).toEqual(['200', '400']);
        expect(refusal).toContain('of spend are used or reserved');
      }, 60_000);

      test(`FP-6: of requests a minute (${how})`, async () => {
        const { served, statuses } = await rush({ gateways: urls(), key: await keyWith({ rpm_limit: room }), calls, stream });
        console.info(`${name}, requests, ${how}: ${JSON.stringify(statuses)}, decided alone ${await decidedAlone()}`);
        expect([served, upstream.calls]).toEqual([room, room]);
        expect(Object.keys(statuses).toSorted()).toEqual(['200', '429']);
      }, 60_000);

      test(`FP-6: of tokens a minute (${how})`, async () => {
        const { served } = await rush({ gateways: urls(), key: await keyWith({ tpm_limit: room * usage.total_tokens }), calls, stream });
        expect(upstream.calls).toBe(served);
        expect(served).toBeLessThanOrEqual(room);
        expect(served).toBeGreaterThan(room / 2);
      }, 60_000);

      test(`of parallel calls (${how})`, async () => {
        const { statuses } = await rush({ gateways: urls(), key: await keyWith({ max_parallel_requests: room }), calls, stream });
        expect(upstream.mostAtOnce).toBeLessThanOrEqual(room);
        expect(statuses[429]).toBeGreaterThan(0);
      }, 60_000);
    }

    test('FP-3: of a budget, where half of the clients leave', async () => {
      const key = await keyWith({ max_budget: room * usdOfOne });
      await rush({ gateways: urls(), key, calls, stream: true, leaveEvery: 2 });
      const spent = await spentBy(key);
      expect(spent).toBeGreaterThan(0);
      expect(spent).toBeLessThanOrEqual(room * usdOfOne);
      expect(upstream.calls).toBeLessThanOrEqual(calls);
    }, 60_000);
  });
};

suite('one process', 1, undefined);
suite('four processes with Redis', 4, redisMissing());
