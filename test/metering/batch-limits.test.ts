import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { describeAdmin, type TestAdmin } from '../kit/admin.ts';
import { freshKeeper, startBatchKeeper, type BatchKeeper } from './batch-keeper.ts';

/* A batch is as many requests as it holds, and its money is held until its bill is there (FP-4, FP-5, FP-47). */

let keeper: BatchKeeper;
beforeAll(() => void (keeper = startBatchKeeper()));
afterAll(() => keeper.stop());
beforeEach(() => void Object.assign(keeper, freshKeeper));

const prices =
  'input_cost_per_token: 2e-6, output_cost_per_token: 2e-5, input_cost_per_token_batches: 1e-6, output_cost_per_token_batches: 1e-5';
const config = () => `
model_list:
  - { model_name: gpt, litellm_params: { model: openai/gpt-4o, api_base: "${keeper.url}v1", api_key: k, ${prices} } }
  - { model_name: claude, litellm_params: { model: anthropic/claude-sonnet-4-5, api_base: "${keeper.url}", api_key: k, ${prices} } }
  - { model_name: nameless, litellm_params: { model: openai/nobody-knows-it, api_base: "${keeper.url}v1", api_key: k } }
`;

const line = (at: number, model: string, maxTokens: number) =>
  JSON.stringify({
    custom_id: `c${at}`,
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model, max_tokens: maxTokens, messages: [{ role: 'user', content: 'x'.repeat(400) }] },
  });
const inputOf = (count: number, { model = 'gpt-4o', maxTokens = 1000 } = {}) =>
  `${Array.from({ length: count }, (_, at) => line(at, model, maxTokens)).join('\n')}\n`;
const ofFile = { input_file_id: 'file-in', endpoint: '/v1/chat/completions', completion_window: '24h' };
const messages = (count: number) => ({
  requests: Array.from({ length: count }, (_, at) => ({
    custom_id: `c${at}`,
    params: { model: 'claude', max_tokens: 1000, messages: [{ role: 'user', content: 'x'.repeat(400) }] },
  })),
});

const makes = {
  'POST /v1/batches': (count: number) => {
    keeper.input = inputOf(count);
    return ofFile;
  },
  'POST /v1/messages/batches': messages,
} as const;

const keyOf = async (admin: TestAdmin, body: object) => (await admin.ok<{ key: string }>('POST /key/generate', body)).key;

describeAdmin('what a batch takes of limits', (start) => {
  for (const route of ['POST /v1/batches', 'POST /v1/messages/batches'] as const) {
    test(`${route}: its requests and tokens are held to the rates of its caller, before it is made`, async () => {
      const admin = await start({ config: config() });
      const key = await keyOf(admin, { rpm_limit: 10 });
      const made = keeper.made;
      const refused = await admin.call(route, makes[route](11), { key });
      expect(refused.status).toBe(429);
      const { message } = refused.json.error;
      expect(message).toContain('The batch has 11 requests and about ');
      expect(message).toContain('more than the whole limit of key');
      expect(message).toContain('10 requests a minute');
      expect(keeper.made).toBe(made);
      await admin.ok(route, makes[route](8), { key });
      const second = await admin.call(route, makes[route](3), { key });
      expect([second.status, second.json.error.message]).toEqual([429, expect.stringContaining('8 of 10 requests a minute are used')]);
      await admin.ok(route, makes[route](2), { key });
      // Each prompt is about a hundred tokens.
      const other = await keyOf(admin, { tpm_limit: 500 });
      const long = await admin.call(route, makes[route](6), { key: other });
      expect([long.status, long.json.error.message]).toEqual([429, expect.stringContaining('more than the whole limit')]);
      await admin.ok(route, makes[route](4), { key: other });
      expect((await admin.call(route, makes[route](2), { key: other })).status).toBe(429);
      await admin.stop();
    }, 30_000);

    test(`${route}: its money is held until its bill is there, also by a gateway that starts later`, async () => {
      const admin = await start({ config: config() });
      // At a batch's prices an answer is 10,000 microdollars at worst, and a prompt 100 to 500.
      const key = await keyOf(admin, { max_budget: 0.1 });
      const tooMuch = await admin.call(route, makes[route](10), { key });
      expect(tooMuch.json.error.message).toContain('The batch has 10 requests');
      expect(tooMuch.json.error.message).toContain('of spend');
      const { id } = await admin.ok<{ id: string }>(route, makes[route](9), { key });
      expect((await admin.call(route, makes[route](1), { key })).status).toBe(400);
      // So do other calls, and other gateways.
      expect((await admin.chat('gpt', key, { max_tokens: 1000 })).status).toBe(400);
      const other = await start({ config: config(), beside: admin });
      let seen = 0;
      for (let waited = 0; waited < 5000 && seen !== 400; waited += 50) {
        await Bun.sleep(50);
        seen = (await other.call(route, makes[route](1), { key })).status;
      }
      expect(seen).toBe(400);
      keeper.status = 'completed';
      await admin.ok(`GET ${route.slice(5)}/${id}`, undefined, { key });
      // It cost far less than it might have.
      let status = 0;
      for (let waited = 0; waited < 5000 && status !== 200; waited += 50) {
        await Bun.sleep(50);
        status = (await admin.call(route, makes[route](5), { key })).status;
      }
      expect(status).toBe(200);
      await other.stop();
      await admin.stop();
    }, 30_000);
  }

  test('who has no limits is not asked how much it is; a batch that is refused was one request', async () => {
    const admin = await start({ config: config() });
    keeper.input = inputOf(5);
    await admin.ok('POST /v1/batches', ofFile, { key: await keyOf(admin, {}) });
    await admin.ok('POST /v1/batches', ofFile);
    expect(keeper.inputReads).toBe(0);
    const key = await keyOf(admin, { rpm_limit: 6 });
    keeper.refuses = true;
    expect((await admin.call('POST /v1/batches', ofFile, { key })).status).toBe(400);
    keeper.refuses = false;
    await admin.ok('POST /v1/batches', ofFile, { key });
    expect((await admin.call('POST /v1/batches', ofFile, { key })).status).toBe(429);
    await admin.stop();
  }, 30_000);

  test('a file that is not there is told as its provider tells it; a model without a price passes no budget', async () => {
    const admin = await start({ config: `${config()}\nsluice_settings: { budgets: { unpriced: refuse } }\n` });
    const key = await keyOf(admin, { rpm_limit: 100, max_budget: 1 });
    const gone = await admin.call('POST /v1/batches', { ...ofFile, input_file_id: 'file-gone' }, { key });
    expect([gone.status, gone.json.error.message]).toEqual([404, expect.stringContaining('No such File object')]);
    keeper.input = inputOf(2, { model: 'nobody-knows-it' });
    const unpriced = await admin.call('POST /v1/batches', { ...ofFile, model: 'nameless' }, { key });
    expect([unpriced.status, unpriced.json.error.message]).toEqual([400, expect.stringContaining('No price is known for the model')]);
    await admin.stop();
  }, 30_000);
});
