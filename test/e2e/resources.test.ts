import { afterEach, describe, expect, test } from 'bun:test';
import { createRig, headOf, jsonAnswer, masterKey, type Gateway, type RawUpstream } from './harness.ts';

const { upstreamOf, gatewayOf, stopAll } = createRig();
afterEach(stopAll);

const one = (name: string, model: string, base: string) =>
  `  - { model_name: ${name}, litellm_params: { model: ${model}, api_base: "${base}", api_key: sk-of-${name} }, model_info: { id: dep-${name} } }\n`;

const call = (gateway: Gateway, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(gateway.url + path, { ...init, headers: { authorization: `Bearer ${masterKey}`, ...(init.headers as Record<string, string>) } });

const upload = (gateway: Gateway, fields: Record<string, string | File>): Promise<Response> => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return call(gateway, '/v1/files', { method: 'POST', body: form });
};

const jsonl = (text: string) => new File([text], 'in.jsonl', { type: 'application/jsonl' });
const answering = (body: unknown) => upstreamOf((socket) => socket.write(jsonAnswer(body as object)));
const lastBody = ({ requests }: RawUpstream): string => requests.at(-1)!.text.split('\r\n\r\n').slice(1).join('\r\n\r\n');

describe('one provider that keeps them', () => {
  test.each([
    ['GET', '/v1/batches/batch_1', '/v1/batches/batch_1'],
    ['GET', '/v1/files?purpose=batch&limit=2', '/v1/files?purpose=batch&limit=2'],
    ['DELETE', '/files/file-1', '/v1/files/file-1'],
    ['GET', '/openai/v1/fine_tuning/jobs/ftjob-1/events', '/v1/fine_tuning/jobs/ftjob-1/events'],
    ['GET', '/v1/vector_stores/vs_1/files/file-1', '/v1/vector_stores/vs_1/files/file-1'],
    ['GET', '/v1/responses/resp_1/input_items', '/v1/responses/resp_1/input_items'],
    ['GET', '/v1/batches?custom_llm_provider=openai', '/v1/batches'],
    ['GET', '/v1/threads/thread_1/runs/run_1/steps', '/v1/threads/thread_1/runs/run_1/steps'],
  ])('%s %s is asked of it, and its answer comes back as it is', async (method, path, expected) => {
    const answer = '{"id":"x_1", "object":"thing","input_file_id":"file-1"}';
    const upstream = await answering(answer);
    const gateway = await gatewayOf(`model_list:\n${one('m', 'openai/gpt-4o', upstream.base)}`);
    const response = await call(gateway, path, { method });
    expect([response.status, await response.text()]).toEqual([200, answer]);
    expect(headOf(upstream)).toStartWith(`${method} ${expected} HTTP`);
    expect(upstream.requests[0]!.text).toContain('authorization: Bearer sk-of-m');
    expect(gateway.calls()[0]).toMatchObject({ route: 'resource', status: 200 });
  });

  test('what is posted goes on but for what is the gateway’s', async () => {
    const upstream = await answering({ id: 'batch_1', object: 'batch' });
    const gateway = await gatewayOf(`model_list:\n${one('m', 'openai/gpt-4o', upstream.base)}`);
    const body = '{"input_file_id":"file-1", "endpoint":"/v1/chat/completions","custom_llm_provider":"openai","completion_window":"24h"}';
    await gateway.post('/v1/batches', body);
    expect(lastBody(upstream)).toBe('{"input_file_id":"file-1", "endpoint":"/v1/chat/completions","completion_window":"24h"}');
    await gateway.post('/v1/fine_tuning/jobs', { model: 'gpt-4o-mini', training_file: 'file-1' });
    expect(JSON.parse(lastBody(upstream))).toEqual({ model: 'gpt-4o-mini', training_file: 'file-1' });
  });

  test('a batch’s requests get the upstream’s names of models', async () => {
    const upstream = await answering({ id: 'file-1', object: 'file' });
    const gateway = await gatewayOf(`model_list:\n${one('m', 'openai/gpt-4o', upstream.base)}`);
    const line = (model: string) =>
      JSON.stringify({ custom_id: '1', method: 'POST', url: '/v1/chat/completions', body: { model, messages: [] } });
    const response = await upload(gateway, { purpose: 'batch', file: jsonl(`${line('m')}\n${line('other')}\n`) });
    expect(response.status).toBe(200);
    expect(lastBody(upstream)).toContain(`${line('gpt-4o')}\n${line('other')}\n`);
    const broken = await upload(gateway, { purpose: 'batch', file: jsonl('{"a"') });
    expect([broken.status, await broken.json()]).toMatchObject([400, { error: { message: 'Line 1 of the batch is not JSON.' } }]);
  });

  test('a file goes through, and what it holds comes back as bytes', async () => {
    const upstream = await upstreamOf((socket, text) =>
      socket.write(
        text.startsWith('POST')
          ? jsonAnswer({ id: 'file-1', object: 'file' })
          : 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"a": 1}\n',
      ),
    );
    const gateway = await gatewayOf(`model_list:\n${one('m', 'openai/gpt-4o', upstream.base)}`);
    await upload(gateway, { file: jsonl('data of a client'), purpose: 'user_data', custom_llm_provider: 'openai' });
    expect(lastBody(upstream)).toContain('data of a client');
    expect(lastBody(upstream)).not.toContain('custom_llm_provider');
    expect(await (await call(gateway, '/v1/files/file-1/content')).text()).toBe('{"a": 1}\n');
  });

  test('what is not there, and what cannot be done', async () => {
    const upstream = await answering({});
    const gateway = await gatewayOf(`model_list:\n${one('m', 'openai/gpt-4o', upstream.base)}`);
    expect((await call(gateway, '/v1/files/file-1', { method: 'PUT' })).status).toBe(405);
    expect((await call(gateway, '/v1/files/a/b')).status).toBe(404);
    const nobody = await gatewayOf('model_list: [{ model_name: m, litellm_params: { model: mock/m } }]');
    const response = await call(nobody, '/v1/batches');
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { message: 'No deployment here is of a provider that keeps batches.' } },
    ]);
    expect(upstream.requests).toHaveLength(0);
  });
});

