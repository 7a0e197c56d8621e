import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { masterKey, startGateway, type Gateway } from './harness.ts';
import { leastOf, longestTurnMs } from '../kit/cpu.ts';

// LiteLLM's routes about models, and its utilities (its OpenAPI, read 2026-11-22).

let upstream: Bun.Server<undefined>;
let gateway: Gateway;
const got: { path: string; body: unknown }[] = [];

beforeAll(async () => {
  upstream = Bun.serve({
    port: 0,
    async fetch(request) {
      got.push({ path: new URL(request.url).pathname, body: await request.json() });
      return Response.json({ input_tokens: 42 });
    },
  });
  gateway = await startGateway(`
model_list:
  - { model_name: smart, litellm_params: { model: openai/gpt-4o, api_key: sk-secret, api_base: "${upstream.url}v1", rpm: 10, itpm: 100, otpm: 20 }, model_info: { id: one, team: blue } }
  - { model_name: smart, litellm_params: { model: azure/deployed, api_key: sk-secret, api_base: "${upstream.url}", rpm: 5 }, model_info: { base_model: azure/gpt-4o-mini, input_cost_per_token: 0.000001 } }
  - { model_name: claude, litellm_params: { model: anthropic/claude-sonnet-4-6, api_key: sk-secret, api_base: "${upstream.url}" } }
  - { model_name: "groq/*", litellm_params: { model: groq/*, api_key: sk-secret } }
`);
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop(true);
});

interface Entry {
  model_name: string;
  litellm_params: Record<string, unknown>;
  model_info: Record<string, unknown>;
}

const get = async (
  path: string,
): Promise<{ status: number; text: string; json: { data: Record<string, unknown>[] } & Record<string, unknown> }> => {
  const response = await fetch(gateway.url + path, { headers: { authorization: `Bearer ${masterKey}` } });
  const text = await response.text();
  return { status: response.status, text, json: JSON.parse(text) };
};

describe('/model/info', () => {
  test.each(['/model/info', '/v1/model/info'])('%s: what is known of each deployment, and no secret', async (path) => {
    const { json, text } = await get(path);
    const [one, two] = json.data as unknown as Entry[];
    expect(json.data.length).toBe(4);
    expect(one).toMatchObject({
      model_name: 'smart',
      litellm_params: { model: 'openai/gpt-4o', rpm: 10, itpm: 100, otpm: 20 },
      model_info: { id: 'one', team: 'blue', input_cost_per_token: 2.5e-6, max_input_tokens: 128_000, supports_vision: true, mode: 'chat' },
    });
    expect(two!.model_info).toMatchObject({ base_model: 'azure/gpt-4o-mini', input_cost_per_token: 1e-6, output_cost_per_token: 6e-7 });
    expect(text).not.toContain('sk-secret');
    expect(text).not.toContain(String(upstream.port));
  });

  test('of one deployment', async () => {
    expect((await get('/model/info?litellm_model_id=one')).json.data.length).toBe(1);
    expect((await get('/model/info?litellm_model_id=nobody')).status).toBe(404);
  });

  test('needs a key', async () => {
    expect((await fetch(`${gateway.url}/model/info`)).status).toBe(401);
  });
});

describe('/model_group/info', () => {
  test('deployments of a name together', async () => {
    const { json } = await get('/model_group/info?model_group=smart');
    expect(json.data).toMatchObject([
      {
        model_group: 'smart',
        providers: ['openai', 'azure'],
        rpm: 15,
        tpm: null,
        itpm: 100,
        otpm: 20,
        max_input_tokens: 128_000,
        input_cost_per_token: 2.5e-6,
        supports_vision: true,
        supports_reasoning: false,
      },
    ]);
    expect(json.data[0]!['supported_openai_params']).toContain('tools');
  });

  test('a name that a wildcard takes', async () => {
    const { json } = await get('/model_group/info?model_group=groq/llama-3.3-70b-versatile');
    expect(json.data).toMatchObject([{ providers: ['groq'], input_cost_per_token: 5.9e-7 }]);
    expect((await get('/model_group/info?model_group=nobody')).status).toBe(404);
  });

  test('all of them', async () => {
    expect((await get('/model_group/info')).json.data.map((each) => each['model_group'])).toEqual(['smart', 'claude', 'groq/*']);
  });
});

