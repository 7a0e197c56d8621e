import { afterEach, describe, expect, test } from 'bun:test';
import { createRig, masterKey, type Gateway } from './harness.ts';

// Relays: any path under a provider's name, and those of the configuration, over real connections.

const { stopAll, later, gatewayOf } = createRig();
const cleanUp = (stop: () => unknown) => later(async () => stop());
afterEach(stopAll);

interface Seen {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** A provider that keeps what it is sent, and answers as the test says. */
const provider = (answer: (seen: Seen, request: Request) => Response | Promise<Response> = () => Response.json({ ok: true })) => {
  const seen: Seen[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const one: Seen = { method: request.method, path: pathname + search, headers: Object.fromEntries(request.headers), body: '' };
      seen.push(one);
      one.body = Buffer.from(await request.arrayBuffer()).toString('latin1');
      return answer(one, request);
    },
  });
  cleanUp(() => server.stop(true));
  return { url: `http://127.0.0.1:${server.port}`, seen };
};

const openaiEnv = (url: string) => ({ OPENAI_API_KEY: 'sk-provider-canary', OPENAI_BASE_URL: `${url}/v1` });
const bearer = { authorization: `Bearer ${masterKey}` };

const ask = (gateway: Gateway, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(gateway.url + path, { redirect: 'manual', ...init, headers: { ...bearer, ...(init.headers as Record<string, string>) } });

const json = (body: unknown, method = 'POST'): RequestInit => ({
  method,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});

const call = async (gateway: Gateway): Promise<Record<string, unknown>> => {
  for (let tries = 0; tries < 100 && gateway.calls().length === 0; tries++) await Bun.sleep(5);
  expect(gateway.calls()).toHaveLength(1);
  return gateway.calls()[0]!;
};

describe('a path under a provider’s name', () => {
  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('%s goes on with the provider’s key, and its answer comes back', async (method) => {
    const { url, seen } = provider(
      () =>
        new Response('{"id":"a"}', {
          status: 202,
          headers: { 'content-type': 'application/json', 'x-request-id': 'req_1', 'openai-version': '1' },
        }),
    );
    const gateway = await gatewayOf('{}', openaiEnv(url));
    const init = method === 'GET' ? { method } : json({ a: 1 }, method);
    const response = await ask(gateway, '/openai/v1/threads/t%2F1?limit=2&after=x%20y', init);
    expect([response.status, await response.text(), response.headers.get('openai-version'), response.headers.get('x-request-id')]).toEqual([
      202,
      '{"id":"a"}',
      '1',
      'req_1',
    ]);
    expect(response.headers.get('x-litellm-call-id')).toBeTruthy();
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method, path: '/v1/threads/t%2F1?limit=2&after=x%20y', body: method === 'GET' ? '' : '{"a":1}' });
    expect(seen[0]!.headers['authorization']).toBe('Bearer sk-provider-canary');
    expect(JSON.stringify(seen)).not.toContain(masterKey);
    expect(await call(gateway)).toMatchObject({ route: 'pass_through', provider: 'openai', status: 202 });
  });

  test('needs the gateway’s key', async () => {
    const { url, seen } = provider();
    const gateway = await gatewayOf('{}', openaiEnv(url));
    expect((await fetch(`${gateway.url}/openai/v1/threads`)).status).toBe(401);
    expect((await fetch(`${gateway.url}/openai/v1/threads`, { headers: { authorization: 'Bearer sk-wrong' } })).status).toBe(401);
    expect(seen).toEqual([]);
  });

  test.each([
    [
      'anthropic',
      '/anthropic/v1/messages/batches',
      { ANTHROPIC_API_KEY: 'k-canary' },
      'ANTHROPIC_BASE_URL',
      '/v1/messages/batches',
      { 'x-api-key': 'k-canary' },
    ],
    [
      'gemini',
      '/gemini/v1beta/cachedContents?key=KEY',
      { GEMINI_API_KEY: 'k-canary' },
      'GEMINI_API_BASE',
      '/v1beta/cachedContents',
      { 'x-goog-api-key': 'k-canary' },
    ],
    [
      'azure',
      '/azure/openai/files?api-version=2024-10-21',
      { AZURE_API_KEY: 'k-canary' },
      'AZURE_API_BASE',
      '/openai/files?api-version=2024-10-21',
      { 'api-key': 'k-canary' },
    ],
    [
      'cohere',
      '/cohere/v1/tokenize',
      { COHERE_API_KEY: 'k-canary' },
      'COHERE_API_BASE',
      '/v1/tokenize',
      { authorization: 'Bearer k-canary' },
    ],
    [
      'mistral',
      '/mistral/v1/fim/completions',
      { MISTRAL_API_KEY: 'k-canary' },
      'MISTRAL_API_BASE',
      '/v1/fim/completions',
      { authorization: 'Bearer k-canary' },
    ],
    [
      'hosted_vllm',
      '/vllm/v1/score',
      { HOSTED_VLLM_API_KEY: 'k-canary' },
      'HOSTED_VLLM_API_BASE',
      '/v1/score',
      { authorization: 'Bearer k-canary' },
    ],
    ['groq', '/groq/openai/v1/batches', { GROQ_API_KEY: 'k-canary' }, 'GROQ_API_BASE', '/v1/batches', { authorization: 'Bearer k-canary' }],
    [
      'langfuse',
      '/langfuse/api/public/traces',
      { LANGFUSE_PUBLIC_KEY: 'pk', LANGFUSE_SECRET_KEY: 'sk' },
      'LANGFUSE_HOST',
      '/api/public/traces',
      { authorization: `Basic ${btoa('pk:sk')}` },
    ],
    [
      'cursor',
      '/cursor/v0/agents',
      { CURSOR_API_KEY: 'k-canary' },
      'CURSOR_API_BASE',
      '/v0/agents',
      { authorization: `Basic ${btoa('k-canary:')}` },
    ],
    [
      'milvus',
      '/milvus/v2/vectordb/entities/search',
      { MILVUS_API_KEY: 'k-canary' },
      'MILVUS_API_BASE',
      '/v2/vectordb/entities/search',
      { authorization: 'Bearer k-canary' },
    ],
  ])('%s: %s', async (id, path, env, baseName, upstreamPath, credential) => {
    const { url, seen } = provider();
    const gateway = await gatewayOf('{}', { ...(env as Record<string, string>), [baseName]: url });
    const inQuery = path.includes('KEY');
    const response = await fetch(gateway.url + path.replace('KEY', masterKey), {
      ...json({ a: 1 }),
      headers: { 'content-type': 'application/json', ...(!inQuery && bearer) },
    });
    expect(response.status).toBe(200);
    if (id === 'groq') expect(seen[0]!.path).toEndWith('/batches');
    else expect(seen[0]!.path).toBe(upstreamPath);
    expect(seen[0]!.headers).toMatchObject(credential as Record<string, string>);
    expect(JSON.stringify(seen)).not.toContain(masterKey);
    expect(gateway.lines.join()).not.toMatch(/k-canary|pk:sk/);
    expect(await call(gateway)).toMatchObject({ provider: id });
  });

  test('Bedrock is signed, for the body as it goes out', async () => {
    const { url, seen } = provider();
    const gateway = await gatewayOf('{}', {
      AWS_ACCESS_KEY_ID: 'AKIACANARY',
      AWS_SECRET_ACCESS_KEY: 'aws-secret-canary',
      AWS_REGION: 'eu-west-1',
      AWS_BEDROCK_RUNTIME_ENDPOINT: url,
    });
    const response = await ask(gateway, '/bedrock/guardrail/g/version/1/apply', json({ content: [] }));
    expect(response.status).toBe(200);
    expect(seen[0]!.headers['authorization']).toStartWith('AWS4-HMAC-SHA256 Credential=AKIACANARY/');
    expect(seen[0]!.headers['authorization']).toContain('/eu-west-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date');
    expect(JSON.stringify(seen)).not.toMatch(/aws-secret-canary|sk-e2e/);
  });

  test('without a key for it says which variable would hold one', async () => {
    const gateway = await gatewayOf('{}');
    const response = await ask(gateway, '/openai/v1/newest_thing', json({}));
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('OPENAI_API_KEY');
  });

  test('that is no provider’s is not found', async () => {
    const gateway = await gatewayOf('{}');
    expect((await ask(gateway, '/nobody/v1/threads')).status).toBe(404);
    expect((await ask(gateway, '/mock/v1/threads')).status).toBe(404);
    expect((await ask(gateway, '/openai/')).status).toBe(404);
  });
});