describe('several providers that keep them', () => {
  const two = async () => {
    const first = await answering({ id: 'file-a', object: 'file' });
    const second = await upstreamOf((socket, text) =>
      socket.write(
        jsonAnswer(
          text.includes('/batches')
            ? { id: 'batch-b', object: 'batch', input_file_id: 'file-b', metadata: { input_file_id: 'mine' } }
            : text.includes('/chat/completions')
              ? {
                  id: 'c',
                  object: 'chat.completion',
                  choices: [{ index: 0, message: { role: 'assistant', content: 'x' }, finish_reason: 'stop' }],
                }
              : { id: 'file-b', object: 'file' },
        ),
      ),
    );
    const gateway = await gatewayOf(`model_list:\n${one('a', 'openai/gpt-4o', first.base)}${one('b', 'openai/gpt-4.1', second.base)}`);
    return { first, second, gateway };
  };

  test('an id leads back to where its thing is, from file to batch', async () => {
    const { first, second, gateway } = await two();
    const file = (await (await upload(gateway, { purpose: 'batch', target_model_names: 'b', file: jsonl('') })).json()) as { id: string };
    expect(file.id).toStartWith('file-sl-');
    expect(lastBody(second)).not.toContain('target_model_names');
    const batch = (await (await gateway.post('/v1/batches', { input_file_id: file.id, endpoint: '/v1/chat/completions' })).json()) as {
      id: string;
      input_file_id: string;
    };
    expect(JSON.parse(lastBody(second))).toMatchObject({ input_file_id: 'file-b' });
    expect(batch).toMatchObject({ input_file_id: file.id, metadata: { input_file_id: 'mine' } });
    await call(gateway, `/v1/batches/${batch.id}`);
    expect(second.requests.at(-1)!.text).toStartWith('GET /v1/batches/batch-b ');
    expect(first.requests).toHaveLength(0);
  });

  test('a chat that names such a file goes to who has it', async () => {
    const { second, gateway } = await two();
    const file = (await (await upload(gateway, { purpose: 'user_data', target_model_names: 'b', file: jsonl('x') })).json()) as {
      id: string;
    };
    const messages = [{ role: 'user', content: [{ type: 'file', file: { file_id: file.id } }] }];
    expect((await gateway.post('/v1/chat/completions', { model: 'b', messages })).status).toBe(200);
    expect(lastBody(second)).toContain('"file_id":"file-b"');
  });

  test('ids of two providers in one request, and damaged ones, are refused', async () => {
    const { gateway } = await two();
    const wrong = await call(gateway, '/v1/files/file-sl-abc');
    expect(wrong.status).toBe(400);
    const gone = await call(
      gateway,
      `/v1/files/file-sl-${Buffer.from('dep-c').toString('base64url')}.${Buffer.from('f').toString('base64url')}`,
    );
    expect(gone.status).toBe(404);
    const id = (name: string) => `file-sl-${Buffer.from(`dep-${name}`).toString('base64url')}.${Buffer.from('f').toString('base64url')}`;
    const both = await gateway.post('/v1/vector_stores', { file_ids: [id('a'), id('b')] });
    expect([both.status, await both.json()]).toMatchObject([400, { error: { message: expect.stringContaining('different providers') } }]);
  });

  test('a provider may be named, as LiteLLM’s clients do', async () => {
    const { gateway } = await two();
    const nobody = await call(gateway, '/v1/files?custom_llm_provider=azure');
    expect([nobody.status, await nobody.json()]).toMatchObject([400, { error: { message: expect.stringContaining("'azure'") } }]);
  });
});

