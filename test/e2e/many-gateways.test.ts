import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGatewayProcess, type GatewayProcess } from '../kit/gateway-process.ts';
import { redisMissing, startRedis, type TestRedis } from '../kit/redis.ts';
import { completion, masterKey } from './harness.ts';

// Four gateways as people start them, on one database and one Redis: a key's limits hold for all of them together.

const missing = redisMissing();
if (missing !== undefined) console.warn(`Limits of four gateway processes are not tested: ${missing}`);

/** The provider: an answer of two tokens, whole or streamed; counts what is open. */
const startProvider = () => {
  const count = { open: 0, mostOpen: 0 };
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const { stream } = (await request.json()) as { stream?: boolean };
      count.mostOpen = Math.max(count.mostOpen, ++count.open);
      await Bun.sleep(30);
      count.open--;
      if (!stream) return Response.json(completion('yes'));
      const chunk = (delta: object, more: object = {}) =>
        `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: null }], ...more })}\n\n`;
      const end = `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 } })}\n\ndata: [DONE]\n\n`;
      return new Response(chunk({ role: 'assistant', content: 'yes' }) + end, { headers: { 'content-type': 'text/event-stream' } });
    },
  });
  return { count, base: `http://127.0.0.1:${server.port}/v1`, stop: () => server.stop(true) };
};

describe.skipIf(missing !== undefined)('a key at four gateways', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-many-'));
  let redis: TestRedis;
  let provider: ReturnType<typeof startProvider>;
  let gateways: GatewayProcess[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    provider = startProvider();
    const yaml = `
model_list:
  - model_name: priced
    litellm_params: { model: openai/m, api_base: "${provider.base}", api_key: sk-upstream, input_cost_per_token: 0.000001, output_cost_per_token: 0.00001 }
general_settings: { master_key: ${masterKey} }
`;
    const env = { REDIS_URL: redis.url, DATABASE_URL: `sqlite:${join(folder, 'shared.db')}` };
    // The first one makes the tables.
    gateways = [await startGatewayProcess(yaml, env)];
    gateways.push(...(await Promise.all([2, 3, 4].map(() => startGatewayProcess(yaml, env)))));
    const deadline = performance.now() + 20_000;
    while (!(await Promise.all(gateways.map((each) => each.metric('sluice_instances')))).every((seen) => seen === 4)) {
      if (performance.now() > deadline) throw new Error('They do not see each other.');
      await Bun.sleep(50);
    }
  }, 90_000);
  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await provider?.stop();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  const post = (at: number, path: string, key: string, body: object, signal?: AbortSignal): Promise<Response> =>
    fetch(`${gateways[at % 4]!.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });
  const newKey = async (limits: object) => ((await (await post(0, '/key/generate', masterKey, limits)).json()) as { key: string }).key;
  const call = async (at: number, key: string, more: object = {}) => {
    const response = await post(at, '/v1/chat/completions', key, {
      model: 'priced',
      messages: [{ role: 'user', content: 'hi' }],
      max_tokens: 10,
      ...more,
    });
    const text = await response.text();
    return { status: response.status, text, cost: Number(response.headers.get('x-litellm-response-cost') ?? 0) };
  };
  const statuses = (answers: readonly { status: number }[], status: number) => answers.filter((each) => each.status === status).length;
  const burst = (key: string, count: number, more?: object) => Promise.all(Array.from({ length: count }, (_, at) => call(at, key, more)));
  /** Calls that were decided by shares: where a busy machine kept Redis from replying in time, that is part of the promise. */
  const alone = async () => {
    const counts = await Promise.all(gateways.map((each) => each.metric('sluice_limits_without_redis_total{how="local_share"}')));
    return counts.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  };
  const spendOf = async (at: number, key: string) => {
    const response = await fetch(`${gateways[at]!.url}/key/info?key=${key}`, { headers: { authorization: `Bearer ${masterKey}` } });
    return ((await response.json()) as { info: { spend: number } }).info.spend;
  };

  test('FP-6: 1,000 calls at once, 100 requests a minute: 100 are served', async () => {
    // Code that never ran takes its time.
    for (let round = 0; round < 5; round++) await burst(await newKey({ rpm_limit: 1 }), 40);
    const before = await alone();
    const answers = await burst(await newKey({ rpm_limit: 100 }), 1000);
    const served = statuses(answers, 200);
    expect(served + statuses(answers, 429)).toBe(1000);
    if ((await alone()) === before) expect(served).toBe(100);
    // By shares, each at most a quarter of it.
    else expect(served).toBeWithin(1, 201);
  }, 60_000);

  test('calls at the same time: never more than there are places, whole or streamed', async () => {
    const key = await newKey({ max_parallel_requests: 10 });
    provider.count.mostOpen = 0;
    const before = await alone();
    const answers = (await Promise.all([burst(key, 200), burst(key, 200, { stream: true })])).flat();
    expect(provider.count.mostOpen).toBeWithin(1, (await alone()) === before ? 11 : 19);
    expect(statuses(answers, 200) + statuses(answers, 429)).toBe(400);
    // All places are free again.
    const deadline = performance.now() + 5000;
    for (;;) {
      const again = await burst(key, 10);
      if (statuses(again, 200) === 10) break;
      if (performance.now() > deadline) throw new Error(`Only ${statuses(again, 200)} of 10 places came back.`);
    }
  }, 60_000);

  test('FP-5: 1,000 calls at once, whole, streamed, and by clients that leave: spend never passes the cap, and all gateways show it', async () => {
    const cap = 0.01;
    const before = await alone();
    const key = await newKey({ max_budget: cap });
    const leaving = async (at: number) => {
      const leave = new AbortController();
      setTimeout(() => leave.abort(), 20 + (at % 20));
      const body = { model: 'priced', messages: [{ role: 'user', content: 'hi' }], max_tokens: 10, stream: true };
      await post(at, '/v1/chat/completions', key, body, leave.signal).then(
        (response) => response.text().catch(() => ''),
        () => '',
      );
    };
    const [whole, streamed] = await Promise.all([
      burst(key, 400),
      burst(key, 400, { stream: true }),
      Promise.all(Array.from({ length: 200 }, (_, at) => leaving(at))),
    ]);
    // What was taken for calls that are over comes back, so that all but the last is spent.
    for (let [at, refused] = [0, 0]; refused < 20 && at < 400; at++) {
      if ((await call(at, key)).status === 200) refused = 0;
      else {
        refused += 1;
        await Bun.sleep(50);
      }
    }
    expect(statuses(whole, 200) + statuses(streamed, 200)).toBeGreaterThan(10);
    expect(statuses(whole, 400)).toBeGreaterThan(0);
    await Bun.sleep(5000);
    const shown = await Promise.all([0, 1, 2, 3].map((at) => spendOf(at, key)));
    expect(new Set(shown).size).toBe(1);
    expect(shown[0]!).toBeWithin(cap * 0.95, cap * ((await alone()) === before ? 1.000001 : 1.25));
  }, 90_000);
});
