import { afterEach, describe, expect, test } from 'bun:test';
import {
  chat,
  chatBody,
  completion,
  createRig,
  delta,
  done,
  headOf,
  jsonAnswer,
  masterKey,
  oneModel,
  piece,
  readUntil,
  streamEnd,
  streamHead,
} from './harness.ts';

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await Bun.sleep(5);
};

// Each setting must be seen to do something: none is read and forgotten.

const { upstreamOf, gatewayOf, stopAll } = createRig();
afterEach(stopAll);

describe('headers of the client', () => {
  const given = {
    'x-team': 'a',
    'x-api-key': 'sk-client-canary',
    'x-my-key': 'sk-client-canary',
    'x-litellm-tags': 't',
    'anthropic-beta': 'b1',
  };
  test('stay here', async () => {
    const upstream = await upstreamOf();
    const gateway = await gatewayOf(oneModel(upstream.base));
    await chat(gateway, {}, given);
    expect(headOf(upstream)).not.toMatch(/x-team|client-canary|x-litellm|anthropic-beta/i);
  });
  test('go on where forward_client_headers_to_llm_api says so, but no key (FP-27) and no beta of another format', async () => {
    const upstream = await upstreamOf();
    const gateway = await gatewayOf(
      oneModel(upstream.base, 'general_settings: { forward_client_headers_to_llm_api: true, litellm_key_header_name: X-My-Key }'),
    );
    expect((await chat(gateway, {}, { ...given, 'x-my-key': masterKey, authorization: 'Bearer sk-client-canary' })).status).toBe(200);
    expect(headOf(upstream)).toContain('x-team: a');
    expect(headOf(upstream)).not.toMatch(/client-canary|x-litellm|anthropic-beta|x-my-key/i);
    expect(headOf(upstream)).not.toContain(masterKey);
  });
  test('anthropic-beta goes on to Anthropic alone, beside what the configuration adds', async () => {
    const upstream = await upstreamOf((socket) =>
      socket.write(
        jsonAnswer({
          id: 'm',
          type: 'message',
          role: 'assistant',
          model: 'c',
          content: [],
          stop_reason: 'end_turn',
          usage: { input_tokens: 1, output_tokens: 1 },
        }),
      ),
    );
    const gateway = await gatewayOf(
      `model_list: [{ model_name: m, litellm_params: { model: anthropic/claude-sonnet-4-5, api_base: "${upstream.base}", api_key: k, extra_headers: { anthropic-beta: b2 } } }]`,
    );
    const response = await gateway.post(
      '/v1/messages?beta=true',
      { ...chatBody, max_tokens: 3 },
      { headers: { ...given, 'anthropic-version': '2023-06-01' } },
    );
    expect(response.status).toBe(200);
    expect(headOf(upstream)).toMatch(/^anthropic-beta: b1,b2\r?$/im);
    expect(headOf(upstream)).not.toMatch(/x-team/);
  });
});

test('use_chat_completions_api: the Responses format goes by the chat endpoint', async () => {
  const upstream = await upstreamOf();
  const model = (extra: string) =>
    `model_list: [{ model_name: m, litellm_params: { model: openai/x, api_base: "${upstream.base}", api_key: k ${extra} } }]`;
  const gateway = await gatewayOf(model(', use_chat_completions_api: true'));
  expect(await (await gateway.post('/v1/responses', { model: 'm', input: 'Hi' })).json()).toMatchObject({
    object: 'response',
    status: 'completed',
  });
  expect(headOf(upstream)).toStartWith('POST /v1/chat/completions ');
});

test('base_model says what a private name can take', async () => {
  const upstream = await upstreamOf();
  const gateway = await gatewayOf(
    `model_list: [{ model_name: m, litellm_params: { model: azure/my-deployment, api_base: "${upstream.base.replace('/v1', '')}", api_key: k }, model_info: { base_model: azure/o3-mini } }]`,
  );
  await gateway.post('/v1/messages', { ...chatBody, max_tokens: 7 });
  expect(upstream.requests[0]!.text).toContain('"max_completion_tokens":7');
});

test('a proxy of the environment is used, but not for this machine; a new configuration may name another', async () => {
  const proxy = await upstreamOf();
  const gateway = await gatewayOf(oneModel('http://provider.invalid/v1'), { HTTP_PROXY: proxy.base.replace('/v1', '') });
  expect((await chat(gateway)).status).toBe(200);
  expect(headOf(proxy)).toStartWith('POST http://provider.invalid/v1/chat/completions ');
  gateway.reload(oneModel('http://provider.invalid/v1', 'environment_variables: { NO_PROXY: provider.invalid }'));
  expect((await chat(gateway, { num_retries: 0 })).status).toBe(502);
  expect(proxy.requests).toHaveLength(1);
});

