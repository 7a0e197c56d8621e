import { expect, test } from 'bun:test';
import { describeAdmin } from '../../../../test/kit/admin.ts';

describeAdmin('endpoints without a key', (start, kind) => {
  if (kind !== 'sqlite') return;

  test('FP-4: the budget of the gateway holds for what needs no key as well', async () => {
    const upstream = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => Response.json({ done: true }) });
    const admin = await start({
      config: `
litellm_settings: { max_budget: 0.02, budget_duration: 30d }
general_settings:
  pass_through_endpoints:
    - { path: /priced, target: "${upstream.url.href}x", auth: false, cost_per_request: 0.01 }
    - { path: /unpriced, target: "${upstream.url.href}x", auth: false }
model_list: [{ model_name: m, litellm_params: { model: mock/hello } }]
`,
    });
    const ask = async (path: string) => (await admin.call(`POST ${path}`, {}, { key: '' })).status;
    expect(await ask('/unpriced')).toBe(400);
    expect([await ask('/priced'), await ask('/priced'), await ask('/priced')]).toEqual([200, 200, 400]);
    await admin.stop();
    await upstream.stop(true);
  });
});
