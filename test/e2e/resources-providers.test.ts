import { afterEach, describe, expect, test } from 'bun:test';
import { createRig, headOf, jsonAnswer, masterKey, type Gateway, type RawUpstream } from './harness.ts';

const { upstreamOf, gatewayOf, stopAll } = createRig();
afterEach(stopAll);

const call = (gateway: Gateway, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(gateway.url + path, { ...init, headers: { authorization: `Bearer ${masterKey}`, ...(init.headers as Record<string, string>) } });

const upload = (gateway: Gateway, text: string, fields: Record<string, string> = { purpose: 'batch' }): Promise<Response> => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new File([text], 'in.jsonl', { type: 'application/jsonl' }));
  return call(gateway, '/v1/files', { method: 'POST', body: form });
};

const lastBody = ({ requests }: RawUpstream): string => requests.at(-1)!.text.split('\r\n\r\n').slice(1).join('\r\n\r\n');
const heads = ({ requests }: RawUpstream): string[] => requests.map(({ text }) => text.split(' HTTP')[0]!);
const line = (model: string) =>
  JSON.stringify({
    custom_id: 'a',
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model, messages: [{ role: 'user', content: 'Hi' }] },
  });
const deployment = (name: string, model: string, base: string, more = '') =>
  `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${base}", api_key: sk-of-${name}${more} }, model_info: { id: dep-${name} } }\n`;

test('a batch of Gemini, from OpenAI’s file to OpenAI’s results, beside another provider', async () => {
  const host = 'https://generativelanguage.googleapis.com/v1beta';
  const stored = {
    name: 'files/abc',
    displayName: 'batch/chat/gemini-2.5-flash/in.jsonl',
    sizeBytes: '9',
    createTime: '2026-08-10T00:00:00Z',
  };
  const job = {
    name: 'batches/b1',
    metadata: { model: 'models/gemini-2.5-flash', state: 'BATCH_STATE_SUCCEEDED', createTime: '2026-08-10T00:00:00Z' },
    done: true,
    response: { responsesFile: 'files/batch-b1' },
  };
  const result = { key: 'a', response: { candidates: [{ content: { role: 'model', parts: [{ text: 'Hello' }] }, finishReason: 'STOP' }] } };
  const gemini = await upstreamOf((socket, text) => {
    const [path] = /(?<= )\S+/.exec(text)!;
    if (text.includes('x-goog-upload-command: start'))
      socket.write(jsonAnswer({}, 200, `x-goog-upload-url: ${gemini.base.replace('/v1', '')}/upload/v1beta/files?upload_id=u\r\n`));
    else if (path.startsWith('/upload/')) socket.write(jsonAnswer({ file: stored }));
    else if (path.startsWith('/download/')) socket.write(jsonAnswer(result));
    else socket.write(jsonAnswer(path.includes('/files/') ? stored : job));
  });
  const other = await upstreamOf((socket) => socket.write(jsonAnswer({})));
  const base = gemini.base.replace('/v1', '/v1beta');
  const gateway = await gatewayOf(
    `model_list:\n${deployment('o', 'openai/gpt-4o', other.base)}${deployment('g', 'gemini/gemini-2.5-flash', base)}`,
  );

  const file = (await (await upload(gateway, line('g'))).json()) as { id: string };
  expect(file.id).toStartWith('file-sl-');
  expect(file).toMatchObject({ object: 'file', filename: 'in.jsonl', purpose: 'batch' });
  expect(JSON.parse(lastBody(gemini))).toEqual({ key: 'a', request: { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] } });
  expect(headOf(gemini)).toContain('x-goog-api-key: sk-of-g');

  const request = { input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h' };
  const batch = (await (await gateway.post('/v1/batches', request)).json()) as { id: string; output_file_id: string };
  expect(batch).toMatchObject({ object: 'batch', status: 'completed', input_file_id: file.id });
  expect(JSON.parse(lastBody(gemini))).toMatchObject({ batch: { inputConfig: { fileName: 'files/abc' } } });
  expect(await (await call(gateway, `/v1/batches/${batch.id}`)).json()).toMatchObject({ status: 'completed', model: 'gemini-2.5-flash' });

  const content = await call(gateway, `/v1/files/${batch.output_file_id}/content`);
  expect(JSON.parse(await content.text())).toMatchObject({
    custom_id: 'a',
    response: { status_code: 200, body: { object: 'chat.completion', choices: [{ message: { content: 'Hello' } }] } },
  });
  expect(heads(gemini).at(-1)).toBe('GET /download/v1beta/files/batch-b1:download?alt=media');
  expect(other.requests).toHaveLength(0);
  // Ids that are addresses are found in a path as well.
  const direct = await call(gateway, `/gemini/v1/files/${encodeURIComponent(`${host}/files/abc`)}`);
  expect([direct.status, heads(gemini).at(-1)]).toEqual([200, 'GET /v1beta/files/abc']);
});