test('max_request_size_mb', async () => {
  const gateway = await gatewayOf(oneModel('http://127.0.0.1:1/v1', 'general_settings: { max_request_size_mb: 0.001 }'));
  expect((await chat(gateway, { user: 'x'.repeat(2000) })).status).toBe(413);
});

test('header_wait_ms and keep_alive_ms', async () => {
  let answer: () => void = () => {};
  const upstream = await upstreamOf((socket) => {
    answer = () => void socket.write(streamHead + piece(delta('late', 'stop') + done) + streamEnd);
  });
  const gateway = await gatewayOf(oneModel(upstream.base, 'sluice_settings: { header_wait_ms: 50, keep_alive_ms: 60 }'));
  // The headers are here before the provider has said anything.
  const reader = (await chat(gateway, { stream: true })).body!.getReader();
  await readUntil(reader, (text) => (text.match(/^: keep-alive$/gm)?.length ?? 0) >= 2);
  await until(() => upstream.requests.length === 1);
  answer();
  expect(await readUntil(reader, () => false)).toContain('late');
});

test('a JSON array is kept alive where the provider sends comments that have no place in it', async () => {
  let answer: () => void = () => {};
  const upstream = await upstreamOf((socket) => {
    socket.write(streamHead);
    const comments = setInterval(() => socket.write(piece(': thinking\n\n')), 20);
    socket.on('close', () => clearInterval(comments));
    answer = () => {
      clearInterval(comments);
      socket.write(piece(delta('late', 'stop') + done) + streamEnd);
    };
  });
  const gateway = await gatewayOf(oneModel(upstream.base, 'sluice_settings: { header_wait_ms: 20, keep_alive_ms: 60 }'));
  const response = await gateway.post('/v1beta/models/m:streamGenerateContent', { contents: [{ parts: [{ text: 'Hi' }] }] });
  const reader = response.body!.getReader();
  const begun = await readUntil(reader, (text) => text.length > 2);
  expect(begun).toMatch(/^\n+$/);
  await until(() => upstream.requests.length === 1);
  answer();
  expect(JSON.stringify(JSON.parse(begun + (await readUntil(reader, () => false))))).toContain('late');
});

test('headers go out after header_wait_ms without any keep-alive', async () => {
  let answer: () => void = () => {};
  const upstream = await upstreamOf((socket) => {
    answer = () => void socket.write(jsonAnswer({ error: { message: 'late' } }, 500));
  });
  const gateway = await gatewayOf(
    oneModel(upstream.base, 'sluice_settings: { header_wait_ms: 50, keep_alive_ms: 0 }\nrouter_settings: { num_retries: 0 }'),
  );
  for (const [before, path] of ['/v1/chat/completions', '/v1beta/models/m:streamGenerateContent'].entries()) {
    // The headers are here before the provider has said anything.
    const response = await gateway.post(path, { ...chatBody, contents: [{ parts: [{ text: 'Hi' }] }], stream: true });
    expect(response.status).toBe(200);
    await until(() => upstream.requests.length > before);
    answer();
    expect(await response.text()).toContain('late');
  }
});

test('log_level and log_requests', async () => {
  const upstream = await upstreamOf();
  for (const [settings, lines] of [
    ['{ log_level: info }', 1],
    ['{ log_level: warn }', 0],
    ['{ log_requests: false }', 0],
  ] as const) {
    const gateway = await gatewayOf(oneModel(upstream.base, `sluice_settings: ${settings}`));
    await (await chat(gateway)).text();
    expect({ settings, lines: gateway.calls().length }).toEqual({ settings, lines });
  }
});

test('retry_after is the least wait before the same deployment is tried again', async () => {
  let tries = 0;
  const upstream = await upstreamOf((socket) =>
    socket.write(tries++ === 0 ? jsonAnswer({ error: { message: 'x' } }, 500) : jsonAnswer(completion('x'))),
  );
  const gateway = await gatewayOf(oneModel(upstream.base, 'router_settings: { retry_after: 1.5 }'));
  const startedAt = performance.now();
  expect((await chat(gateway)).status).toBe(200);
  expect(performance.now() - startedAt).toBeGreaterThan(1450);
});
