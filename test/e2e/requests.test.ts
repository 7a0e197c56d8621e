import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import net from 'node:net';
import { masterKey, smallest, startGateway, type Gateway } from './harness.ts';

const yaml = `
model_list:
  - model_name: m
    litellm_params: { model: mock/echo }
  - model_name: claude-sonnet
    litellm_params: { model: mock/echo }
general_settings: { max_request_size_mb: 8 }
`;

let gateway: Gateway;
beforeAll(async () => void (gateway = await startGateway(yaml)));
afterAll(() => gateway.stop());

/** Where each format has its message. */
const messageOf = (body: unknown): string => (body as { error: { message: string } }).error.message;
const shapes: Record<string, (body: Record<string, unknown>, status: number) => void> = {
  openai: (body) => expect(Object.keys(body['error'] as object).sort()).toEqual(['code', 'message', 'param', 'type']),
  messages: (body) => expect(body['type']).toBe('error'),
  gemini: (body, status) => expect((body['error'] as { code: number }).code).toBe(status),
};
const shapeOf = (name: string) => shapes[name] ?? shapes['openai']!;

describe.each([...smallest(false)])('$name', ({ name, path, body }) => {
  const expectError = async (response: Response, status: number, words: RegExp) => {
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/json');
    const json = (await response.json()) as Record<string, unknown>;
    shapeOf(name)(json, status);
    expect(messageOf(json)).toMatch(words);
  };

  test('answers', async () => {
    const response = await gateway.post(path, body);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Hello');
  });

  test('401 without a key, in the format of the client', async () => {
    await expectError(await fetch(gateway.url + path, { method: 'POST', body: JSON.stringify(body) }), 401, /No API key/);
    await expectError(await gateway.post(path, body, { headers: { authorization: 'Bearer sk-wrong' } }), 401, /Invalid API key/);
  });

  test.each([
    ['malformed JSON', '{"model": "m", ', 400, /not valid JSON/],
    ['an empty body', '', 400, /empty/],
    ['JSON that is no object', '[1, 2]', 400, /must be a JSON object/],
    ['invalid UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 400, /UTF-8/],
  ])('%s', async (_, sent, status, words) => expectError(await gateway.post(path, sent), status, words));

  test('a wrong content type', async () =>
    expectError(
      await gateway.post(path, 'a=b', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      415,
      /send application\/json/,
    ));

  test('a compressed body', async () =>
    expectError(
      await gateway.post(path, new Uint8Array([0x1f, 0x8b]), { headers: { 'content-encoding': 'gzip' } }),
      415,
      /compressed \(gzip\)/,
    ));

  test('what is asked of the gateway itself in a wrong type', async () => {
    for (const [member, value] of Object.entries({ timeout: { a: 1 }, num_retries: -1, drop_params: 'false', stream_timeout: 'soon' }))
      await expectError(await gateway.post(path, { ...body, [member]: value }), 400, new RegExp(`'${member}' must be`));
    await expectError(await gateway.post(path, body, { headers: { 'x-litellm-timeout': 'soon' } }), 400, /'x-litellm-timeout' must be/);
  });

  test('a 50 MB body', async () =>
    expectError(await gateway.post(path, `{"x": "${'a'.repeat(50_000_000)}"}`), 413, /larger than 8388608 bytes/));

  test('a body of unknown length that grows too large', async () => {
    const piece = new TextEncoder().encode('a'.repeat(1_000_000));
    let pieces = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => (pieces++ < 50 ? controller.enqueue(piece) : controller.close()),
    });
    const init: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      body: endless,
      duplex: 'half',
      headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' },
    };
    const response = await fetch(gateway.url + path, init);
    await expectError(response, 413, /larger than/);
  });

  test.skipIf(name === 'gemini')('a missing model', async () =>
    expectError(await gateway.post(path, { ...body, model: undefined }), 400, /'model' is missing/),
  );

  test('an unknown model, with the nearest names', async () => {
    const wrong = name === 'gemini' ? path.replace('/m:', '/claude-sonet:') : path;
    await expectError(await gateway.post(wrong, { ...body, model: 'claude-sonet' }), 404, /claude-sonnet/);
  });

  test('wrong types are named', async () => {
    const members: Record<string, [string, unknown]> = {
      chat: ['messages', 'Hello'],
      completions: ['prompt', { text: 'Hello' }],
      responses: ['tools', 'none'],
      messages: ['messages', { role: 'user' }],
      gemini: ['contents', 7],
    };
    const [member, value] = members[name]!;
    // The mock speaks OpenAI's chat: what is passed through is the provider's to judge, so chat is asked in another way.
    const response = await gateway.post(path, { ...body, [member]: value });
    expect(response.status).toBe(400);
    expect(messageOf(await response.json())).toContain(member);
  });
});

