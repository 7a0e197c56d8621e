import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { estimateTokens } from 'sluice/kit';
import { startGateway, type Gateway } from '../e2e/harness.ts';
import { startTeller, type Teller } from './teller.ts';

/*
 * A client that leaves pays for what was produced (FP-3), and a stream that counts nothing is not free (FP-14). Prices are whole
 * numbers, so that what is expected can be worked out here: a micro-dollar a token in, ten a token out.
 */

let upstream: Teller;
let gateway: Gateway;

const priced = 'input_cost_per_token: 1e-6, output_cost_per_token: 1e-5';
const [inputNano, outputNano] = [1000, 10_000];

beforeAll(async () => {
  upstream = startTeller();
  const entry = (name: string, model: string, path: string) =>
    `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${upstream.url}${path}", api_key: k, ${priced} } }`;
  gateway = await startGateway(`
model_list:
${entry('openai', 'openai/gpt-4o', 'v1')}
${entry('anthropic', 'anthropic/claude-sonnet-4-5', '')}
${entry('gemini', 'gemini/gemini-2.5-flash', '')}
${entry('ollama', 'ollama_chat/llama', '')}
router_settings: { num_retries: 0, disable_cooldowns: true }
`);
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const prompt = 'Tell me something long, please. '.repeat(20);
const clients = {
  chat: { path: '/v1/chat/completions', body: (model: string) => ({ model, messages: [{ role: 'user', content: prompt }] }) },
  messages: { path: '/v1/messages', body: (model: string) => ({ model, max_tokens: 500, messages: [{ role: 'user', content: prompt }] }) },
  responses: { path: '/v1/responses', body: (model: string) => ({ model, input: prompt }) },
  gemini: {
    path: (model: string, stream: boolean) => `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: () => ({ contents: [{ role: 'user', parts: [{ text: prompt }] }] }),
  },
} as const;
type Client = keyof typeof clients;

const send = (client: Client, model: string, stream: boolean, signal?: AbortSignal) => {
  const { path, body } = clients[client];
  const to = typeof path === 'string' ? path : path(model, stream);
  const sent = client === 'gemini' ? clients.gemini.body() : { ...(body as (model: string) => object)(model), ...(stream && { stream }) };
  return gateway.post(to, sent, signal ? { signal } : {});
};

/** The line of the call that is over next. */
const lineAfter = async (before: number): Promise<Record<string, unknown>> => {
  for (let waited = 0; waited < 5000; waited += 5) {
    const line = gateway.calls()[before];
    if (line) return line;
    await Bun.sleep(5);
  }
  throw new Error('the call was not accounted');
};

/** Reads until there is so much of an answer, and leaves. */
const leaveAfter = async (client: Client, model: string, pieces: number) => {
  const before = gateway.calls().length;
  upstream.pieces = pieces;
  upstream.delayMs = 300;
  const leaving = new AbortController();
  const response = await send(client, model, true, leaving.signal);
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (text.split('piece').length <= pieces) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`the answer ended: ${text.slice(0, 500)}`);
    text += decoder.decode(value, { stream: true });
  }
  upstream.delayMs = 0;
  leaving.abort();
  await reader.read().catch(() => {});
  const line = await lineAfter(before);
  await Bun.sleep(20);
  expect(gateway.calls()).toHaveLength(before + 1);
  return line;
};

const within = (value: unknown, expected: number, share: number) => {
  expect(value).toBeGreaterThanOrEqual(Math.floor(expected * (1 - share)));
  expect(value).toBeLessThanOrEqual(Math.ceil(expected * (1 + share)));
};

for (const model of ['openai', 'anthropic', 'gemini', 'ollama'])
  for (const client of Object.keys(clients) as Client[])
    describe(`${client} of ${model}`, () => {
      test.each([1, 20])('leaving after %i pieces costs the prompt and what was said', async (pieces) => {
        const line = await leaveAfter(client, model, pieces);
        expect(line).toMatchObject({ status: 499, errorCode: 'client_closed_request', usageEstimated: true });
        const said = estimateTokens(upstream.said);
        within(line['outputTokens'], said, 0.1);
        // Anthropic has said at the start how long the prompt was.
        if (model === 'anthropic') expect(line['inputTokens']).toBe(150);
        else within(line['inputTokens'], estimateTokens(prompt), 0.1);
        expect(line['cost_nano_usd']).toBe(Number(line['inputTokens']) * inputNano + Number(line['outputTokens']) * outputNano);
      });

      test('leaving before anything was said costs the prompt', async () => {
        const before = gateway.calls().length;
        for (const stream of [true, false]) {
          const seen = upstream.requests;
          upstream.silent = true;
          const leaving = new AbortController();
          const sent = send(client, model, stream, leaving.signal).catch(() => undefined);
          while (upstream.requests === seen) await Bun.sleep(2);
          leaving.abort();
          await sent;
          upstream.silent = false;
          const line = await lineAfter(before + (stream ? 0 : 1));
          expect(line).toMatchObject({ status: 499, outputTokens: 0, usageEstimated: true });
          within(line['inputTokens'], estimateTokens(prompt), 0.1);
          expect(line['cost_nano_usd']).toBe(Number(line['inputTokens']) * inputNano);
        }
      });

      test('an answer without usage is counted, whole and streamed', async () => {
        for (const stream of [true, false]) {
          const before = gateway.calls().length;
          upstream.pieces = 10;
          upstream.counts = false;
          const response = await send(client, model, stream);
          await response.text();
          upstream.counts = true;
          const line = await lineAfter(before);
          expect(line).toMatchObject({ status: 200, usageEstimated: true });
          within(line['outputTokens'], estimateTokens(upstream.said), 0.1);
          expect(line['cost_nano_usd']).toBeGreaterThan(0);
        }
      });

      test('one that is counted costs what its provider says', async () => {
        for (const stream of [true, false]) {
          const before = gateway.calls().length;
          upstream.pieces = 3;
          await (await send(client, model, stream)).text();
          const line = await lineAfter(before);
          expect(line).toMatchObject({ status: 200, inputTokens: 150, outputTokens: 40, cost_nano_usd: 150 * inputNano + 40 * outputNano });
          expect(line).not.toHaveProperty('usageEstimated');
        }
      });

      test('one that breaks off behind output costs what was said', async () => {
        const before = gateway.calls().length;
        upstream.pieces = 10;
        upstream.breaks = true;
        await (await send(client, model, true)).text().catch(() => '');
        upstream.breaks = false;
        const line = await lineAfter(before);
        expect(line).toMatchObject({ errorCode: 'stream_interrupted', usageEstimated: true });
        within(line['outputTokens'], estimateTokens(upstream.said), 0.1);
      });
    });

describe('what is refused costs nothing', () => {
  test.each(Object.keys(clients) as Client[])('%s', async (client) => {
    const before = gateway.calls().length;
    upstream.refuses = true;
    await (await send(client, 'openai', true)).text();
    upstream.refuses = false;
    const line = await lineAfter(before);
    expect(line['cost_nano_usd']).toBeUndefined();
    expect(line['lost_cost_nano_usd']).toBeUndefined();
  });
});
