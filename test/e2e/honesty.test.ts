import { afterEach, expect, test } from 'bun:test';
import { completion, jsonAnswer, oneModel, smallest, startGateway, startRawUpstream, type Gateway, type RawUpstream } from './harness.ts';

let gateway: Gateway | undefined;
let upstream: RawUpstream | undefined;
afterEach(async () => {
  await gateway?.stop();
  await upstream?.stop();
  gateway = upstream = undefined;
});

const start = async (answer: Parameters<typeof startRawUpstream>[0], extra = 'router_settings: { num_retries: 0 }') => {
  upstream = await startRawUpstream(answer);
  gateway = await startGateway(oneModel(upstream.base, extra));
  return gateway;
};

const chat = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] };
type ErrorBody = { error: { message: string; type?: string; code?: string } };
const errorOf = async (response: Response): Promise<ErrorBody['error']> => ((await response.json()) as ErrorBody).error;

test('FP-26, FP-27: no key, prompt or client credential where it does not belong', async () => {
  const { post, lines, url } = await start((socket, text) => {
    const key = /authorization: Bearer (\S+)/i.exec(text)?.[1];
    // A provider that echoes the key that it refuses.
    socket.write(
      text.includes('refuse')
        ? jsonAnswer(
            { error: { message: `Incorrect API key provided: ${key}`, type: 'invalid_request_error', code: 'invalid_api_key' } },
            401,
          )
        : jsonAnswer(completion('ok')),
    );
  });
  const outputs: string[] = [];
  for (const { path, body } of smallest(false)) {
    for (const word of ['Hello', 'refuse']) {
      const response = await post(path, JSON.stringify(body).replace('Hello', `${word} prompt-canary-4f1d`), {
        headers: { cookie: 'client-cookie-canary', 'x-api-key': 'client-key-canary' },
      });
      outputs.push(JSON.stringify([...response.headers]), await response.text());
    }
  }
  outputs.push(await (await fetch(`${url}/metrics`)).text(), ...lines);
  const all = outputs.join('\n');
  expect(all).not.toContain('sk-upstream-canary-77e1');
  expect(all).not.toContain('sk-e2e-9c1185a5c5e9fc54612808977ee8f548');
  expect(lines.join('\n')).not.toContain('prompt-canary');
  for (const { text } of upstream!.requests) {
    expect(text).not.toContain('client-cookie-canary');
    expect(text).not.toContain('client-key-canary');
    expect(text).not.toContain('sk-e2e-9c1185a5c5e9fc54612808977ee8f548');
  }
});

test('FP-27: credentials and addresses in a request are refused by name, and reach nobody', async () => {
  const { post, lines } = await start((socket) => socket.write(jsonAnswer(completion('ok'))));
  for (const name of ['api_key', 'api_base', 'aws_secret_access_key', 'vertex_credentials', 'azure_ad_token']) {
    const response = await post('/v1/chat/completions', { ...chat, [name]: 'client-secret-canary' });
    expect([response.status, (await errorOf(response)).message]).toEqual([400, expect.stringContaining(`'${name}'`)]);
  }
  expect(upstream!.requests).toHaveLength(0);
  expect(lines.join()).not.toContain('client-secret-canary');
});

test('the same format goes through untouched, both ways', async () => {
  const answer =
    '{ "id":"c1",  "object":"chat.completion","created":1,"model":"m","choices":[ {"index":0,"message":{"role":"assistant","content":"ü"},"finish_reason":"stop"}],"vendor":1.0 }';
  const { post } = await start((socket) => void socket.write(jsonAnswer(answer)));
  const sent =
    '{"messages" : [{"role":"user","content":"\\u00fc"}], "model":"m", "seed": 12345678901234567890, "vendor_novelty": {"a": 1.0}}';
  const response = await post('/v1/chat/completions', sent);
  expect(await response.text()).toBe(answer);
  expect(upstream!.requests[0]!.text.split('\r\n\r\n')[1]).toBe(sent);
});

test('FP-31: what was dropped is reported, and refused where it may not be', async () => {
  const anthropic = (base: string, drop: boolean) =>
    `model_list:\n  - { model_name: m, litellm_params: { model: anthropic/claude-sonnet-4-5, api_base: "${base.replace('/v1', '')}", api_key: k, drop_params: ${drop} } }\nrouter_settings: { num_retries: 0 }`;
  const reply = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [{ type: 'text', text: 'ok' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  };
  upstream = await startRawUpstream((socket) => void socket.write(jsonAnswer(reply)));
  gateway = await startGateway(anthropic(upstream.base, false));
  const refused = await gateway.post('/v1/chat/completions', { ...chat, logprobs: true });
  expect(refused.status).toBe(400);
  expect((await errorOf(refused)).message).toContain("'logprobs'");
  const asked = await gateway.post('/v1/chat/completions', { ...chat, logprobs: true, drop_params: true });
  expect(asked.status).toBe(200);
  gateway.reload(anthropic(upstream.base, true));
  const kept = await gateway.post('/v1/chat/completions', { ...chat, logprobs: true, drop_params: false });
  expect(kept.status).toBe(400);
  const dropped = await gateway.post('/v1/chat/completions', { ...chat, logprobs: true });
  expect(dropped.status).toBe(200);
  expect(dropped.headers.get('x-sluice-dropped-params')).toContain('logprobs');
  expect(gateway.calls().at(-1)!['dropped']).toContain('logprobs');
});
