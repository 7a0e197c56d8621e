import { expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../../../../test/kit/admin.ts';

const priced = 'model: mock/hello, input_cost_per_token: 0.001, output_cost_per_token: 0.001';
const config = `
model_list:
  - { model_name: big, litellm_params: { ${priced} } }
  - { model_name: small, litellm_params: { ${priced} } }
  - { model_name: unpriced, litellm_params: { model: openai/no-such-model, api_key: sk-x, api_base: http://127.0.0.1:9/v1, mock_response: hi } }
  - { model_name: free, litellm_params: { model: mock/hello } }
`;
const refusing = `${config}sluice_settings: { budgets: { unpriced: refuse } }
`;

interface Made {
  readonly key: string;
}

describeAdmin('limits and budgets, as clients see them', (start) => {
  const made = async (admin: TestAdmin, body: Record<string, unknown>) => (await admin.ok<Made>('POST /key/generate', body)).key;
  const call = (admin: TestAdmin, key: string, model = 'big', more: Record<string, unknown> = {}) =>
    admin.chat(model, key, { max_tokens: 10, ...more });
  const costOf = ({ headers }: { headers: Headers }): number => Number(headers.get('x-litellm-response-cost'));

  test('budget_fallbacks: another model answers, and the answer says which', async () => {
    const admin = await start({ config });
    const key = await made(admin, {
      model_max_budget: { big: { budget_limit: 0.00001, time_period: '1d' } },
      budget_fallbacks: { big: ['small'] },
    });
    const answer = await call(admin, key);
    expect([answer.status, answer.headers.get('x-litellm-model-group')]).toEqual([200, 'small']);
    const streamed = await fetch(`${admin.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'big', stream: true, max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] }),
    });
    expect([streamed.status, streamed.headers.get('x-litellm-model-group')]).toEqual([200, 'small']);
    expect(await streamed.text()).toContain('[DONE]');
    await admin.stop();
  });

  test('shadow: let through, and told in a header, the log and the metrics', async () => {
    const admin = await start({ config });
    const key = await made(admin, { key_alias: 'tried', rpm_limit: 1, metadata: { shadow_limits: true } });
    expect((await call(admin, key)).headers.get('x-sluice-would-refuse')).toBeNull();
    const answer = await call(admin, key);
    expect([answer.status, answer.headers.get('x-sluice-would-refuse')]).toEqual([200, 'requests of key "tried"']);
    expect(admin.lines.some((line) => JSON.stringify(line).includes('requests of key \\"tried\\"'))).toBe(true);
    const metrics = await (await fetch(`${admin.url}/metrics`)).text();
    expect(metrics).toContain('sluice_limits_would_refuse_total{kind="requests"} 1');
    await admin.stop();
  });

  test('who is no proxy admin sets no shadow, and takes no bound of sessions away (FP-34)', async () => {
    const admin = await start({ config });
    await admin.ok('POST /user/new', { user_id: 'u', auto_create_key: false, user_role: 'internal_user' });
    const own = await made(admin, { user_id: 'u', metadata: { max_iterations: 2 } });
    const change = (metadata: unknown) => admin.call('POST /key/update', { key: own, metadata }, { key: own });
    expect((await change({ shadow_limits: true, max_iterations: 2 })).json.error.param).toBe('metadata.shadow_limits');
    expect((await change({})).json.error.param).toBe('metadata.max_iterations');
    expect((await admin.call('POST /key/update', { key: own, metadata: { shadow_limits: 'yes' } })).status).toBe(400);
    await admin.stop();
  });

  test('sessions, by the header that LiteLLM has for them', async () => {
    const admin = await start({ config });
    const key = await made(admin, { metadata: { max_iterations: 1 } });
    const inSession = (headers: Record<string, string>) =>
      admin.call('POST /v1/chat/completions', { model: 'free', messages: [{ role: 'user', content: 'hi' }] }, { key, headers });
    expect((await inSession({ 'x-litellm-trace-id': 'a' })).status).toBe(200);
    expect((await inSession({ 'x-litellm-trace-id': 'a' })).status).toBe(429);
    expect((await inSession({ 'x-litellm-session-id': 'b' })).status).toBe(200);
    await admin.stop();
  });

  test('a model without a price, under a budget and without one (FP-25); a free one under a spent budget', async () => {
    const admin = await start({ config: refusing });
    const bounded = await made(admin, { max_budget: 5 });
    const refused = await call(admin, bounded, 'unpriced');
    expect([refused.status, refused.json.error.type]).toEqual([400, 'budget_exceeded']);
    expect(refused.json.error.message).toContain('No price is known');
    expect((await call(admin, await made(admin, {}), 'unpriced')).json?.error?.type).not.toBe('budget_exceeded');
    const spent = await made(admin, { max_budget: 0.000_000_001 });
    expect((await call(admin, spent, 'free')).status).toBe(200);
    expect((await call(admin, spent, 'big')).status).toBe(400);
    // 0 is no budget but a bar (FP-68).
    expect((await call(admin, await made(admin, { max_budget: 0 }), 'free')).status).toBe(400);
    await admin.stop();
  });

  test('a model without a price costs what the settings say, under a budget alone (FP-25)', async () => {
    const admin = await start({ config });
    const [bounded, unbounded] = [await made(admin, { max_budget: 5 }), await made(admin, {})];
    for (const key of [bounded, unbounded]) expect((await call(admin, key, 'unpriced', { max_tokens: 10 })).status).toBe(200);
    const spent = async (key: string) => (await admin.ok<{ info: { spend: number } }>(`GET /key/info?key=${key}`)).info.spend;
    expect(await spent(bounded)).toBeGreaterThan(0.000_001);
    expect(await spent(unbounded)).toBe(0);
    const tiny = await made(admin, { max_budget: 0.000_001 });
    expect((await call(admin, tiny, 'unpriced', { max_tokens: 10 })).json.error.type).toBe('budget_exceeded');
    await admin.stop();
  });

  test('FP-5: 200 calls at once on a key with room for 20 of them at worst: no more than 20, and never above the cap', async () => {
    const admin = await start({ config });
    const [probe] = [await call(admin, admin.masterKey)];
    const cost = costOf(probe!);
    // What goes in is set aside twice.
    const inputs = 2 * probe!.json.usage.prompt_tokens;
    const worst = (inputs + 10) / 1000;
    for (const stream of [false, true]) {
      const key = await made(admin, { max_budget: 20 * worst });
      const answers = await Promise.all(
        Array.from({ length: 200 }, async () => {
          const response = await fetch(`${admin.url}/v1/chat/completions`, {
            method: 'POST',
            headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
            body: JSON.stringify({ model: 'big', stream, max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] }),
          });
          await response.text();
          return response.status;
        }),
      );
      const served = answers.filter((status) => status === 200).length;
      expect(served).toBeGreaterThan(0);
      const { info } = await admin.ok<{ info: { spend: number } }>(`GET /key/info?key=${key}`);
      // All that was served was charged, and it is within what there was.
      expect(info.spend).toBeGreaterThanOrEqual(served * cost - 1e-9);
      expect(info.spend).toBeLessThanOrEqual(20 * worst);
    }
    await admin.stop();
  }, 60_000);
});