test('a model that is no text is not called missing', async () => {
  const response = await gateway.post('/v1/chat/completions', { model: 5, messages: [] });
  expect([response.status, messageOf(await response.json())]).toEqual([400, "'model' must be a string."]);
});

test('nesting that would break the stack is refused, and nothing else suffers', async () => {
  const schema = `${'{"type":"object","properties":{"a":'.repeat(20_000)}{}${'}}'.repeat(20_000)}`;
  const text = `{"model":"claude-sonnet","input":"x","tools":[{"type":"function","name":"f","parameters":${schema}}]}`;
  const response = await gateway.post('/v1/responses', text);
  expect([response.status, messageOf(await response.json())]).toEqual([400, 'The request is nested too deep.']);
});

test('an unknown path and a wrong method', async () => {
  const nowhere = await gateway.post('/v1/nowhere', {});
  expect(nowhere.status).toBe(404);
  const wrong = await fetch(`${gateway.url}/v1/chat/completions`, { headers: { authorization: `Bearer ${masterKey}` } });
  expect(wrong.status).toBe(405);
  expect(wrong.headers.get('allow')).toBe('POST');
});

test.each([
  ['authorization', `Bearer ${masterKey}`],
  ['x-api-key', masterKey],
  ['api-key', masterKey],
  ['x-goog-api-key', masterKey],
])('the key is taken from %s', async (name, value) => {
  const response = await fetch(`${gateway.url}/v1/models`, { headers: { [name]: value } });
  expect(response.status).toBe(200);
});

test('the key is taken from ?key=', async () => {
  expect((await fetch(`${gateway.url}/v1beta/models?key=${masterKey}`)).status).toBe(200);
  expect((await fetch(`${gateway.url}/v1beta/models?key=wrong`)).status).toBe(401);
});

test('models are listed in the format of the client', async () => {
  const get = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(gateway.url + path, { headers: { authorization: `Bearer ${masterKey}`, ...headers } })).json() as Promise<
      Record<string, unknown>
    >;
  expect(await get('/v1/models')).toMatchObject({ object: 'list', data: [{ id: 'claude-sonnet', object: 'model' }, { id: 'm' }] });
  expect(await get('/v1/models', { 'anthropic-version': '2023-06-01' })).toMatchObject({
    data: [{ type: 'model', id: 'claude-sonnet' }, { id: 'm' }],
    has_more: false,
  });
  expect(await get('/v1/models', { 'x-goog-api-key': masterKey })).toMatchObject({ models: [{ name: 'models/claude-sonnet' }, {}] });
  expect(await get('/v1beta/models')).toMatchObject({ models: [{ name: 'models/claude-sonnet' }, { name: 'models/m' }] });
  expect(await get('/v1/models/m')).toMatchObject({ id: 'm', object: 'model' });
  expect(await get('/v1/models/nobody')).toMatchObject({ error: { code: 'not_found' } });
});

test('FP-1: an odd Host header changes nothing about who may do what', async () => {
  const port = Number(new URL(gateway.url).port);
  const answer = await new Promise<string>((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () =>
      socket.write('GET /v1/models HTTP/1.1\r\nhost: x/health/liveliness?\r\nconnection: close\r\n\r\n'),
    );
    let text = '';
    socket.on('data', (data) => (text += data.toString()));
    socket.on('close', () => resolve(text));
    socket.on('error', () => resolve(text));
  });
  expect(answer).not.toContain('200 OK');
});

test('a key that the gateway lacks is not the client’s failure', async () => {
  const keyless = await startGateway('model_list:\n  - { model_name: "*", litellm_params: { model: "*" } }');
  const response = await keyless.post('/v1/chat/completions', { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] });
  expect(response.status).toBe(500);
  expect(messageOf(await response.json())).toContain('OPENAI_API_KEY');
  await keyless.stop();
});

