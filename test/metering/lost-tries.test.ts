import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startGateway, type Gateway } from '../e2e/harness.ts';
import { answerTokens, promptTokens, startTeller, type Teller } from './teller.ts';

/* A try that lost to another one was sent all the same, and its vendor bills the prompt (FP-3). */

let slow: Teller;
let fast: Teller;
let gateway: Gateway;

beforeAll(async () => {
  slow = startTeller();
  fast = startTeller();
  slow.silent = true;
  const entry = (url: string, order: number) =>
    `  - { model_name: raced, litellm_params: { model: openai/gpt-4o, api_base: "${url}v1", api_key: k, order: ${order}, input_cost_per_token: 1e-6, output_cost_per_token: 1e-5 } }`;
  gateway = await startGateway(`
model_list:
${entry(slow.url, 1)}
${entry(fast.url, 2)}
router_settings: { num_retries: 0, disable_cooldowns: true }
sluice_settings: { routing: { hedging: { after_ms: 30 } } }
`);
});
afterAll(async () => {
  await gateway.stop();
  await Promise.all([slow.stop(), fast.stop()]);
});

test('the loser of a race costs its prompt besides', async () => {
  const before = gateway.calls().length;
  const body = { model: 'raced', stream: true, messages: [{ role: 'user', content: 'Tell me something. '.repeat(20) }] };
  const response = await gateway.post('/v1/chat/completions', body);
  await response.text();
  expect(response.status).toBe(200);
  const line = gateway.calls()[before]!;
  expect(line).toMatchObject({
    inputTokens: promptTokens,
    outputTokens: answerTokens,
    cost_nano_usd: promptTokens * 1000 + answerTokens * 10_000,
  });
  expect(slow.requests).toBeGreaterThan(0);
  // About 95 tokens at a microdollar.
  expect(line['lost_cost_nano_usd']).toBeGreaterThan(80_000);
  expect(line['lost_cost_nano_usd']).toBeLessThan(120_000);
});
