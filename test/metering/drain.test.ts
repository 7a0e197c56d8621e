import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startGateway, type Gateway } from '../e2e/harness.ts';
import { answerTokens, promptTokens, startTeller, type Teller } from './teller.ts';

/* A client that leaves pays what its provider says, where the gateway reads on for it (FP-3: `on_client_disconnect: drain`). */

let upstream: Teller;
let gateway: Gateway;

beforeAll(async () => {
  upstream = startTeller();
  const entry = (name: string, model: string, path: string) =>
    `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${upstream.url}${path}", api_key: k, input_cost_per_token: 1e-6, output_cost_per_token: 1e-5 } }`;
  gateway = await startGateway(`
model_list:
${entry('openai', 'openai/gpt-4o', 'v1')}
${entry('anthropic', 'anthropic/claude-sonnet-4-5', '')}
router_settings: { num_retries: 0, disable_cooldowns: true }
sluice_settings: { on_client_disconnect: drain, client_disconnect_drain_ms: 1000 }
`);
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const lineAfter = async (before: number): Promise<Record<string, unknown>> => {
  for (let waited = 0; waited < 5000; waited += 5) {
    const line = gateway.calls()[before];
    if (line) return line;
    await Bun.sleep(5);
  }
  throw new Error('the call was not accounted');
};

const leave = async (model: string, stream: boolean) => {
  const before = gateway.calls().length;
  const seen = upstream.requests;
  const leaving = new AbortController();
  const body = { model, stream, messages: [{ role: 'user', content: 'Tell me something.' }] };
  const sent = gateway.post('/v1/chat/completions', body, { signal: leaving.signal });
  if (stream) {
    const reader = (await sent).body!.getReader();
    await reader.read();
    leaving.abort();
    await reader.read().catch(() => {});
  } else {
    while (upstream.requests === seen) await Bun.sleep(2);
    leaving.abort();
    await sent.catch(() => {});
  }
  const line = await lineAfter(before);
  await Bun.sleep(20);
  expect(gateway.calls()).toHaveLength(before + 1);
  return line;
};

for (const model of ['openai', 'anthropic'])
  for (const stream of [true, false])
    test(`${model}, ${stream ? 'streamed' : 'whole'}: what its provider counts, once`, async () => {
      upstream.pieces = 1;
      upstream.delayMs = 100;
      const line = await leave(model, stream);
      upstream.delayMs = 0;
      expect(line).toMatchObject({ status: 499, inputTokens: promptTokens, outputTokens: answerTokens });
      expect(line['cost_nano_usd']).toBe(promptTokens * 1000 + answerTokens * 10_000);
      expect(line).not.toHaveProperty('usageEstimated');
    });

test('not for ever: then it is cancelled, and counted here', async () => {
  upstream.silent = true;
  const startedAt = performance.now();
  const line = await leave('openai', false);
  upstream.silent = false;
  expect(performance.now() - startedAt).toBeGreaterThan(900);
  expect(line).toMatchObject({ status: 499, outputTokens: 0, usageEstimated: true });
  expect(line['cost_nano_usd']).toBeGreaterThan(0);
});