test('providers may be named for it alone, as LiteLLM’s files do', async () => {
  const upstream = await answering({ id: 'file-1', object: 'file' });
  const gateway = await gatewayOf(
    `
model_list: [{ model_name: m, litellm_params: { model: mock/m } }]
files_settings: [{ custom_llm_provider: openai, api_base: "${upstream.base}", api_key: os.environ/FILES_KEY }]
`,
    { FILES_KEY: 'sk-of-files' },
  );
  const file = await call(gateway, '/v1/files/file-1');
  expect(await file.json()).toEqual({ id: 'file-1', object: 'file' });
  // Nobody gave these credentials a name.
  expect(file.headers.get('x-litellm-model-group')).toBeNull();
  expect(gateway.calls()[0]).toMatchObject({ route: 'resource', provider: 'openai' });
  expect(gateway.calls()[0]).not.toHaveProperty('model');
  expect(upstream.requests[0]!.text).toContain('authorization: Bearer sk-of-files');
  expect(await (await call(gateway, '/v1/models')).json()).toMatchObject({ data: [{ id: 'm' }] });
});

test('the credentials that are for files go before those of models of the same provider', async () => {
  const upstream = await answering({ id: 'file-1', object: 'file' });
  const settings = `[{ custom_llm_provider: openai, api_base: "${upstream.base}", api_key: sk-of-files }]`;
  const gateway = await gatewayOf(
    `model_list:\n${one('a', 'openai/gpt-4o', 'http://127.0.0.1:9')}files_settings: ${settings}\nfinetune_settings: ${settings}`,
  );
  for (const path of ['/v1/files/file-1', '/v1/files/file-1?custom_llm_provider=openai', '/v1/fine_tuning/jobs/file-1'])
    expect((await call(gateway, path)).status).toBe(200);
  expect(upstream.requests.map(({ text }) => text.includes('authorization: Bearer sk-of-files'))).toEqual([true, true, true]);
});

