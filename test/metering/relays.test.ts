import { afterAll, beforeAll, expect, test } from 'bun:test';
import { estimateTokens } from 'sluice/kit';
import { describeAdmin, type TestAdmin } from '../kit/admin.ts';
import { startTeller, type Teller } from './teller.ts';

/* What is relayed as it is costs as much as what is not, and what nobody can count is refused to a budget (FP-3, FP-4). */

let upstream: Teller;
beforeAll(() => {
  upstream = startTeller();
  upstream.pieces = 3;
});
afterAll(() => upstream.stop());

const config = (more = '') => `
general_settings:
  pass_through_endpoints:
    - { path: /said, target: "${upstream.url}v1/chat/completions", cost_per_request: 0.25 }
    - { path: /unsaid, target: "${upstream.url}v1/chat/completions" }
model_list:
  - { model_name: gpt, litellm_params: { model: openai/gpt-4o, api_base: "${upstream.url}v1", api_key: k, use_in_pass_through: true, input_cost_per_token: 1e-6, output_cost_per_token: 1e-5 } }
router_settings: { num_retries: 0, disable_cooldowns: true }
${more}
`;
const said = { messages: [{ role: 'user', content: 'Tell me something long, please. '.repeat(20) }] };

const send = (admin: TestAdmin, key: string, path: string, body: object, signal?: AbortSignal): Promise<Response> =>
  fetch(admin.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
const lines = (admin: TestAdmin) => admin.lines.filter(({ msg }) => msg === 'call');
const lineAfter = async (admin: TestAdmin, before: number): Promise<Record<string, unknown>> => {
  for (let waited = 0; waited < 5000; waited += 5) {
    const line = lines(admin)[before];
    if (line) return line;
    await Bun.sleep(5);
  }
  throw new Error('the call was not accounted');
};

describeAdmin('relayed calls', (start, kind) => {
  if (kind !== 'sqlite') return;
  const keyOf = async (admin: TestAdmin, more: object): Promise<string> =>
    (await admin.ok<{ key: string }>('POST /key/generate', more)).key;

  test('what nobody can count is refused to a budget before it is sent, and let through without one', async () => {
    const admin = await start({ config: config() });
    const [rich, free] = [await keyOf(admin, { max_budget: 100 }), await keyOf(admin, {})];
    for (const path of ['/unsaid', '/openai/v1/some/new/thing']) {
      const seen = upstream.requests;
      const refused = await send(admin, rich, path, said);
      expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('cost_per_request')]);
      expect(upstream.requests).toBe(seen);
      const before = lines(admin).length;
      expect((await send(admin, free, path, said)).status).toBe(200);
      // A price that a deployment says of itself holds for whatever is asked of it.
      expect(await lineAfter(admin, before)).toMatchObject(path === '/unsaid' ? { cost: 'unknown' } : { cost_nano_usd: 550_000 });
    }
    await admin.stop();
  });

  test('what the configuration says a request costs is charged', async () => {
    const admin = await start({ config: config() });
    const key = await keyOf(admin, { max_budget: 1 });
    const before = lines(admin).length;
    await (await send(admin, key, '/said', said)).text();
    expect(await lineAfter(admin, before)).toMatchObject({ cost_nano_usd: 250_000_000 });
    await admin.stop();
  });

  test('what costs nothing is let through: files, counting, calling off, looking', async () => {
    const admin = await start({ config: config() });
    const key = await keyOf(admin, { max_budget: 1 });
    for (const path of ['/openai/v1/vector_stores/vs_1/files?x', '/openai/v1/batches/b/cancel?x', '/openai/v1/responses/input_tokens?x']) {
      const before = lines(admin).length;
      const { status } = await send(admin, key, path, {});
      expect([path, status]).toEqual([path, 200]);
      expect(await lineAfter(admin, before)).not.toHaveProperty('cost');
    }
    await admin.stop();
  });

  test('a look at what was made before tells what it used, and is not charged for it again', async () => {
    const stored = {
      id: 'c1',
      object: 'chat.completion',
      model: 'gpt',
      choices: [],
      usage: { prompt_tokens: 1000, completion_tokens: 500 },
    };
    const keeper = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => Response.json(stored) });
    const admin = await start({ config: config().replaceAll(upstream.url, keeper.url.href) });
    const key = await keyOf(admin, { max_budget: 1, tpm_limit: 100 });
    for (const path of ['/openai/v1/chat/completions/c1', '/openai_passthrough/v1/responses/r1']) {
      const before = lines(admin).length;
      const seen = await fetch(admin.url + path, { headers: { authorization: `Bearer ${key}` } });
      expect([seen.status, await seen.json()]).toEqual([200, stored]);
      const line = await lineAfter(admin, before);
      expect(line).not.toHaveProperty('cost_nano_usd');
      expect(line).not.toHaveProperty('inputTokens');
    }
    expect((await admin.ok<{ info: { spend: number } }>(`GET /key/info?key=${key}`)).info.spend).toBe(0);
    await admin.stop();
    await keeper.stop(true);
  });

  test('with a fixed price for what nobody can count, that is charged', async () => {
    const admin = await start({
      config: config('sluice_settings: { budgets: { unpriced: charge, unpriced_usd_per_call: 0.5, unpriced_usd_per_million_tokens: 0 } }'),
    });
    const key = await keyOf(admin, { max_budget: 1 });
    const before = lines(admin).length;
    expect((await send(admin, key, '/unsaid', said)).status).toBe(200);
    expect(await lineAfter(admin, before)).toMatchObject({ cost: 'unknown', cost_nano_usd: 500_000_000 });
    expect((await admin.ok<{ info: { spend: number } }>(`GET /key/info?key=${key}`)).info.spend).toBe(0.5);
    await admin.stop();
  });

  test('who leaves pays for what was relayed, streamed; and for the prompt where nothing was', async () => {
    const admin = await start({ config: config() });
    const key = await keyOf(admin, { max_budget: 1 });
    upstream.delayMs = 300;
    let before = lines(admin).length;
    let leaving = new AbortController();
    const response = await send(admin, key, '/openai/v1/chat/completions?x', { model: 'gpt', stream: true, ...said }, leaving.signal);
    const reader = response.body!.getReader();
    let text = '';
    while (text.split('piece').length <= upstream.pieces) text += new TextDecoder().decode((await reader.read()).value);
    leaving.abort();
    upstream.delayMs = 0;
    const line = await lineAfter(admin, before);
    expect(line).toMatchObject({ status: 499, usageEstimated: true, outputTokens: estimateTokens(upstream.said) });
    expect(line['cost_nano_usd']).toBe(Number(line['inputTokens']) * 1000 + Number(line['outputTokens']) * 10_000);

    before = lines(admin).length;
    leaving = new AbortController();
    const seen = upstream.requests;
    upstream.silent = true;
    const sent = send(admin, key, '/openai/v1/chat/completions?x', { model: 'gpt', ...said }, leaving.signal).catch(() => undefined);
    while (upstream.requests === seen) await Bun.sleep(2);
    leaving.abort();
    await sent;
    upstream.silent = false;
    const second = await lineAfter(admin, before);
    expect(second).toMatchObject({ status: 499, usageEstimated: true, outputTokens: 0 });
    expect(second['inputTokens']).toBe(line['inputTokens']);
    expect(second['cost_nano_usd']).toBe(Number(second['inputTokens']) * 1000);
    await admin.stop();
  });
});