describe('what goes on of a request', () => {
  test('all headers but keys, cookies, those of a connection and those for the gateway', async () => {
    const { url, seen } = provider();
    const gateway = await gatewayOf('general_settings: { litellm_key_header_name: X-Corp-Key }', openaiEnv(url));
    await ask(gateway, '/openai/v1/threads', {
      ...json({}),
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer sk-client-canary',
        'x-corp-key': masterKey,
        'x-api-key': 'sk-client-canary',
        cookie: 'session=client-canary',
        'x-forwarded-for': '10.9.8.7',
        'x-litellm-tags': 'client-canary',
        'openai-beta': 'assistants=v2',
        'x-stainless-os': 'Linux',
        'x-pass-anthropic-beta': 'passed-on',
        'x-pass-authorization': 'Bearer sk-client-canary',
        'x-pass-host': 'client-canary',
        'x-pass-x-corp-key': 'client-canary',
      },
    });
    expect(seen[0]!.headers).toMatchObject({
      authorization: 'Bearer sk-provider-canary',
      'openai-beta': 'assistants=v2',
      'x-stainless-os': 'Linux',
      'anthropic-beta': 'passed-on',
      host: new URL(url).host,
    });
    expect(JSON.stringify(seen)).not.toMatch(/client-canary|10\.9\.8\.7|x-pass|x-litellm/);
    expect(JSON.stringify(seen)).not.toContain(masterKey);
  });

  test.each([
    '/openai//evil.example/v1',
    '/openai/v1/..%2f..%2fadmin',
    '/openai/v1/%252e%252e/admin',
    '/openai/v1/%5c..%5cadmin',
    '/openai/v1/%00',
  ])('no path leads elsewhere: %s', async (path) => {
    const { url, seen } = provider();
    const gateway = await gatewayOf('{}', openaiEnv(url));
    // Bare, because clients tidy paths up themselves.
    const response = await raw(
      gateway.url,
      `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${masterKey}\r\nconnection: close\r\n\r\n`,
    );
    expect(response).toMatch(/^HTTP\/1.1 40[04] /);
    expect(seen).toEqual([]);
  });

  test('a bare `..` stays below the provider, or is nobody’s', async () => {
    const { url, seen } = provider();
    const gateway = await gatewayOf('{}', openaiEnv(url));
    for (const path of ['/openai/v1/../../anthropic/v1/x', '/openai/%2e%2e/%2e%2e/x'])
      await raw(gateway.url, `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${masterKey}\r\nconnection: close\r\n\r\n`);
    expect(seen).toEqual([]);
  });

  test('a form, byte by byte, as it comes: the provider has its beginning before the client has sent its end', async () => {
    const begun = Promise.withResolvers<void>();
    const whole = Promise.withResolvers<string>();
    const server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      async fetch(request) {
        let text = '';
        for await (const piece of request.body!) {
          text += Buffer.from(piece).toString('latin1');
          begun.resolve();
        }
        whole.resolve(text);
        return Response.json({ id: 'file-1' });
      },
    });
    cleanUp(() => server.stop(true));
    const gateway = await gatewayOf('{}', openaiEnv(`http://127.0.0.1:${server.port}`));
    const form = '--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n';
    const response = ask(gateway, '/openai_passthrough/v1/files', {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
      body: new ReadableStream({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode(form));
          await begun.promise;
          controller.enqueue(new TextEncoder().encode('x'.repeat(100_000)));
          controller.enqueue(new TextEncoder().encode('\r\n--b--\r\n'));
          controller.close();
        },
      }),
    });
    expect((await response).status).toBe(200);
    expect(await whole.promise).toBe(`${form}${'x'.repeat(100_000)}\r\n--b--\r\n`);
  });

  test('bytes with their length', async () => {
    const { url, seen } = provider();
    const gateway = await gatewayOf('{}', openaiEnv(url));
    const bytes = Buffer.alloc(3_000_000, 7);
    expect(
      (
        await ask(gateway, '/openai/v1/uploads/u/parts', {
          method: 'POST',
          body: bytes,
          headers: { 'content-type': 'application/octet-stream' },
        })
      ).status,
    ).toBe(200);
    expect([seen[0]!.headers['content-length'], seen[0]!.body.length]).toEqual(['3000000', 3_000_000]);
  });

  test('no more than the gateway takes', async () => {
    const { url } = provider();
    const gateway = await gatewayOf('sluice_settings: { max_body_bytes: 1000 }', openaiEnv(url));
    const type = { 'content-type': 'application/octet-stream' };
    expect((await ask(gateway, '/openai/v1/uploads', { method: 'POST', body: Buffer.alloc(1001), headers: type })).status).toBe(413);
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(600)) });
    const answer = await ask(gateway, '/openai/v1/uploads', { method: 'POST', body: endless, headers: type }).then(
      ({ status }) => status,
      () => 'closed',
    );
    expect([413, 'closed']).toContain(answer);
  });

  test('a provider that has seen enough is heard while the client still sends', async () => {
    const server = Bun.listen({
      hostname: '127.0.0.1',
      port: 0,
      socket: {
        data(socket) {
          socket.write('HTTP/1.1 413 Too Large\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n{"no":true}');
        },
      },
    });
    cleanUp(() => server.stop(true));
    const gateway = await gatewayOf('{}', openaiEnv(`http://127.0.0.1:${server.port}`));
    let stop = false;
    const slow = new ReadableStream({
      async pull(controller) {
        await Bun.sleep(5);
        if (stop) controller.close();
        else controller.enqueue(new Uint8Array(10_000));
      },
    });
    const response = await ask(gateway, '/openai/v1/uploads', {
      method: 'POST',
      body: slow,
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect([response.status, await response.text()]).toEqual([413, '{"no":true}']);
    stop = true;
  });
});

