import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../../test/kit/admin.ts';
import { redisMissing, startRedis, type TestRedis } from '../../../../test/kit/redis.ts';

// Gateways on one database and one Redis: one limit for all of them.

const missing = redisMissing();
if (missing !== undefined) console.warn(`Limits of many gateways are not tested: ${missing}`);

const configOf = (redis: string, more = '') => `
router_settings: { redis_url: '${redis}' }
model_list:
  - model_name: priced
    litellm_params: { model: mock/hello, input_cost_per_token: 0.001, output_cost_per_token: 0.001 }
${more}`;

const within = async (ms: number, holds: () => Promise<boolean>): Promise<boolean> => {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    if (await holds()) return true;
    await Bun.sleep(50);
  }
  return holds();
};

if (missing === undefined)
  describeAdmin('limits of gateways that share a Redis', (start) => {
    let redis: TestRedis;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis.stop());

    const metric = async (admin: TestAdmin, name: string): Promise<number> =>
      Number(
        new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (\\S+)`, 'm').exec(await (await fetch(`${admin.url}/metrics`)).text())?.[1] ?? 0,
      );
    const gateways = async (count: number, more = ''): Promise<TestAdmin[]> => {
      const config = configOf(redis.url, more);
      const first = await start({ config });
      const all = [first];
      while (all.length < count) all.push(await start({ config, beside: first }));
      const joined = async () => {
        const seen = await Promise.all(
          all.map(async (each) => [await metric(each, 'sluice_redis_up'), await metric(each, 'sluice_instances')]),
        );
        return seen.every(([up, instances]) => up === 1 && instances! >= count);
      };
      expect(await within(8000, joined)).toBe(true);
      return all;
    };
    const keyOf = async (admin: TestAdmin, limits: object) => (await admin.ok<{ key: string }>('POST /key/generate', limits)).key;
    const stop = (all: readonly TestAdmin[]) => Promise.all(all.map((each) => each.stop()));
    const call = (admin: TestAdmin, key: string) => admin.chat('priced', key, { max_tokens: 10 });

    test('FP-5, FP-6: calls at once at three gateways, exactly as many as there is room for', async () => {
      const all = await gateways(3);
      const key = await keyOf(all[0]!, { rpm_limit: 20 });
      const statuses = (await Promise.all(Array.from({ length: 120 }, (_, at) => call(all[at % 3]!, key)))).map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(20);
      expect(statuses.filter((status) => status === 429)).toHaveLength(100);

      const priced = await keyOf(all[0]!, { max_budget: 0.3 });
      const answers = await Promise.all(Array.from({ length: 60 }, (_, at) => call(all[at % 3]!, priced)));
      const cost = answers.reduce((sum, { headers }) => sum + Number(headers.get('x-litellm-response-cost') ?? 0), 0);
      expect(cost).toBeGreaterThan(0);
      expect(cost).toBeLessThanOrEqual(0.3);
      await stop(all);
    }, 60_000);

    test('FP-66: what is shown is what is enforced, at each gateway; a reset holds for all', async () => {
      const all = await gateways(2);
      const [one, two] = all as [TestAdmin, TestAdmin];
      const key = await keyOf(one, { max_budget: 0.2 });
      let spent = 0;
      for (let at = 0; ; at++) {
        const answer = await call(all[at % 2]!, key);
        if (answer.status !== 200) break;
        spent += Number(answer.headers.get('x-litellm-response-cost'));
        expect(Number(answer.headers.get('x-litellm-key-spend'))).toBeLessThanOrEqual(spent + 1e-9);
      }
      // None has room any more: they count together, and did not wait for the database.
      expect((await Promise.all(all.map((each) => call(each, key)))).map(({ status }) => status)).toEqual([400, 400]);
      const spendAt = async (admin: TestAdmin) => (await admin.ok<{ info: { spend: number } }>(`GET /key/info?key=${key}`)).info.spend;
      for (const each of all) expect(await within(5000, async () => Math.abs((await spendAt(each)) - spent) < 1e-9)).toBe(true);
      await two.ok(`POST /key/${key}/reset_spend`, { reset_to: 0 });
      expect(await within(1000, async () => (await call(one, key)).status === 200)).toBe(true);
      await stop(all);
    }, 60_000);

    test('Redis is gone: each keeps to its share, no call fails for it, and it is told', async () => {
      const all = await gateways(2);
      const key = await keyOf(all[0]!, { rpm_limit: 20, max_budget: 100 });
      await Promise.all(all.map((each) => call(each, key)));
      await redis.kill();
      const answers = await Promise.all(Array.from({ length: 60 }, (_, at) => call(all[at % 2]!, key)));
      expect(answers.filter(({ status }) => status === 200).length).toBe(18);
      expect(answers.every(({ status }) => status === 200 || status === 429)).toBe(true);
      expect(await metric(all[0]!, 'sluice_limits_without_redis_total{how="local_share"}')).toBeGreaterThan(0);
      await redis.restart();
      expect(await within(8000, async () => (await metric(all[0]!, 'sluice_redis_up')) === 1)).toBe(true);
      await stop(all);
    }, 60_000);

    test('fail_closed_budget_enforcement: without Redis, budgets refuse with 503, and nothing else does', async () => {
      const all = await gateways(1, 'general_settings: { fail_closed_budget_enforcement: true }');
      const [admin] = all as [TestAdmin];
      const [priced, limited] = [await keyOf(admin, { max_budget: 10 }), await keyOf(admin, { rpm_limit: 10 })];
      expect((await call(admin, priced)).status).toBe(200);
      await redis.kill();
      const refused = await call(admin, priced);
      expect([refused.status, refused.json.error.message]).toEqual([503, expect.stringContaining('Redis is away')]);
      expect((await call(admin, limited)).status).toBe(200);
      await redis.restart();
      expect(await within(8000, async () => (await call(admin, priced)).status === 200)).toBe(true);
      await stop(all);
    }, 60_000);

    test('calls without limits never ask Redis', async () => {
      const all = await gateways(1);
      const [admin] = all as [TestAdmin];
      const key = await keyOf(admin, {});
      await call(admin, key);
      const commands = async () =>
        Number(/cmdstat_evalsha:calls=(\d+)/.exec(String(await redis.command('INFO', 'commandstats')))?.[1] ?? 0);
      // Instances tell each other four times a second that they are there.
      const idle = await commands();
      await Bun.sleep(1000);
      const perSecond = (await commands()) - idle;
      const [before, startedAt] = [await commands(), performance.now()];
      for (let at = 0; at < 100; at++) expect((await call(admin, key)).status).toBe(200);
      expect((await commands()) - before).toBeLessThan(perSecond * ((performance.now() - startedAt) / 1000) + 20);
      await stop(all);
    }, 30_000);
  });
else describe.skip('limits of gateways that share a Redis', () => {});