describe('/utils', () => {
  const post = async (path: string, body: object): Promise<Record<string, unknown>> =>
    (await gateway.post(path, body)).json() as Promise<Record<string, unknown>>;

  test("token_counter counts with the model's own vocabulary", async () => {
    const counted = await post('/utils/token_counter', {
      model: 'smart',
      messages: [{ role: 'user', content: 'Hello, how are you today?' }],
    });
    // Seven words and marks, the role, three around the message and three before the answer.
    expect(counted).toMatchObject({ total_tokens: 14, request_model: 'smart', model_used: 'gpt-4o', tokenizer_type: 'openai_tokenizer' });
    expect(await post('/utils/token_counter', { model: 'smart', prompt: 'hello world' })).toMatchObject({ total_tokens: 2 });
    expect(await post('/utils/token_counter', { model: 'claude', prompt: 'x'.repeat(40) })).toMatchObject({
      total_tokens: 10,
      tokenizer_type: 'estimate',
    });
  });

  test('token_counter asks the provider where it is told to', async () => {
    const messages = [
      { role: 'system', content: 'short' },
      { role: 'user', content: 'hi' },
    ];
    const counted = await post('/utils/token_counter?call_endpoint=true', { model: 'claude', messages });
    expect(counted).toMatchObject({ total_tokens: 42, tokenizer_type: 'anthropic_api', original_response: { input_tokens: 42 } });
    expect(got.at(-1)).toMatchObject({ path: '/v1/messages/count_tokens', body: { system: 'short', messages: [{ role: 'user' }] } });
  });

  test('supported_openai_params', async () => {
    const { json } = await get('/utils/supported_openai_params?model=claude');
    expect(json['supported_openai_params']).toContain('temperature');
    expect(json['supported_openai_params']).not.toContain('logit_bias');
    expect((await get('/utils/supported_openai_params?model=nobody')).status).toBe(404);
    const of = async (type: string, model = 'claude') =>
      (await get(`/utils/supported_openai_params?model=${model}&request_type=${type}`)).json['supported_openai_params'];
    expect(await of('chat_completion')).toEqual(json['supported_openai_params']);
    expect(await of('embeddings')).toEqual([]);
    expect(await of('image_generation')).toEqual([]);
    const unknown = await get('/utils/supported_openai_params?model=claude&request_type=nonsense');
    expect([unknown.status, unknown.json['error']]).toMatchObject([400, { param: 'request_type' }]);
  });

  test('supported_openai_params of other kinds of calls', async () => {
    const gateway = await startGateway(`
model_list:
  - { model_name: o, litellm_params: { model: openai/x, api_key: k } }
  - { model_name: v, litellm_params: { model: voyage/x, api_key: k } }
  - { model_name: e, litellm_params: { model: elevenlabs/x, api_key: k } }
`);
    const of = async (model: string, type: string) => {
      const url = `${gateway.url}/utils/supported_openai_params?model=${model}&request_type=${type}`;
      const answer = await fetch(url, { headers: { authorization: `Bearer ${masterKey}` } });
      return ((await answer.json()) as Record<string, unknown>)['supported_openai_params'];
    };
    expect(await of('o', 'embeddings')).toEqual(['dimensions', 'encoding_format', 'user']);
    expect(await of('v', 'embedding')).toEqual(['dimensions']);
    expect(await of('o', 'transcription')).toContain('timestamp_granularities');
    expect(await of('o', 'image_generation')).toContain('quality');
    expect(await of('e', 'audio_speech')).toBeNull();
    expect(await of('e', 'image_generation')).toEqual([]);
    await gateway.stop();
  });

  test('transform_request shows what would be sent, and no key', async () => {
    const before = got.length;
    const request = { model: 'claude', messages: [{ role: 'user', content: 'hi' }], max_tokens: 5 };
    const shown = await post('/utils/transform_request', { call_type: 'completion', request_body: request });
    expect(shown).toMatchObject({
      raw_request_api_base: `${upstream.url}v1/messages`,
      raw_request_body: { model: 'claude-sonnet-4-6', max_tokens: 5, messages: [{ role: 'user' }] },
      raw_request_headers: { 'x-api-key': '*****' },
    });
    expect(JSON.stringify(shown)).not.toContain('sk-secret');
    expect(got.length).toBe(before);
    expect(await post('/utils/transform_request', { call_type: 'embedding', request_body: request })).toMatchObject({
      error: { type: 'invalid_request_error' },
    });
  });

  test('FP-9: a million tokens to be counted hold nobody up for 50 ms', async () => {
    // The tokenizer is there from the tests before; what is measured is for how long the gateway, which runs on this
    // thread, hears of nothing else.
    const long = 'The quick brown fox jumps over the lazy dog. '.repeat(100_000);
    const body = JSON.stringify({ model: 'smart', messages: [{ role: 'user', content: long }] });
    const heldUp = async (): Promise<number> => {
      const answer = gateway.post('/utils/token_counter', body);
      // The body itself is read and parsed at once, as every request's is.
      await Bun.sleep(100);
      const longest = await longestTurnMs(async () => {
        const each = fetch(`${gateway.url}/health/liveliness`);
        await answer;
        expect((await each).status).toBe(200);
      });
      expect(((await (await answer).json()) as { total_tokens: number }).total_tokens).toBeGreaterThanOrEqual(1_000_000);
      return longest;
    };
    expect(await leastOf(3, heldUp)).toBeLessThan(50);
  }, 30_000);
});
