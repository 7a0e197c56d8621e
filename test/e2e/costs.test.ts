import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { masterKey, startGateway, type Gateway } from './harness.ts';

/*
 * What a call costs: in its headers, in its line of the log, in the metrics. Prices are those that the configuration says,
 * or a map that it loads, so that what is expected can be worked out here.
 */

const usage = { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100, prompt_tokens_details: { cached_tokens: 400 } };
let answers: object;
let map: object | undefined;
let mapReads = 0;
let upstream: Bun.Server<undefined>;
let gateway: Gateway;

const answer = (model: string, more: object = {}) => ({
  id: 'x',
  object: 'chat.completion',
  model,
  choices: [{ index: 0, message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }],
  usage,
  ...more,
});

const yaml = () => `
model_list:
  - { model_name: priced, litellm_params: { model: openai/gpt-4o, api_base: "${upstream.url}v1", api_key: k } }
  - { model_name: own, litellm_params: { model: openai/gpt-4o, api_base: "${upstream.url}v1", api_key: k, input_cost_per_token: 1e-6, output_cost_per_token: 2e-6, cache_read_input_token_cost: 0 } }
  - { model_name: by-info, litellm_params: { model: openai_like/x, api_base: "${upstream.url}v1", api_key: k }, model_info: { input_cost_per_token: 1e-6, output_cost_per_token: 0, cache_read_input_token_cost: 1e-7, max_input_tokens: 5000 } }
  - { model_name: by-base, litellm_params: { model: azure/deployed, api_base: "${upstream.url}", api_key: k }, model_info: { base_model: azure/gpt-4o } }
  - { model_name: unknown, litellm_params: { model: openai_like/who-knows, api_base: "${upstream.url}v1", api_key: k } }
  - { model_name: mapped, litellm_params: { model: openai_like/mapped-model, api_base: "${upstream.url}v1", api_key: k } }
  - { model_name: bare, litellm_params: { model: gpt-4o, api_base: "${upstream.url}v1", api_key: k } }
  - { model_name: ears, litellm_params: { model: whisper-1, api_base: "${upstream.url}v1", api_key: k } }
  - { model_name: open-weights, litellm_params: { model: gpt-oss-120b, api_base: "${upstream.url}v1", api_key: k } }
  - { model_name: cheaper, litellm_params: { model: groq/llama-3.3-70b-versatile, api_base: "${upstream.url}v1", api_key: k, cache_read_input_token_cost: 0 } }
litellm_settings:
  cost_discount_config: { groq: 0.05 }
  cost_margin_config: { groq: { percentage: 0.1, fixed_amount: 0.001 } }
sluice_settings:
  price_map: { url: "${upstream.url}map.json", refresh_minutes: 0.001 }
`;

beforeAll(async () => {
  upstream = Bun.serve({
    port: 0,
    async fetch(request) {
      if (new URL(request.url).pathname === '/map.json') {
        mapReads += 1;
        return map === undefined ? new Response('gone', { status: 503 }) : Response.json(map);
      }
      if (request.headers.get('content-type')?.startsWith('multipart/')) return Response.json(answers);
      const body = (await request.json()) as { model: string; stream?: boolean };
      if (!body.stream) return Response.json(answers);
      const chunk = { id: 'x', object: 'chat.completion.chunk', model: body.model };
      const events = [
        { ...chunk, choices: [{ index: 0, delta: { content: 'ok' }, finish_reason: 'stop' }] },
        { ...chunk, choices: [], usage },
      ];
      return new Response(`${events.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('')}data: [DONE]\n\n`, {
        headers: { 'content-type': 'text/event-stream' },
      });
    },
  });
  gateway = await startGateway(yaml());
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop(true);
});

const ask = async (model: string, more: object = {}, path = '/v1/chat/completions') => {
  answers = answer(model);
  const response = await gateway.post(path, { model, messages: [{ role: 'user', content: 'hi' }], ...more });
  expect(response.status).toBe(200);
  await response.text();
  return { headers: response.headers, line: gateway.calls().at(-1)! };
};

