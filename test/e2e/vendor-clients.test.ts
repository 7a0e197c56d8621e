import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { completion, createRig, headOf, jsonAnswer, masterKey, oneModel, startGateway, type Gateway } from './harness.ts';

const { upstreamOf, gatewayOf, stopAll } = createRig();
afterEach(stopAll);

let gateway: Gateway;
beforeAll(
  async () =>
    void (gateway = await startGateway(`
model_list:
  - { model_name: team/m, litellm_params: { model: mock/echo }, model_info: { max_input_tokens: 1000, supports_vision: true } }
  - { model_name: vectors, litellm_params: { model: mock/embed }, model_info: { mode: embedding } }
  - { model_name: thinker, litellm_params: { model: anthropic/claude-sonnet-4-5, api_key: k }, model_info: { max_input_tokens: 1000 } }
`)),
);
afterAll(() => gateway.stop());

const get = async (path: string, headers: Record<string, string> = {}) =>
  (await fetch(gateway.url + path, { headers: { authorization: `Bearer ${masterKey}`, ...headers } })).json() as Promise<
    Record<string, unknown>
  >;
const post = async (path: string, body: unknown, headers: Record<string, string> = {}) =>
  (await gateway.post(path, body, { headers })).json() as Promise<Record<string, unknown>>;
const sentTo = ({ requests }: { requests: { text: string }[] }) =>
  JSON.parse(requests.at(-1)!.text.split('\r\n\r\n')[1]!) as Record<string, unknown>;

describe('Ollama', () => {
  test('its lists', async () => {
    const { models } = (await get('/api/tags')) as { models: Record<string, unknown>[] };
    expect(models.map(({ name }) => name)).toEqual(['team/m', 'thinker', 'vectors']);
    expect(models[0]).toMatchObject({
      model: 'team/m',
      size: 0,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      details: { family: expect.any(String) as unknown },
    });
    expect(await get('/ollama/api/ps')).toEqual({ models: [] });
    expect(await get('/api/version')).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as unknown });
    expect((await fetch(`${gateway.url}/api/tags`)).status).toBe(401);
  });

  test('what is known of a model', async () => {
    expect(await post('/api/show', { model: 'team/m' })).toMatchObject({
      capabilities: ['completion', 'vision', 'tools'],
      model_info: { 'general.basename': 'team/m' },
    });
    expect((await post('/api/show', { name: 'vectors' }))['capabilities']).toEqual(['embedding']);
    expect(await post('/api/show', { model: 'thinker' })).toMatchObject({
      capabilities: ['completion', 'tools', 'thinking'],
      model_info: { 'general.architecture': 'anthropic', 'anthropic.context_length': 1000 },
    });
    expect(await post('/api/show', { model: 'team/n' })).toEqual({ error: "The model 'team/n' does not exist. Did you mean 'team/m'?" });
    expect(await post('/api/show', {})).toEqual({ error: "'model' must be a string." });
  });

  test('embeddings, of both kinds', async () => {
    const { embeddings } = (await post('/api/embed', { model: 'vectors', input: ['a', 'b'] })) as { embeddings: number[][] };
    const { embedding } = (await post('/api/embeddings', { model: 'vectors', prompt: 'a' })) as { embedding: number[] };
    expect(embeddings).toHaveLength(2);
    expect(embedding).toEqual(embeddings[0]!);
  });

  test('loading a model asks no provider', async () => {
    expect(await post('/api/generate', { model: 'thinker' })).toMatchObject({
      model: 'thinker',
      response: '',
      done: true,
      done_reason: 'load',
    });
    expect(await post('/api/chat', { model: 'thinker', messages: [], keep_alive: 0 })).toMatchObject({ done: true, done_reason: 'unload' });
    expect((await gateway.post('/api/generate', { model: 'nobody' })).status).toBe(404);
  });

  test('a provider that is one gets the request as it is', async () => {
    const answer = {
      model: 'qwen',
      created_at: '2026-08-07T06:08:11Z',
      response: 'x',
      done: true,
      done_reason: 'stop',
      eval_count: 1,
      context: [1, 2],
    };
    const upstream = await upstreamOf((socket) => socket.write(jsonAnswer(answer)));
    const { post: ask } = await gatewayOf(
      `model_list: [{ model_name: m, litellm_params: { model: ollama/qwen, api_base: "${upstream.base.replace('/v1', '')}" } }]`,
    );
    const asked = { prompt: 'p', suffix: 's', raw: true, options: { num_ctx: 9 }, stream: false };
    expect(await (await ask('/api/generate', { model: 'm', ...asked })).json()).toEqual(answer);
    expect(headOf(upstream)).toStartWith('POST /api/generate ');
    expect(sentTo(upstream)).toEqual({ model: 'qwen', ...asked });
  });
});