test('a gateway that has itself for a provider says so, at once', async () => {
  const config = (base: string) => `
model_list:
  - { model_name: m, litellm_params: { model: custom_openai/m, api_base: "${base}/v1", api_key: "${masterKey}" } }`;
  const itself = await startGateway(config('http://127.0.0.1:9'));
  try {
    itself.reload(config(itself.url));
    const response = await itself.post('/v1/chat/completions', {
      model: 'm',
      messages: [{ role: 'user', content: 'Hello' }],
      num_retries: 0,
    });
    expect(response.status).toBe(508);
    expect(messageOf(await response.json())).toContain('from the gateway itself');
    expect(itself.calls().length).toBe(2);
    // Two of them in a row are none.
    const front = await startGateway(config(gateway.url));
    expect((await front.post('/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'Hello' }] })).status).toBe(200);
    await front.stop();
  } finally {
    await itself.stop();
  }
});

test('text completions and embeddings', async () => {
  const text = (await (await gateway.post('/v1/completions', { model: 'm', prompt: 'Hello' })).json()) as {
    object: string;
    choices: { text: string }[];
  };
  expect(text).toMatchObject({ object: 'text_completion', choices: [{ text: 'Hello', finish_reason: 'stop' }] });
  const vectors = (await (await gateway.post('/openai/deployments/m/embeddings?api-version=2024-10-21', { input: ['a', 'b'] })).json()) as {
    data: { embedding: number[] }[];
  };
  expect(vectors.data).toHaveLength(2);
  expect(vectors.data[0]!.embedding.length).toBeGreaterThan(0);
});

test('tokens are counted, and an estimate says that it is one (FP-73)', async () => {
  const counted = await gateway.post('/v1/messages/count_tokens', { model: 'm', messages: [{ role: 'user', content: 'Hello there' }] });
  expect(counted.headers.get('x-sluice-token-count')).toBe('estimate');
  expect(((await counted.json()) as { input_tokens: number }).input_tokens).toBeGreaterThan(0);
  const gemini = await gateway.post('/v1beta/models/m:countTokens', { contents: [{ parts: [{ text: 'Hello there' }] }] });
  expect(((await gemini.json()) as { totalTokens: number }).totalTokens).toBeGreaterThan(0);
});

test('gateway members do not reach the provider, and what is not built yet is said', async () => {
  const response = await gateway.post('/v1/chat/completions', {
    model: 'm',
    mock_response: 'mocked',
    guardrails: ['x'],
    messages: [{ role: 'user', content: 'Hello' }],
  });
  expect(response.headers.get('x-sluice-ignored-params')).toBe('guardrails');
  expect(await response.text()).toContain('mocked');
});

test('previous_response_id goes on where the provider has no memory', async () => {
  const first = (await (await gateway.post('/v1/responses', { model: 'm', input: 'One' })).json()) as { id: string };
  const body = { model: 'm', input: 'Two', previous_response_id: first.id, stream: true };
  const second = await (await gateway.post('/v1/responses', body)).text();
  expect(second).toContain('response.completed');
  const { id } = (JSON.parse(/^data: (.*"type":"response.completed".*)$/m.exec(second)![1]!) as { response: { id: string } }).response;
  expect((await gateway.post('/v1/responses', { model: 'm', input: 'Three', previous_response_id: id })).status).toBe(200);
  const unknown = await gateway.post('/v1/responses', { model: 'm', input: 'Three', previous_response_id: 'resp_nobody' });
  expect(unknown.status).toBe(400);
  expect(await unknown.text()).toContain('previous_response_not_found');
});

test('health and metrics need no key', async () => {
  expect(await (await fetch(`${gateway.url}/health/liveliness`)).json()).toBe("I'm alive!");
  expect(await (await fetch(`${gateway.url}/health/readiness`)).json()).toMatchObject({ status: 'healthy' });
  await gateway.post('/v1/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'Hello' }] });
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(metrics).toMatch(/sluice_requests_total\{route="chat",model="m",provider="mock",status="200"\} \d/);
  expect(metrics).toMatch(/sluice_overhead_seconds_count\{route="chat"\} \d/);
});

test('one log line a call, with its overhead, and the same in a header', async () => {
  const before = gateway.calls().length;
  const response = await gateway.post('/v1/chat/completions', {
    model: 'm',
    messages: [{ role: 'user', content: 'a very private prompt' }],
  });
  await response.text();
  const [line] = gateway.calls().slice(before);
  expect(line).toMatchObject({ route: 'chat', model: 'm', provider: 'mock', status: 200, attempts: 1 });
  expect(String(line!['overheadMs'])).toBe(response.headers.get('x-sluice-overhead-ms')!);
  expect(line!['callId']).toBe(response.headers.get('x-litellm-call-id')!);
  expect(gateway.lines.join('\n')).not.toContain('private prompt');
});