describe('what a call costs', () => {
  test('by the catalog: 600 x 2.5/M + 400 x 1.25/M + 100 x 10/M', async () => {
    const { headers, line } = await ask('priced');
    expect(headers.get('x-litellm-response-cost')).toBe('0.003');
    expect(headers.get('x-litellm-response-cost-original')).toBeNull();
    expect(line).toMatchObject({ cost_nano_usd: 3_000_000 });
    expect(line).not.toHaveProperty('cost');
  });

  test('of a stream: in the log, since its headers go out before', async () => {
    const { headers, line } = await ask('priced', { stream: true, stream_options: { include_usage: true } });
    expect(headers.get('x-litellm-response-cost')).toBeNull();
    expect(headers.get('x-sluice-cost')).toBeNull();
    expect(line).toMatchObject({ cost_nano_usd: 3_000_000 });
  });

  test('translated or passed through, the same', async () => {
    const { headers } = await ask('priced', { max_tokens: 10 }, '/v1/messages');
    expect(headers.get('x-litellm-response-cost')).toBe('0.003');
  });

  test('by what a deployment says: in litellm_params, or in model_info', async () => {
    expect((await ask('own')).headers.get('x-litellm-response-cost')).toBe('0.0008');
    expect((await ask('by-info')).headers.get('x-litellm-response-cost')).toBe('0.00064');
  });

  test('by what a private name really is', async () => {
    expect((await ask('by-base')).headers.get('x-litellm-response-cost')).toBe('0.003');
  });

  test('a bare name of OpenAI’s at an address of one’s own has OpenAI’s price; open weights have none', async () => {
    expect((await ask('bare')).headers.get('x-litellm-response-cost')).toBe('0.003');
    expect((await ask('open-weights')).headers.get('x-sluice-cost')).toBe('unknown');
    answers = { text: 'hi', usage: { type: 'duration', seconds: 30 } };
    const form = new FormData();
    form.set('model', 'ears');
    form.set('file', new File(['RIFF'], 'a.wav'));
    const heard = await fetch(`${gateway.url}/v1/audio/transcriptions`, {
      method: 'POST',
      body: form,
      headers: { authorization: `Bearer ${masterKey}` },
    });
    expect([heard.status, heard.headers.get('x-litellm-response-cost')]).toEqual([200, '0.003']);
  });

  test('unknown is told, and is not 0', async () => {
    const { headers, line } = await ask('unknown');
    expect(headers.get('x-litellm-response-cost')).toBeNull();
    expect(headers.get('x-sluice-cost')).toBe('unknown');
    expect(line).toMatchObject({ cost: 'unknown', costUnknownWhy: 'no price is known for this model' });
    expect(line).not.toHaveProperty('cost_nano_usd');
  });

  test('with what is taken off and put on', async () => {
    // 600 x 0.59/M + 100 x 0.79/M = 0.000433; 5 % off is 0.00041135; 10 % and a tenth of a cent on top.
    const { headers, line } = await ask('cheaper');
    expect(headers.get('x-litellm-response-cost-original')).toBe('0.000433');
    expect(headers.get('x-litellm-response-cost-discount-amount')).toBe('0.00002165');
    expect(headers.get('x-litellm-response-cost-margin-amount')).toBe('0.001041135');
    expect(headers.get('x-litellm-response-cost')).toBe('0.001452485');
    expect(line).toMatchObject({ cost_nano_usd: 1_452_485 });
  });

  test('a failed call costs nothing, and says nothing', async () => {
    const response = await gateway.post('/v1/chat/completions', { model: 'nobody', messages: [] });
    expect(response.headers.get('x-sluice-cost')).toBeNull();
    expect(gateway.calls().at(-1)).not.toHaveProperty('cost');
  });

  test('in the metrics', async () => {
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(text).toContain('sluice_spend_usd_total{route="chat",model="own",provider="openai"} 0.0008');
    expect(text).toContain('sluice_unpriced_calls_total{route="chat",model="unknown",provider="openai_like"} 1');
  });
});

describe('a price map', () => {
  const until = async (done: () => Promise<boolean>) => {
    for (let tries = 0; tries < 100; tries++) {
      if (await done()) return;
      await Bun.sleep(30);
    }
    throw new Error('it did not come to be');
  };
  const row = {
    litellm_provider: 'openai_like',
    input_cost_per_token: 1e-6,
    output_cost_per_token: 1e-6,
    cache_read_input_token_cost: 1e-6,
  };
  const costOfMapped = async () => (await ask('mapped')).headers.get('x-litellm-response-cost');

  test('is loaded, refreshed, and swapped whole; a broken one is not taken', async () => {
    expect(await costOfMapped()).toBeNull();
    const four = Object.fromEntries(['a', 'b', 'c'].map((name) => [`openai_like/${name}`, row]));
    map = { ...four, 'openai_like/mapped-model': row };
    await until(async () => (await costOfMapped()) === '0.0011');
    map = { ...four, 'openai_like/mapped-model': { ...row, input_cost_per_token: 2e-6, cache_read_input_token_cost: 2e-6 } };
    await until(async () => (await costOfMapped()) === '0.0021');
    // More than half of it is gone: the last one stays.
    map = { 'openai_like/a': row };
    const read = mapReads;
    await until(async () => mapReads > read + 1);
    expect(await costOfMapped()).toBe('0.0021');
    expect(gateway.lines.some((line) => line.includes('is not taken'))).toBe(true);
    map = undefined;
    const later = mapReads;
    await until(async () => mapReads > later + 1);
    expect(await costOfMapped()).toBe('0.0021');
  });
});