describe('Cohere', () => {
  test('priority is Cohere’s, and the gateway’s elsewhere', async () => {
    const upstream = await upstreamOf((socket) => socket.write(jsonAnswer(completion('x'))));
    const { post: ask } = await gatewayOf(oneModel(upstream.base));
    const messages = [{ role: 'user', content: 'Hi' }];
    expect((await ask('/cohere/v2/chat', { model: 'm', messages, priority: 1 })).headers.get('x-sluice-ignored-params')).toBeNull();
    const ours = await ask('/v1/chat/completions', { model: 'm', messages, priority: 1 });
    expect(ours.headers.get('x-sluice-ignored-params')).toBeNull();
    expect(sentTo(upstream)).not.toHaveProperty('priority');
    expect((await ask('/v1/chat/completions', { model: 'm', messages, priority: 'high' })).status).toBe(400);
  });
  test('embeddings and models', async () => {
    const embedded = await post('/v2/embed', { model: 'vectors', texts: ['a'], input_type: 'search_document', embedding_types: ['float'] });
    expect((embedded['embeddings'] as { float: number[][] }).float).toHaveLength(1);
    expect(await get('/cohere/v1/models')).toMatchObject({ models: [{ name: 'team/m' }, {}, {}] });
    expect(await get('/v1/models', { 'x-fern-sdk-name': 'cohere-ai' })).toMatchObject({ models: [{ name: 'team/m' }, {}, {}] });
  });
});

describe('Bedrock', () => {
  const converse = { messages: [{ role: 'user', content: [{ text: 'Hello there' }] }] };
  const claude = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 5, messages: [{ role: 'user', content: 'Hello there' }] };
  const path = (call: string) => `/model/${encodeURIComponent('team/m')}/${call}`;

  test('tokens are counted of either request', async () => {
    expect(await post(path('count-tokens'), { input: { converse } })).toEqual({ inputTokens: expect.any(Number) as unknown });
    const body = Buffer.from(JSON.stringify(claude)).toString('base64');
    const response = await gateway.post(path('count-tokens'), { input: { invokeModel: { body } } });
    expect(response.headers.get('x-sluice-token-count')).toBe('estimate');
    expect(await response.json()).toEqual({ inputTokens: expect.any(Number) as unknown });
    expect(await post(path('count-tokens'), { input: {} })).toMatchObject({
      __type: 'ValidationException',
      message: expect.stringContaining("'input'") as unknown,
    });
  });

  test('its SDKs know an error by its header, and a call by its id', async () => {
    const wrong = await gateway.post('/model/nobody/converse', converse);
    expect([wrong.status, wrong.headers.get('x-amzn-errortype')]).toEqual([404, 'ResourceNotFoundException']);
    const right = await gateway.post(path('converse'), converse);
    expect(right.headers.get('x-amzn-requestid')).toBe(right.headers.get('x-request-id'));
  });

  test('a body of another format is refused by name, and JSON may be called bytes', async () => {
    expect(await post(path('invoke'), { inputText: 'x' })).toMatchObject({
      message: expect.stringContaining("'anthropic_version'") as unknown,
    });
    expect(await post(path('invoke'), { ...claude, anthropic_beta: 'x' })).toMatchObject({
      message: expect.stringContaining("'anthropic_beta'") as unknown,
    });
    expect(await post(path('invoke'), claude, { 'content-type': 'application/octet-stream' })).toMatchObject({
      content: [{ text: 'Hello there' }],
    });
  });

  test('what Anthropic has in headers is there', async () => {
    const message = {
      id: 'm',
      type: 'message',
      role: 'assistant',
      model: 'c',
      content: [{ type: 'text', text: 'x' }],
      stop_reason: 'end_turn',
      usage: {},
    };
    const upstream = await upstreamOf((socket) => socket.write(jsonAnswer(message)));
    const { post: ask } = await gatewayOf(
      `model_list: [{ model_name: m, litellm_params: { model: anthropic/claude, api_base: "${upstream.base}", api_key: k } }]`,
    );
    expect(await (await ask('/model/m/invoke', { ...claude, anthropic_beta: ['one-2025', 'two-2025'] })).json()).toEqual(message);
    expect(sentTo(upstream)).toEqual({ max_tokens: 5, messages: claude.messages, model: 'claude', stream: false });
    expect(headOf(upstream)).toMatch(/anthropic-beta: one-2025, ?two-2025/i);
    expect(headOf(upstream)).toMatch(/anthropic-version: 2023-06-01/i);
  });

  test('AWS’s signature is refused with what to do', async () => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=AKIA/20261122/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature=00';
    const response = await gateway.post(path('converse'), converse, { headers: { authorization } });
    expect([response.status, await response.json()]).toMatchObject([
      401,
      { message: expect.stringContaining('AWS_BEARER_TOKEN_BEDROCK') as unknown },
    ]);
  });

  test('its models', async () => {
    expect(await get('/foundation-models')).toMatchObject({ modelSummaries: [{ modelId: 'team/m' }, { providerName: 'anthropic' }, {}] });
  });
});