test('a batch of Bedrock lies in a bucket, of a provider that is configured for it alone', async () => {
  const arn = 'arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abc123def456';
  const aws = await upstreamOf((socket, text) => socket.write(text.startsWith('PUT') ? jsonAnswer('') : jsonAnswer({ jobArn: arn })));
  const root = aws.base.replace('/v1', '');
  const gateway = await gatewayOf(`
model_list: [{ model_name: m, litellm_params: { model: mock/m } }]
files_settings:
  - custom_llm_provider: bedrock
    aws_bedrock_runtime_endpoint: "${root}"
    aws_region_name: us-east-1
    aws_access_key_id: AKIA
    aws_secret_access_key: secret
    s3_bucket_name: my-bucket
    aws_batch_role_arn: arn:aws:iam::1:role/batch
`);
  const file = (await (await upload(gateway, line('us.amazon.nova-lite-v1:0'))).json()) as { id: string };
  expect(file.id).toStartWith('s3://my-bucket/sluice-files/batch/chat/');
  expect(heads(aws)[0]).toStartWith('PUT /my-bucket/sluice-files/batch/chat/');
  expect(headOf(aws)).toContain('x-amz-content-sha256: UNSIGNED-PAYLOAD');
  expect(JSON.parse(lastBody(aws))).toMatchObject({ recordId: 'a', modelInput: { messages: [{ role: 'user' }] } });
  const made = await (await gateway.post('/v1/batches', { input_file_id: file.id, endpoint: '/v1/chat/completions' })).json();
  expect(made).toMatchObject({ id: 'abc123def456', object: 'batch', status: 'validating', model: 'us.amazon.nova-lite-v1:0' });
  expect(JSON.parse(lastBody(aws))).toMatchObject({ modelId: 'us.amazon.nova-lite-v1:0', modelInvocationType: 'Converse' });
});

test('rows relay at their own paths', async () => {
  const upstream = await upstreamOf((socket) => socket.write(jsonAnswer({ id: 'batch_1', object: 'batch' })));
  const gateway = await gatewayOf(
    `model_list:\n${deployment('q', 'groq/llama-x', upstream.base)}${deployment('d', 'dashscope/qwen-max', upstream.base.replace('/v1', ''))}`,
  );
  expect((await call(gateway, '/v1/batches/batch_1?custom_llm_provider=groq')).status).toBe(200);
  expect((await call(gateway, '/v1/batches/batch_1?custom_llm_provider=dashscope')).status).toBe(200);
  expect(heads(upstream)).toEqual(['GET /v1/batches/batch_1', 'GET /compatible-mode/v1/batches/batch_1']);
});