describe('responses', () => {
  test('one that a provider keeps is asked for where it was made', async () => {
    const answer = {
      id: 'resp_b',
      object: 'response',
      status: 'completed',
      output: [],
      usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
    };
    const first = await answering({ id: 'resp_a', object: 'response', output: [] });
    const second = await answering(answer);
    const gateway = await gatewayOf(`model_list:\n${one('a', 'openai/gpt-4o', first.base)}${one('b', 'openai/gpt-4.1', second.base)}`);
    await gateway.post('/v1/responses', { model: 'b', input: 'x' });
    expect(await (await call(gateway, '/v1/responses/resp_b')).json()).toMatchObject({ id: expect.any(String), object: 'response' });
    expect(second.requests.at(-1)!.text).toStartWith('GET /v1/responses/resp_b ');
    expect(first.requests).toHaveLength(0);
  });

  test('one of a provider without a memory is kept here', async () => {
    const gateway = await gatewayOf('model_list: [{ model_name: m, litellm_params: { model: mock/m } }]');
    const made = (await (await gateway.post('/v1/responses', { model: 'm', input: 'Hello' })).json()) as { id: string };
    expect(await (await call(gateway, `/v1/responses/${made.id}`)).json()).toEqual(made as never);
    const items = await (await call(gateway, `/v1/responses/${made.id}/input_items`)).json();
    expect(items).toMatchObject({ object: 'list', data: [{ type: 'message', role: 'user', content: 'Hello' }], has_more: false });
    expect((await call(gateway, `/v1/responses/${made.id}/cancel`, { method: 'POST' })).status).toBe(400);
    expect(await (await call(gateway, `/v1/responses/${made.id}`, { method: 'DELETE' })).json()).toMatchObject({ deleted: true });
    expect((await call(gateway, `/v1/responses/${made.id}`)).status).toBe(400);
  });
});

test('Anthropic’s batches and files are asked for by its own clients', async () => {
  const upstream = await answering({ id: 'msgbatch_1', type: 'message_batch' });
  const base = upstream.base.replace('/v1', '');
  const gateway = await gatewayOf(
    `model_list:\n${one('c', 'anthropic/claude-opus-4-5', base)}${one('m', 'openai/gpt-4o', 'http://127.0.0.1:9')}`,
  );
  const headers = { 'anthropic-version': '2023-06-01', 'anthropic-beta': 'files-api-2025-04-14' };
  expect(await (await call(gateway, '/v1/messages/batches/msgbatch_1', { headers })).json()).toEqual({
    id: 'msgbatch_1',
    type: 'message_batch',
  });
  await call(gateway, '/v1/files', { headers });
  expect(upstream.requests.map(({ text }) => text.split(' HTTP')[0])).toEqual(['GET /v1/messages/batches/msgbatch_1', 'GET /v1/files']);
  expect(upstream.requests[1]!.text).toContain('anthropic-beta: files-api-2025-04-14');
  expect(upstream.requests[1]!.text).toContain('x-api-key: sk-of-c');
});