describe('what comes back', () => {
  test('a stream, event by event, with its usage accounted', async () => {
    const next = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const events = [
      'event: message_start\ndata: {"type":"message_start","message":{"model":"claude-x","usage":{"input_tokens":11,"output_tokens":1}}}\n\n',
      'event: message_delta\ndata: {"type":"message_delta","delta":{},"usage":{"output_tokens":7}}\n\n',
      'event: message_stop\ndata: {"type":"message_stop"}\n\n',
    ];
    const { url } = provider(
      () =>
        new Response(
          new ReadableStream({
            async start(controller) {
              for (const [index, event] of events.entries()) {
                controller.enqueue(new TextEncoder().encode(event));
                await next[index]?.promise;
              }
              controller.close();
            },
          }),
          { headers: { 'content-type': 'text/event-stream' } },
        ),
    );
    const gateway = await gatewayOf('{}', { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: url });
    const response = await ask(gateway, '/anthropic/v1/messages', json({ model: 'claude-x', stream: true, messages: [] }));
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body!.getReader();
    for (const [index, event] of events.entries()) {
      expect(new TextDecoder().decode((await reader.read()).value)).toBe(event);
      next[index]?.resolve();
    }
    expect((await reader.read()).done).toBe(true);
    expect(await call(gateway)).toMatchObject({
      provider: 'anthropic',
      upstreamModel: 'claude-x',
      stream: true,
      status: 200,
      inputTokens: 11,
      outputTokens: 7,
    });
  });

  test('bytes as they are, and what they are called', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
    const { url } = provider(
      () =>
        new Response(bytes, {
          headers: { 'content-type': 'audio/mpeg', 'content-disposition': 'attachment; filename=a.mp3', etag: '"e"' },
        }),
    );
    const gateway = await gatewayOf('{}', openaiEnv(url));
    const response = await ask(gateway, '/openai/v1/files/f/content');
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    expect([response.headers.get('content-type'), response.headers.get('content-disposition'), response.headers.get('etag')]).toEqual([
      'audio/mpeg',
      'attachment; filename=a.mp3',
      '"e"',
    ]);
  });

  test('HEAD, and answers without a body', async () => {
    const { url } = provider(({ method, path }) =>
      method === 'HEAD'
        ? new Response(null, { headers: { 'x-size': '9' } })
        : new Response(null, { status: path.endsWith('304') ? 304 : 204 }),
    );
    const gateway = await gatewayOf('{}', openaiEnv(url));
    const head = await ask(gateway, '/openai/v1/x', { method: 'HEAD' });
    expect([head.status, head.headers.get('x-size'), await head.text()]).toEqual([200, '9', '']);
    expect((await ask(gateway, '/openai/v1/x', { method: 'DELETE' })).status).toBe(204);
    expect((await ask(gateway, '/openai/v1/304')).status).toBe(304);
  });

  test('a failure in the provider’s own words', async () => {
    const { url } = provider(() =>
      Response.json({ error: { message: 'theirs', type: 'x' } }, { status: 429, headers: { 'retry-after': '7' } }),
    );
    const gateway = await gatewayOf('{}', openaiEnv(url));
    const response = await ask(gateway, '/openai/v1/threads', json({}));
    expect([response.status, response.headers.get('retry-after'), await response.json()]).toEqual([
      429,
      '7',
      { error: { message: 'theirs', type: 'x' } },
    ]);
    expect(await call(gateway)).toMatchObject({ status: 429, upstreamStatus: 429, attempts: 1 });
  });

  test('redirects, which lead back here or elsewhere, and are not followed', async () => {
    const { url, seen } = provider(({ path }) => {
      const location: Record<string, string> = {
        '/team/v1/own': '/team/v1/other?a=1',
        '/team/v1/out': 'https://files.example/x?sig=1',
        '/team/v1/inside': '/internal/admin',
      };
      return new Response(null, { status: 302, headers: { location: location[path]!, 'set-cookie': 'a=b' } });
    });
    const gateway = await gatewayOf('{}', { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: `${url}/team/v1` });
    const location = async (path: string) => (await ask(gateway, path)).headers.get('location');
    expect(await location('/openai/v1/own')).toBe('/openai/v1/other?a=1');
    expect(await location('/openai/v1/out')).toBe('https://files.example/x?sig=1');
    expect(await location('/openai/v1/inside')).toBeNull();
    expect((await ask(gateway, '/openai/v1/own')).headers.get('set-cookie')).toBeNull();
    expect(seen).toHaveLength(4);
  });

  test('a stream that breaks is no whole answer', async () => {
    const server = Bun.listen({
      hostname: '127.0.0.1',
      port: 0,
      socket: {
        data(socket) {
          socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n');
          setTimeout(() => socket.terminate(), 30);
        },
      },
    });
    cleanUp(() => server.stop(true));
    const gateway = await gatewayOf('{}', openaiEnv(`http://127.0.0.1:${server.port}`));
    const response = await ask(gateway, '/openai/v1/responses/r?stream=true');
    expect(response.text()).rejects.toThrow();
    expect(await call(gateway)).toMatchObject({ errorCode: 'connection' });
  });

  test('a client that leaves takes the provider’s answer with it', async () => {
    const gone = Promise.withResolvers<void>();
    const { url } = provider((_, request) => {
      request.signal.addEventListener('abort', () => gone.resolve());
      return new Response(
        new ReadableStream({
          async pull(controller) {
            await Bun.sleep(5);
            controller.enqueue(new TextEncoder().encode('data: 1\n\n'));
          },
        }),
        { headers: { 'content-type': 'text/event-stream' } },
      );
    });
    const gateway = await gatewayOf('{}', openaiEnv(url));
    const controller = new AbortController();
    const response = await ask(gateway, '/openai/v1/x', { signal: controller.signal });
    await response.body!.getReader().read();
    controller.abort();
    await gone.promise;
    expect(await call(gateway)).toMatchObject({ status: 499 });
  });

  test('nothing, for too long, is an error', async () => {
    const { url } = provider(() => new Promise(() => {}));
    const gateway = await gatewayOf('general_settings: { pass_through_request_timeout: 0.05 }', openaiEnv(url));
    expect((await ask(gateway, '/openai/v1/threads', json({}))).status).toBe(504);
  });
});

