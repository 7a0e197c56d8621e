import { afterAll, beforeAll, expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../../test/kit/admin.ts';
import { redisMissing, startRedis, type TestRedis } from '../../../../test/kit/redis.ts';

const missing = redisMissing();
if (missing !== undefined) console.warn(`Priorities at many gateways are not tested: ${missing}`);

const configOf = (redis: string) => `
router_settings: { redis_url: '${redis}' }
model_list:
  - { model_name: busy, litellm_params: { model: mock/hello, rpm: 40 } }
litellm_settings:
  callbacks: [dynamic_rate_limiter_v3]
  priority_reservation: { prod: 0.8, dev: 0.1 }
`;

if (missing === undefined)
  describeAdmin('priorities at gateways that share a Redis', (start) => {
    let redis: TestRedis;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis.stop());

    test('shares hold for all gateways together, and each knows how busy the model is', async () => {
      const config = configOf(redis.url);
      const one = await start({ config });
      const two = await start({ config, beside: one });
      const keyOf = async (priority: string) => (await one.ok<{ key: string }>('POST /key/generate', { metadata: { priority } })).key;
      const [dev, prod] = [await keyOf('dev'), await keyOf('prod')];
      const call = (admin: TestAdmin, key: string) => admin.chat('busy', key);
      // Half of the model, by both: dev borrows.
      for (let at = 0; at < 10; at++) for (const admin of [one, two]) expect((await call(admin, dev)).status).toBe(200);
      // What the first does not know of the second's last call, it hears with its own.
      const refusals = [await call(two, dev), await call(one, dev)].filter(({ status }) => status === 429);
      expect(refusals.length).toBeGreaterThan(0);
      for (const { json } of refusals) expect(json.error.message).toContain('priority "dev" at model "busy" (0.1 of it while it is busy)');
      const left = 40 - 20 - (2 - refusals.length);
      const answers = await Promise.all(Array.from({ length: 60 }, (_, at) => call(at % 2 ? one : two, prod)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(left);
      for (const { json } of answers.filter(({ status }) => status === 429)) expect(json.error.message).toContain('model "busy"');
      const full = await call(one, dev);
      expect([full.status, full.headers.get('x-litellm-saturation')]).toEqual([429, '100.00%']);
      await Promise.all([one.stop(), two.stop()]);
    }, 60_000);
  });
