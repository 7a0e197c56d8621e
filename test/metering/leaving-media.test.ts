import { afterAll, beforeAll, expect, test } from 'bun:test';
import { startGateway, type Gateway } from '../e2e/harness.ts';

/* Who leaves before the answer of a call that is billed by pieces, characters or seconds pays for what was asked for (FP-3). */

let upstream: Bun.Server<undefined>;
let gateway: Gateway;
let heard = 0;
let refuses = false;

beforeAll(async () => {
  upstream = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      await request.text();
      heard++;
      if (refuses) return Response.json({ error: { message: 'no' } }, { status: 400 });
      return new Promise<Response>(() => {});
    },
  });
  const entry = (name: string, model: string, prices: string) =>
    `  - { model_name: ${name}, litellm_params: { model: openai/${model}, api_base: "http://127.0.0.1:${upstream.port}/v1", api_key: k, ${prices} } }`;
  gateway = await startGateway(`
model_list:
${entry('by-image', 'my-painter', 'output_cost_per_image: 0.04')}
${entry('by-character', 'my-voice', 'input_cost_per_character: 1.5e-5')}
${entry('by-token', 'my-token-voice', 'input_cost_per_token: 1e-6, output_cost_per_audio_token: 1e-5')}
${entry('by-second', 'my-camera', 'output_cost_per_second: 0.1')}
  - { model_name: dalle, litellm_params: { model: openai/dall-e-3, api_base: "http://127.0.0.1:${upstream.port}/v1", api_key: k } }
router_settings: { num_retries: 0, disable_cooldowns: true }
`);
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop(true);
});

const lineAfter = async (before: number): Promise<Record<string, unknown>> => {
  for (let waited = 0; waited < 5000; waited += 5) {
    const line = gateway.calls()[before];
    if (line) return line;
    await Bun.sleep(5);
  }
  throw new Error('there is no line');
};

const leave = async (path: string, body: object): Promise<Record<string, unknown>> => {
  const [before, was] = [gateway.calls().length, heard];
  const leaving = new AbortController();
  const sent = gateway.post(path, body, { signal: leaving.signal }).catch(() => undefined);
  for (let waited = 0; waited < 3000 && heard === was; waited += 5) await Bun.sleep(5);
  leaving.abort();
  await sent;
  return lineAfter(before);
};

const nano = (usd: number) => Math.round(usd * 1e9);
const text = 'x'.repeat(300);

test.each<[string, string, object, number]>([
  ['images', '/v1/images/generations', { model: 'by-image', prompt: 'a cat', n: 3 }, nano(0.12)],
  ['speech by characters', '/v1/audio/speech', { model: 'by-character', input: text, voice: 'alloy' }, nano(300 * 1.5e-5)],
  ['speech by tokens', '/v1/audio/speech', { model: 'by-token', input: text, voice: 'alloy' }, nano(75 * 1e-6 + 400 * 1e-5)],
  ['videos', '/v1/videos', { model: 'by-second', prompt: 'a cat', seconds: '8' }, nano(0.8)],
  ['videos of the usual length', '/v1/videos', { model: 'by-second', prompt: 'a cat' }, nano(0.4)],
  ['images by size', '/v1/images/generations', { model: 'dalle', prompt: 'a cat', size: '1024x1024', quality: 'standard' }, nano(0.04)],
])('%s', async (_, path, body, cost) => {
  expect(await leave(path, body)).toMatchObject({ status: 499, cost_nano_usd: cost });
});

test('what was refused costs nothing', async () => {
  refuses = true;
  const before = gateway.calls().length;
  const answer = await gateway.post('/v1/images/generations', { model: 'by-image', prompt: 'a cat', n: 3 });
  refuses = false;
  expect(answer.status).toBe(400);
  expect((await lineAfter(before))['cost_nano_usd'] ?? 0).toBe(0);
});