describe('whose address and key', () => {
  const models = (url: string) => `model_list:
  - { model_name: mine, litellm_params: { model: openai/gpt-real, api_base: "${url}/a/v1", api_key: sk-mine } }
  - { model_name: other, litellm_params: { model: anthropic/claude, api_base: "${url}/b", api_key: sk-other } }
  - { model_name: one, litellm_params: { model: openai/x, api_base: "${url}/c/v1", api_key: sk-one, use_in_pass_through: true } }
  - { model_name: two, litellm_params: { model: openai/y, api_base: "${url}/d/v1", api_key: sk-two, use_in_pass_through: true } }
`;

  test('the deployment’s that the request names: in its body, its path, a header', async () => {
    const { url, seen } = provider();
    const gateway = await gatewayOf(models(url), openaiEnv(url));
    await ask(gateway, '/openai/v1/fine_tuning/x', json({ model: 'mine', a: 1.0 }));
    await ask(gateway, '/openai/v1/models/mine:extra', json({}));
    await ask(gateway, '/openai/v1/vector_thing', {
      ...json({}),
      headers: { 'content-type': 'application/json', 'x-litellm-model': 'mine' },
    });
    expect(seen.map(({ path, body, headers }) => [path, body, headers['authorization']])).toEqual([
      ['/a/v1/fine_tuning/x', '{"model":"gpt-real","a":1}', 'Bearer sk-mine'],
      ['/a/v1/models/gpt-real:extra', '{}', 'Bearer sk-mine'],
      ['/a/v1/vector_thing', '{}', 'Bearer sk-mine'],
    ]);
    expect(gateway.calls()[0]).toMatchObject({ model: 'mine', upstreamModel: 'gpt-real', provider: 'openai' });
    expect((await ask(gateway, '/openai/v1/x', { headers: { 'x-litellm-model': 'nobody' } })).status).toBe(404);
    expect((await ask(gateway, '/openai/v1/x', { headers: { 'x-litellm-model': 'other' } })).status).toBe(404);
  });

  test('else those that are for relays, in turn', async () => {
    const { url, seen } = provider();
    const gateway = await gatewayOf(models(url), openaiEnv(url));
    for (let nth = 0; nth < 30; nth++) await ask(gateway, '/openai/v1/newest', json({}));
    const used = new Set(seen.map(({ path, headers }) => `${path} ${headers['authorization']}`));
    expect([...used].sort()).toEqual(['/c/v1/newest Bearer sk-one', '/d/v1/newest Bearer sk-two']);
    // A provider without any has the environment's.
    await ask(gateway, '/anthropic/v1/x', json({}));
    expect(seen).toHaveLength(30);
  });

  test('a path that the gateway serves itself is served, for models that it knows, and relayed for others', async () => {
    const { url, seen } = provider(() =>
      Response.json({
        id: 'c',
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 3, completion_tokens: 2 },
      }),
    );
    const gateway = await gatewayOf(models(url), openaiEnv(url));
    const chat = (model: string, extra = {}) =>
      ask(gateway, '/openai/v1/chat/completions', json({ model, messages: [{ role: 'user', content: 'x' }], ...extra }));
    expect((await chat('mine')).status).toBe(200);
    expect((await chat('other', { fallbacks: ['a'] })).status).not.toBe(404);
    expect((await chat('gpt-unknown', { fallbacks: ['kept'] })).status).toBe(200);
    expect(seen.map(({ path }) => path).filter((path) => !path.startsWith('/b'))).toEqual([
      '/a/v1/chat/completions',
      expect.stringMatching(/^\/[cd]\/v1\/chat\/completions$/),
    ]);
    // What is relayed is not touched.
    expect(JSON.parse(seen.at(-1)!.body)).toMatchObject({ model: 'gpt-unknown', fallbacks: ['kept'] });
    expect(gateway.calls()).toHaveLength(3);
    expect(gateway.calls()[2]).toMatchObject({ inputTokens: 3, outputTokens: 2, upstreamModel: 'gpt-unknown' });
    expect(gateway.calls()[2]).not.toHaveProperty('dropped');
    // Without a provider's name in front there is nobody else to ask.
    expect((await gateway.post('/v1/chat/completions', { model: 'gpt-unknown', messages: [] })).status).toBe(404);
    const list = (await (await ask(gateway, '/openai/v1/models')).json()) as { data: { id: string }[] };
    expect(list.data.map(({ id }) => id).toSorted()).toEqual(['mine', 'one', 'other', 'two']);
  });

  test('and an unknown model stays one where nobody gave the gateway a key', async () => {
    const gateway = await gatewayOf('{}');
    const response = await ask(gateway, '/openai/v1/chat/completions', json({ model: 'gpt', messages: [] }));
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining("'gpt' does not exist")]);
  });

  test('and what has a provider’s own id, which the gateway did not give', async () => {
    const { url, seen } = provider();
    const gateway = await gatewayOf(models(url), openaiEnv(url));
    expect((await ask(gateway, '/openai/v1/videos/video_123')).status).toBe(200);
    expect((await ask(gateway, '/openai/v1/videos/video_123/remix', json({ prompt: 'y' }))).status).toBe(200);
    expect(seen.map(({ path, body }) => [path.slice(2), body])).toEqual([
      ['/v1/videos/video_123', ''],
      ['/v1/videos/video_123/remix', '{"prompt":"y"}'],
    ]);
    // One that the gateway gave is not the provider's, whoever made it.
    const gone = `video-sl-${Buffer.from('gone').toString('base64url')}.${Buffer.from('video_1').toString('base64url')}`;
    expect((await ask(gateway, `/openai/v1/videos/${gone}`)).status).toBe(404);
    expect((await ask(gateway, '/openai/v1/videos/video-sl-x')).status).toBe(400);
    expect(seen).toHaveLength(2);
  });

  test('openai_passthrough is relayed whatever it is', async () => {
    const { url, seen } = provider();
    const gateway = await gatewayOf(models(url), openaiEnv(url));
    await ask(gateway, '/openai_passthrough/v1/models');
    expect(seen.map(({ path }) => path)).toEqual([expect.stringMatching(/^\/[cd]\/v1\/models$/)]);
  });
});