describe('what vendors keep besides OpenAI’s collections', () => {
  const posted = (gateway: Gateway, path: string, body: object, headers: Record<string, string> = {}) =>
    call(gateway, path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });
  const lineOf = ({ requests }: RawUpstream): string => requests.at(-1)!.text.split('\r\n')[0]!.replace(' HTTP/1.1', '');

  test('videos are listed, and their ids lead back to where they are', async () => {
    const upstream = await answering({ object: 'list', data: [{ id: 'video_1', object: 'video', status: 'completed' }], has_more: false });
    const gateway = await gatewayOf(`model_list:\n${one('v', 'openai/sora-2', upstream.base)}`);
    const list = (await (await call(gateway, '/v1/videos?limit=2')).json()) as { data: { id: string }[] };
    expect(lineOf(upstream)).toBe('GET /v1/videos?limit=2');
    const { id } = list.data[0]!;
    expect(id).toStartWith('video-sl-');
    await call(gateway, `/v1/videos/${id}`);
    expect(lineOf(upstream)).toBe('GET /v1/videos/video_1');
    await posted(gateway, '/v1/videos/edits', { video: { id }, prompt: 'at night' });
    expect(lineOf(upstream)).toBe('POST /v1/videos/edits');
    expect(JSON.parse(lastBody(upstream))).toEqual({ video: { id: 'video_1' }, prompt: 'at night' });
    await posted(gateway, '/videos/extensions', { video: { id }, seconds: '4' });
    expect(lineOf(upstream)).toBe('POST /v1/videos/extensions');
    await call(gateway, '/v1/videos/characters/char_1');
    expect(lineOf(upstream)).toBe('GET /v1/videos/characters/char_1');
    await posted(gateway, '/v1/videos', { model: 'v', prompt: 'x' });
    expect(lineOf(upstream)).toBe('POST /v1/videos');
    expect((await call(gateway, '/v1/videos', { method: 'DELETE' })).status).toBe(405);
  });

  test('skills of Anthropic, in its words', async () => {
    const upstream = await answering({ id: 'skill_1', type: 'skill' });
    const gateway = await gatewayOf(
      `model_list:\n${one('o', 'openai/gpt-4o', 'http://127.0.0.1:9')}${one('c', 'anthropic/claude-x', upstream.base.replace('/v1', ''))}`,
    );
    const beta = { 'anthropic-beta': 'skills-2025-10-02' };
    expect(await (await call(gateway, '/v1/skills/skill_1', { headers: beta })).json()).toEqual({ id: 'skill_1', type: 'skill' });
    expect(lineOf(upstream)).toBe('GET /v1/skills/skill_1');
    expect(upstream.requests.at(-1)!.text).toContain('anthropic-beta: skills-2025-10-02');
    const form = new FormData();
    form.append('display_title', 'T');
    form.append('files[]', new File(['# A skill'], 'a/SKILL.md', { type: 'text/markdown' }));
    await call(gateway, '/v1/skills', { method: 'POST', body: form, headers: beta });
    expect(lineOf(upstream)).toBe('POST /v1/skills');
    expect(lastBody(upstream)).toContain('# A skill');
    await call(gateway, '/anthropic/v1/skills/skill_1/versions/2', { method: 'DELETE', headers: beta });
    expect(lineOf(upstream)).toBe('DELETE /v1/skills/skill_1/versions/2');
  });

  test('interactions of Gemini: by the model, an agent by nobody’s name, afterwards by the id', async () => {
    const upstream = await answering({ id: 'i_1', status: 'completed' });
    const gateway = await gatewayOf(
      `model_list:\n${one('o', 'openai/gpt-4o', 'http://127.0.0.1:9')}${one('g', 'gemini/gemini-x', upstream.base.replace('/v1', ''))}`,
    );
    for (const path of ['/v1beta/interactions', '/interactions']) {
      expect(await (await posted(gateway, path, { model: 'g', input: 'Hi' })).json()).toEqual({ id: 'i_1', status: 'completed' });
      expect(lineOf(upstream)).toBe('POST /v1beta/interactions');
      expect(JSON.parse(lastBody(upstream))).toEqual({ model: 'gemini-x', input: 'Hi' });
    }
    await posted(gateway, '/v1beta/interactions', { agent: 'deep-research', input: 'Hi', background: true });
    expect(JSON.parse(lastBody(upstream))).toEqual({ agent: 'deep-research', input: 'Hi', background: true });
    await call(gateway, '/v1beta/interactions/i_1');
    expect(lineOf(upstream)).toBe('GET /v1beta/interactions/i_1');
    await posted(gateway, '/v1beta/interactions/i_1/cancel', {});
    expect(lineOf(upstream)).toBe('POST /v1beta/interactions/i_1/cancel');
    await call(gateway, '/v1beta/interactions/i_1', { method: 'DELETE' });
    expect(lineOf(upstream)).toBe('DELETE /v1beta/interactions/i_1');
  });
});