test('Anthropic’s batches are looked at by clients of OpenAI, and made at their own endpoint', async () => {
  const ended = {
    id: 'msgbatch_1',
    type: 'message_batch',
    processing_status: 'ended',
    request_counts: { succeeded: 1 },
    results_url: 'https://x.test',
  };
  const upstream = await upstreamOf((socket, text) =>
    socket.write(jsonAnswer(text.includes('/results') ? { custom_id: 'a', result: { type: 'expired' } } : ended)),
  );
  const gateway = await gatewayOf(`model_list:\n${deployment('c', 'anthropic/claude-opus-4-5', upstream.base.replace('/v1', ''))}`);
  expect(await (await call(gateway, '/v1/batches/msgbatch_1')).json()).toMatchObject({ object: 'batch', output_file_id: 'msgbatch_1' });
  const results = await call(gateway, '/v1/files/msgbatch_1/content');
  expect(JSON.parse(await results.text())).toMatchObject({ custom_id: 'a', error: { code: 'expired' } });
  expect(heads(upstream)).toEqual(['GET /v1/messages/batches/msgbatch_1', 'GET /v1/messages/batches/msgbatch_1/results']);
  const made = await gateway.post('/v1/batches', { input_file_id: 'x' });
  expect([made.status, await made.json()]).toMatchObject([400, { error: { message: expect.stringContaining('/v1/messages/batches') } }]);
});

describe('vector stores of the configuration', () => {
  test('are found by their ids, each with its own credentials', async () => {
    const openai = await upstreamOf((socket) => socket.write(jsonAnswer({ object: 'vector_store.search_results.page', data: [] })));
    const aws = await upstreamOf((socket) => socket.write(jsonAnswer({ retrievalResults: [{ content: { text: 'one' }, score: 0.5 }] })));
    const azure = await upstreamOf((socket) => socket.write(jsonAnswer({ value: [{ id: 'd', content: 'two' }] })));
    const gateway = await gatewayOf(`
model_list:
${deployment('o', 'openai/gpt-4o', openai.base)}
vector_store_registry:
  - vector_store_name: docs
    litellm_params:
      vector_store_id: KB1
      custom_llm_provider: bedrock
      vector_store_description: What we know.
      aws_bedrock_runtime_endpoint: "${aws.base.replace('/v1', '')}"
      aws_region_name: us-east-1
      aws_access_key_id: AKIA
      aws_secret_access_key: secret
  - litellm_params: { vector_store_id: idx, custom_llm_provider: azure_ai, api_base: "${azure.base.replace('/v1', '')}", api_key: sk-azure }
`);
    const search = async (id: string) =>
      (await (await gateway.post(`/v1/vector_stores/${id}/search`, { query: 'q' })).json()) as { data: { content: unknown }[] };
    expect((await search('KB1')).data[0]).toMatchObject({ score: 0.5, content: [{ type: 'text', text: 'one' }] });
    expect(heads(aws)).toEqual(['POST /knowledgebases/KB1/retrieve']);
    expect(headOf(aws)).toMatch(/authorization: AWS4-HMAC-SHA256 Credential=AKIA\/\d{8}\/us-east-1\/bedrock\//);
    expect((await search('idx')).data[0]).toMatchObject({ file_id: 'd', content: [{ text: 'two' }] });
    expect(headOf(azure)).toContain('api-key: sk-azure');
    expect(await search('vs_1')).toMatchObject({ data: [] });
    expect(heads(openai)).toEqual(['POST /v1/vector_stores/vs_1/search']);
    expect(await (await call(gateway, '/v1/models')).json()).toMatchObject({ data: [{ id: 'o' }] });
  });

  test('keep nothing else', async () => {
    const upstream = await upstreamOf((socket) => socket.write(jsonAnswer({})));
    const gateway = await gatewayOf(`
model_list: [{ model_name: m, litellm_params: { model: mock/m } }]
vector_store_registry: [{ litellm_params: { vector_store_id: vs_1, custom_llm_provider: openai, api_base: "${upstream.base}", api_key: k } }]
`);
    expect((await gateway.post('/v1/vector_stores/vs_1/search', { query: 'q' })).status).toBe(200);
    const response = await call(gateway, '/v1/files');
    expect([response.status, await response.json()]).toMatchObject([400, { error: { message: expect.stringContaining('keeps files') } }]);
    expect(upstream.requests).toHaveLength(1);
  });
});