describe('paths of the configuration', () => {
  test('all that they may say', async () => {
    const { url, seen } = provider(() => Response.json({ results: [], meta: { billed_units: { search_units: 1 } } }));
    const gateway = await gatewayOf(
      `general_settings:
  pass_through_endpoints:
    - path: /v1/rerank
      target: ${url}/cohere/rerank
      headers: { Authorization: "bearer os.environ/COHERE_KEY", content-type: application/json, X-Extra: os.environ/EXTRA }
      default_query_params: { tenant: a b, limit: 5 }
      cost_per_request: 0.25
      methods: [POST]
    - { path: /tools, target: "${url}/t?fixed=1", include_subpath: true, auth: false, forward_headers: true }
    - { path: /lf, target: "${url}/lf", headers: { LANGFUSE_PUBLIC_KEY: os.environ/PK, LANGFUSE_SECRET_KEY: os.environ/SK } }
`,
      { COHERE_KEY: 'cohere-canary', EXTRA: 'extra', PK: 'pk', SK: 'sk' },
    );
    const response = await ask(gateway, '/v1/rerank?limit=9', {
      ...json({ query: 'q' }),
      headers: { 'content-type': 'application/json', 'x-own': 'o', 'x-pass-x-named': 'n' },
    });
    expect(response.status).toBe(200);
    expect(seen[0]).toMatchObject({ path: '/cohere/rerank?tenant=a%20b&limit=9', body: '{"query":"q"}' });
    expect(seen[0]!.headers).toMatchObject({ authorization: 'bearer cohere-canary', 'x-extra': 'extra', 'x-named': 'n' });
    expect(seen[0]!.headers).not.toHaveProperty('x-own');
    expect(response.headers.get('x-litellm-response-cost')).toBe('0.25');
    expect(await call(gateway)).toMatchObject({ route: 'pass_through', provider: 'pass_through', status: 200, cost_nano_usd: 250_000_000 });

    expect((await ask(gateway, '/v1/rerank', { method: 'GET' })).status).toBe(405);
    expect((await fetch(`${gateway.url}/v1/rerank`, json({}))).status).toBe(401);

    const open = await fetch(`${gateway.url}/tools/a/b?x=1`, { headers: { 'x-own': 'o', authorization: 'Bearer mine' } });
    expect(open.status).toBe(200);
    expect(seen.at(-1)).toMatchObject({ path: '/t/a/b?fixed=1&x=1', headers: { 'x-own': 'o' } });
    expect(seen.at(-1)!.headers).not.toHaveProperty('authorization');
    expect((await fetch(`${gateway.url}/tools/..%2fadmin`)).status).toBe(400);

    await ask(gateway, '/lf');
    expect(seen.at(-1)!.headers['authorization']).toBe(`Basic ${btoa('pk:sk')}`);
    expect(seen.at(-1)!.headers).not.toHaveProperty('langfuse_public_key');
    expect((await ask(gateway, '/lf/below')).status).toBe(404);
  });

  test('cost_per_request is what a request costs: streams and answers that count tokens too, but no failure', async () => {
    const counted = { model: 'gpt-4o', usage: { prompt_tokens: 1000, completion_tokens: 10, total_tokens: 1010 } };
    const { url } = provider(({ path }) => {
      if (path.startsWith('/stream'))
        return new Response('data: {"a":1}\n\ndata: [DONE]\n\n', { headers: { 'content-type': 'text/event-stream' } });
      return path.startsWith('/refused') ? Response.json({ error: 'no' }, { status: 400 }) : Response.json(counted);
    });
    const gateway = await gatewayOf(
      `general_settings: { pass_through_endpoints: [{ path: /paid, target: "${url}", include_subpath: true, cost_per_request: 0.0015 }, { path: /unsaid, target: "${url}", include_subpath: true }] }`,
    );
    const costs = async (path: string): Promise<[string | null, unknown]> => {
      const before = gateway.calls().length;
      const response = await ask(gateway, path);
      await response.text();
      for (let tries = 0; tries < 100 && gateway.calls().length === before; tries++) await Bun.sleep(5);
      return [response.headers.get('x-litellm-response-cost'), gateway.calls()[before]!['cost_nano_usd']];
    };
    expect(await costs('/paid/whole')).toEqual(['0.0015', 1_500_000]);
    expect(gateway.calls()[0]).toMatchObject({ inputTokens: 1000, outputTokens: 10 });
    expect(await costs('/paid/stream')).toEqual(['0.0015', 1_500_000]);
    expect(await costs('/paid/refused')).toEqual([null, undefined]);
    expect(await costs('/unsaid/whole')).toEqual([null, undefined]);
  });

  test('a variable that is not set is named', async () => {
    const { url } = provider();
    const gateway = await gatewayOf(
      `general_settings: { pass_through_endpoints: [{ path: /a, target: "${url}", headers: { k: "x os.environ/NOT_THERE" } }] }`,
    );
    const response = await ask(gateway, '/a');
    expect([response.status, await response.text()]).toEqual([500, expect.stringContaining('NOT_THERE')]);
  });

  test('where clouds keep credentials nothing is relayed to', async () => {
    const gateway = await gatewayOf('general_settings: { pass_through_endpoints: [{ path: /a, target: "http://127.0.0.1:1/" }] }');
    expect((await ask(gateway, '/a')).status).toBe(502);
  });
});

/** One exchange over a bare connection. */
const raw = async (url: string, text: string): Promise<string> => {
  const { hostname, port } = new URL(url);
  let answer = '';
  const closed = Promise.withResolvers<void>();
  await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      open: (socket) => void socket.write(text),
      data: (_, bytes) => void (answer += bytes.toString('latin1')),
      close: () => closed.resolve(),
    },
  });
  await Promise.race([closed.promise, Bun.sleep(2000)]);
  return answer;
};