describe('Mistral', () => {
  test('its guardrails are its own', async () => {
    const upstream = await upstreamOf((socket) => socket.write(jsonAnswer(completion('x'))));
    const { post: ask } = await gatewayOf(oneModel(upstream.base));
    const body = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], random_seed: 3, guardrails: [{ block_on_error: true }] };
    await ask('/mistral/v1/chat/completions', body);
    expect(sentTo(upstream)).toMatchObject({ seed: 3, guardrails: [{ block_on_error: true }] });
    await ask('/v1/chat/completions', body, { headers: { 'user-agent': 'mistral-client-python/2.0' } });
    expect(sentTo(upstream)).toMatchObject({ seed: 3 });
    await ask('/v1/chat/completions', body);
    expect(sentTo(upstream)).toMatchObject({ random_seed: 3 });
    expect(sentTo(upstream)['guardrails']).toBeUndefined();
  });
  test('models are of a type', async () => {
    expect(await get('/mistral/v1/models')).toMatchObject({ data: [{ id: 'team/m', type: 'base', capabilities: {} }, {}, {}] });
    expect(await get('/mistral/v1/models/team/m')).toMatchObject({ id: 'team/m', type: 'base' });
  });
});

test('a model in Azure’s path reaches a provider that has it in the body', async () => {
  const upstream = await upstreamOf((socket) => socket.write(jsonAnswer(completion('x'))));
  const { post: ask } = await gatewayOf(oneModel(upstream.base));
  const messages = [{ role: 'user', content: 'Hi' }];
  expect((await ask('/openai/deployments/m/chat/completions?api-version=2024-10-21', { messages })).status).toBe(200);
  expect(sentTo(upstream)).toEqual({ messages, model: 'm' });
});

test('drop_params may be a header', async () => {
  const body = { model: 'thinker', messages: [{ role: 'user', content: 'Hi' }], mock_response: 'x', logit_bias: { 1: 1 } };
  expect((await gateway.post('/v1/chat/completions', body, { headers: { 'x-sluice-drop-params': 'maybe' } })).status).toBe(400);
  const upstream = await upstreamOf((socket) => socket.write(jsonAnswer({ message: 'no' }, 400)));
  const { post: ask } = await gatewayOf(
    `model_list: [{ model_name: thinker, litellm_params: { model: anthropic/claude-sonnet-4-5, api_base: "${upstream.base}", api_key: k } }]`,
  );
  const without = { ...body, mock_response: undefined };
  await ask('/v1/chat/completions', without);
  expect(upstream.requests).toHaveLength(0);
  await ask('/v1/chat/completions', without, { headers: { 'x-sluice-drop-params': 'true' } });
  expect(sentTo(upstream)).not.toHaveProperty('logit_bias');
});
