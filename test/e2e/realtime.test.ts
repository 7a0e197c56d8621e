import { afterEach, describe, expect, test } from 'bun:test';
import type { ServerWebSocket } from 'bun';
import { createHash } from 'node:crypto';
import net, { type AddressInfo } from 'node:net';
import { createRig, masterKey, type Gateway } from './harness.ts';

// Conversations over real WebSockets, both ways.

const { stopAll, later, gatewayOf } = createRig();
afterEach(stopAll);

interface Said {
  path: string;
  headers: Record<string, string>;
  frames: (string | Buffer)[];
  closed?: { code: number; reason: string };
  socket?: ServerWebSocket<Said>;
}

/** A provider of conversations: it keeps what it hears, and answers as the test says. */
const provider = (
  answer: (socket: ServerWebSocket<Said>, frame: string | Buffer) => void = () => {},
  refuse?: (path: string) => Response | undefined,
  greet?: string,
) => {
  const heard: Said[] = [];
  const server = Bun.serve<Said>({
    port: 0,
    hostname: '127.0.0.1',
    fetch(request, self) {
      const { pathname, search } = new URL(request.url);
      const refused = refuse?.(pathname);
      if (refused) return refused;
      const data: Said = { path: pathname + search, headers: Object.fromEntries(request.headers), frames: [] };
      heard.push(data);
      return self.upgrade(request, { data }) ? undefined : Response.json({ error: 'no socket' }, { status: 400 });
    },
    websocket: {
      data: undefined as unknown as Said,
      backpressureLimit: 64 * 1024 * 1024,
      open(socket) {
        socket.data.socket = socket;
        if (greet !== undefined) socket.send(greet);
      },
      message(socket, frame) {
        socket.data.frames.push(typeof frame === 'string' ? frame : Buffer.from(frame));
        answer(socket, frame);
      },
      close: (socket, code, reason) => void (socket.data.closed = { code, reason }),
    },
  });
  later(() => server.stop(true));
  return { url: `http://127.0.0.1:${server.port}`, heard };
};

const models = (url: string) => `model_list:
  - { model_name: voice, litellm_params: { model: openai/gpt-realtime, api_base: "${url}/v1", api_key: sk-provider-canary } }
  - { model_name: live, litellm_params: { model: gemini/gemini-live, api_base: "${url}/v1beta", api_key: g-canary } }
  - { model_name: text, litellm_params: { model: anthropic/claude, api_base: "${url}", api_key: k } }
`;

interface Client {
  socket: WebSocket;
  frames: (string | Buffer)[];
  closed: Promise<{ code: number; reason: string }>;
  opened: Promise<boolean>;
  protocol(): string;
}

const Socket = WebSocket as unknown as new (url: string, options?: { headers?: Record<string, string>; protocols?: string[] }) => WebSocket;

const connect = (gateway: Gateway, path: string, { protocols, key = masterKey }: { protocols?: string[]; key?: string } = {}): Client => {
  const headers: Record<string, string> = protocols ? {} : { authorization: `Bearer ${key}` };
  const socket = new Socket(gateway.url.replace('http', 'ws') + path, { headers, ...(protocols && { protocols }) });
  socket.binaryType = 'nodebuffer' as BinaryType;
  const frames: (string | Buffer)[] = [];
  const closed = Promise.withResolvers<{ code: number; reason: string }>();
  const opened = Promise.withResolvers<boolean>();
  socket.addEventListener('message', ({ data }) => void frames.push(data as string | Buffer));
  socket.addEventListener('open', () => opened.resolve(true));
  socket.addEventListener('close', ({ code, reason }) => {
    opened.resolve(false);
    closed.resolve({ code, reason });
  });
  later(async () => socket.close());
  return { socket, frames, closed: closed.promise, opened: opened.promise, protocol: () => socket.protocol };
};

const until = async (condition: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 400 && !condition(); tries++) await Bun.sleep(5);
  expect(condition()).toBe(true);
};

const call = async (gateway: Gateway): Promise<Record<string, unknown>> => {
  await until(() => gateway.calls().length > 0);
  expect(gateway.calls()).toHaveLength(1);
  return gateway.calls()[0]!;
};

const done = (input: number, output: number) =>
  JSON.stringify({
    type: 'response.done',
    response: { usage: { input_tokens: input, output_tokens: output, total_tokens: input + output } },
  });

describe('OpenAI’s conversations', () => {
  test.each(['/v1/realtime', '/realtime', '/openai/v1/realtime', '/openai/realtime'])(
    '%s: frames go both ways as they are',
    async (path) => {
      const { url, heard } = provider((socket, frame) => void socket.send(frame), undefined, '{"type":"session.created"}');
      const gateway = await gatewayOf(models(url));
      const client = connect(gateway, `${path}?model=voice&intent=transcription`);
      expect(await client.opened).toBe(true);
      const odd = '{"type": "x",\t"a":1.0}';
      client.socket.send(odd);
      client.socket.send(new Uint8Array([0, 255, 1]));
      await until(() => client.frames.length === 3);
      expect(client.frames).toEqual(['{"type":"session.created"}', odd, Buffer.from([0, 255, 1])]);
      expect(heard[0]!.path).toBe('/v1/realtime?model=gpt-realtime&intent=transcription');
      expect(heard[0]!.headers['authorization']).toBe('Bearer sk-provider-canary');
      expect(JSON.stringify(heard[0]!.headers)).not.toContain(masterKey);
    },
  );

  test('what they count is added up, and accounted once at the end', async () => {
    const { url } = provider((socket, frame) => void socket.send(String(frame)));
    const gateway = await gatewayOf(models(url));
    const client = connect(gateway, '/v1/realtime?model=voice');
    await client.opened;
    for (const frame of [done(10, 4), '{"type":"response.output_audio.delta"}', done(7, 5)]) client.socket.send(frame);
    await until(() => client.frames.length === 3);
    expect(gateway.calls()).toHaveLength(0);
    client.socket.close(1000, 'bye');
    expect(await call(gateway)).toMatchObject({
      route: 'realtime',
      model: 'voice',
      provider: 'openai',
      upstreamModel: 'gpt-realtime',
      status: 101,
      inputTokens: 17,
      outputTokens: 9,
    });
  });

  test('what they cost: text, cached text and sound each at its own price', async () => {
    const { url } = provider((socket, frame) => void socket.send(String(frame)));
    const gateway = await gatewayOf(models(url));
    const client = connect(gateway, '/v1/realtime?model=voice');
    await client.opened;
    const turn = JSON.stringify({
      type: 'response.done',
      response: {
        usage: {
          total_tokens: 253,
          input_tokens: 132,
          output_tokens: 121,
          input_token_details: {
            text_tokens: 119,
            audio_tokens: 13,
            cached_tokens: 64,
            cached_tokens_details: { text_tokens: 64, audio_tokens: 0 },
          },
          output_token_details: { text_tokens: 30, audio_tokens: 91 },
        },
      },
    });
    for (const frame of [turn, turn]) client.socket.send(frame);
    await until(() => client.frames.length === 2);
    client.socket.close(1000, 'bye');
    // Each turn: 55 x 4/M + 64 x 0.4/M + 13 x 32/M + 30 x 16/M + 91 x 64/M.
    expect(await call(gateway)).toMatchObject({ route: 'realtime', cost_nano_usd: 2 * 6_965_600 });
  });

  test('a conversation in which nothing was counted has no known cost', async () => {
    const { url } = provider((socket, frame) => void socket.send(frame));
    const gateway = await gatewayOf(models(url));
    const client = connect(gateway, '/v1/realtime?model=voice');
    await client.opened;
    client.socket.close(1000, 'bye');
    const line = await call(gateway);
    expect(line).toMatchObject({ cost: 'unknown' });
    expect(line).not.toHaveProperty('cost_nano_usd');
  });

  test('a conversation for transcriptions names its model in an event, and is accounted as that', async () => {
    const counted = JSON.stringify({
      type: 'conversation.item.input_audio_transcription.completed',
      usage: {
        type: 'tokens',
        input_tokens: 9,
        output_tokens: 4,
        total_tokens: 13,
        input_token_details: { text_tokens: 0, audio_tokens: 9 },
      },
    });
    const { url, heard } = provider((socket) => void socket.send(counted));
    const gateway = await gatewayOf('{}', { OPENAI_API_KEY: 'sk-env', OPENAI_BASE_URL: `${url}/v1` });
    const client = connect(gateway, '/v1/realtime?intent=transcription');
    expect(await client.opened).toBe(true);
    client.socket.send(
      '{"type":"session.update","session":{"type":"transcription","audio":{"input":{"transcription":{"model":"gpt-4o-transcribe"}}}}}',
    );
    await until(() => client.frames.length === 1);
    client.socket.close();
    expect(heard[0]!.path).toBe('/v1/realtime?intent=transcription');
    const line = await call(gateway);
    expect(line).toMatchObject({ upstreamModel: 'gpt-4o-transcribe', outputTokens: 4 });
    expect(line['cost_nano_usd']).toBeGreaterThan(0);
  });

  test('a browser’s key is in its subprotocols, and goes no further', async () => {
    const { url, heard } = provider();
    const gateway = await gatewayOf(models(url));
    const client = connect(gateway, '/v1/realtime?model=voice', {
      protocols: ['realtime', `openai-insecure-api-key.${masterKey}`, 'openai-beta.realtime-v1'],
    });
    expect([await client.opened, client.protocol()]).toEqual([true, 'realtime']);
    expect(heard[0]!.headers['openai-beta']).toBe('realtime=v1');
    expect(JSON.stringify(heard[0])).not.toContain(masterKey);
  });

  test.each([
    [1000, 'done'],
    [1001, 'away'],
    [1008, 'policy'],
    [4008, 'their own'],
  ])('the provider’s close is told: %d', async (code, reason) => {
    const { url } = provider((socket) => socket.close(code, reason));
    const gateway = await gatewayOf(models(url));
    const client = connect(gateway, '/v1/realtime?model=voice');
    await client.opened;
    client.socket.send('go');
    expect(await client.closed).toEqual({ code, reason });
  });

  test.each([
    [1000, 'done'],
    [4001, 'mine'],
  ])('the client’s close is told: %d', async (code, reason) => {
    const { url, heard } = provider();
    const gateway = await gatewayOf(models(url));
    const client = connect(gateway, '/v1/realtime?model=voice');
    await client.opened;
    client.socket.close(code, reason);
    await until(() => heard[0]!.closed !== undefined);
    expect(heard[0]!.closed).toEqual({ code, reason });
    expect(await call(gateway)).toMatchObject({ status: 101 });
  });

  test('a provider that is lost is told as an event, and as a close', async () => {
    const { url } = provider((socket) => socket.terminate());
    const gateway = await gatewayOf(models(url));
    const client = connect(gateway, '/v1/realtime?model=voice');
    await client.opened;
    client.socket.send('go');
    expect((await client.closed).code).toBe(1011);
    expect(JSON.parse(String(client.frames[0]))).toMatchObject({
      type: 'error',
      error: { type: 'server_error', code: 'stream_interrupted' },
    });
    expect(await call(gateway)).toMatchObject({ errorCode: 'stream_interrupted' });
  });

  test('what the provider refuses is a plain answer, before anything is opened', async () => {
    const { url } = provider(undefined, () => Response.json({ error: {} }, { status: 429 }));
    const gateway = await gatewayOf(`${models(url)}router_settings: { num_retries: 0 }`);
    const answer = await handshake(gateway, '/v1/realtime?model=voice');
    expect([answer.status, answer.text]).toEqual([429, expect.stringContaining('answered 429')]);
    expect(await call(gateway)).toMatchObject({ status: 429, provider: 'openai' });
  });

  test.each([
    ['no key', '/v1/realtime?model=voice', 'sk-wrong', 401],
    ['no model', '/v1/realtime', masterKey, 400],
    ['an unknown model', '/v1/realtime?model=nobody', masterKey, 404],
    ['a model without conversations', '/v1/realtime?model=text', masterKey, 404],
  ])('%s is a plain answer', async (_, path, key, status) => {
    const { url, heard } = provider();
    const gateway = await gatewayOf(models(url));
    expect((await handshake(gateway, path, key)).status).toBe(status);
    expect(heard).toEqual([]);
  });

  test('without a WebSocket there is none', async () => {
    const gateway = await gatewayOf(models('http://127.0.0.1:1'));
    const response = await fetch(`${gateway.url}/v1/realtime?model=voice`, { headers: { authorization: `Bearer ${masterKey}` } });
    expect(response.status).toBe(426);
  });

  test('a model that the configuration does not know goes to the provider of the path, if there is a key for it', async () => {
    const { url, heard } = provider();
    const gateway = await gatewayOf('{}', {
      OPENAI_API_KEY: 'sk-env',
      OPENAI_BASE_URL: `${url}/v1`,
      XAI_API_KEY: 'x-env',
      XAI_API_BASE: `${url}/x/v1`,
    });
    expect(await connect(gateway, '/openai/v1/realtime?model=gpt-new').opened).toBe(true);
    expect(await connect(gateway, '/xai/v1/realtime?model=grok').opened).toBe(true);
    expect(heard.map(({ path, headers }) => [path, headers['authorization']])).toEqual([
      ['/v1/realtime?model=gpt-new', 'Bearer sk-env'],
      ['/x/v1/realtime?model=grok', 'Bearer x-env'],
    ]);
  });

  test('Azure’s, with its own path and key', async () => {
    const { url, heard } = provider();
    const azure = `model_list: [{ model_name: az, litellm_params: { model: azure/rt-deployment, api_base: "${url}", api_key: az-key, api_version: 2024-10-01-preview } }]`;
    const gateway = await gatewayOf(azure);
    expect(await connect(gateway, '/azure/openai/realtime?api-version=x&deployment=az').opened).toBe(true);
    expect(heard[0]!.path).toBe('/openai/realtime?api-version=2024-10-01-preview&deployment=rt-deployment');
    expect(heard[0]!.headers['api-key']).toBe('az-key');
  });

  test('an end of the gateway is the end of the conversation', async () => {
    const { url, heard } = provider();
    const gateway = await gatewayOf(models(url));
    const client = connect(gateway, '/v1/realtime?model=voice');
    await client.opened;
    await gateway.stop(20);
    expect((await client.closed).code).toBe(1012);
    await until(() => heard[0]!.closed !== undefined);
    expect(await call(gateway)).toMatchObject({ errorCode: 'unavailable' });
  });

  test('however they end, each is accounted once and leaves no socket', async () => {
    const { url, heard } = provider((socket, frame) => (String(frame) === 'die' ? socket.terminate() : void socket.send(done(1, 1))));
    const gateway = await gatewayOf(models(url));
    const count = 12;
    const clients = Array.from({ length: count }, () => connect(gateway, '/v1/realtime?model=voice'));
    await Promise.all(clients.map(({ opened }) => opened));
    for (const { socket } of clients) socket.send('go');
    await until(() => clients.every(({ frames }) => frames.length === 1));
    for (const [index, { socket }] of clients.entries()) {
      if (index % 4 === 0) socket.close(1000, 'bye');
      if (index % 4 === 1) (socket as unknown as { terminate(): void }).terminate();
      if (index % 4 === 2) socket.send('die');
    }
    await until(() => gateway.calls().length === (count * 3) / 4);
    await gateway.stop(20);
    await until(() => heard.every(({ closed }) => closed !== undefined));
    const calls = gateway.calls();
    expect(new Set(calls.map(({ callId, call_id: id }) => callId ?? id)).size).toBe(count);
    expect(calls.map(({ inputTokens }) => inputTokens)).toEqual(Array.from({ length: count }, () => 1));
    expect(calls.filter(({ errorCode }) => errorCode === 'stream_interrupted')).toHaveLength(count / 4);
    expect(calls.filter(({ errorCode }) => errorCode === 'unavailable')).toHaveLength(count / 4);
  });

  test('no conversation lasts for ever', async () => {
    const { url } = provider();
    const gateway = await gatewayOf(`${models(url)}sluice_settings: { timeout_ms: 60 }`);
    const client = connect(gateway, '/v1/realtime?model=voice');
    expect((await client.closed).code).toBe(1001);
    expect(String(client.frames[0])).toContain('session_expired');
  });

  test('a client that does not read makes its provider wait, and misses nothing', async () => {
    const total = 40 * 1024 * 1024;
    const { url, heard } = provider((socket) => {
      for (let sent = 0; sent < 40; sent++) socket.send(Buffer.alloc(1024 * 1024));
    });
    const gateway = await gatewayOf(models(url));
    const raw = await rawClient(gateway, '/v1/realtime?model=voice');
    raw.socket.pause();
    raw.say('go');
    const waiting = () => heard[0]?.socket?.getBufferedAmount() ?? 0;
    await until(() => waiting() > 0);
    await Bun.sleep(200);
    // The sockets' own buffers, and a megabyte or two of the gateway's.
    expect(waiting()).toBeGreaterThan(total / 4);
    expect(gateway.calls()).toEqual([]);
    raw.socket.resume();
    await until(() => raw.bytes() >= total);
    raw.socket.end();
    await until(() => gateway.calls().length === 1);
  });

  test('a provider that does not read is given up', async () => {
    const held: net.Socket[] = [];
    const server = net.createServer((socket) => {
      held.push(socket);
      socket.on('error', () => {});
      socket.once('data', (data) => {
        const key = /sec-websocket-key: (\S+)/i.exec(String(data))?.[1];
        const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
        socket.pause();
        socket.write(
          `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    later(async () => {
      for (const socket of held) socket.destroy();
      server.close();
    });
    const gateway = await gatewayOf(models(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
    const client = connect(gateway, '/v1/realtime?model=voice');
    await client.opened;
    for (let sent = 0; sent < 40; sent++) client.socket.send(new Uint8Array(1024 * 1024));
    expect((await client.closed).code).toBe(1013);
    expect(await call(gateway)).toMatchObject({ errorCode: 'unavailable' });
  });

  test('a refusal comes in the words of the provider, without its key', async () => {
    for (const [status, type] of [
      [401, 'authentication_error'],
      [404, 'not_found_error'],
      [429, 'rate_limit_error'],
    ] as const) {
      const { url } = provider(undefined, () =>
        Response.json({ error: { message: `no: sk-provider-canary is ${status}`, type, code: 'their_code' } }, { status }),
      );
      const gateway = await gatewayOf(`${models(url)}router_settings: { num_retries: 0 }`);
      const answer = await handshake(gateway, '/v1/realtime?model=voice');
      expect(answer.status).toBe(status);
      expect(answer.text).toContain(`is ${status}`);
      expect(JSON.parse(answer.text.slice(answer.text.indexOf('{'), answer.text.lastIndexOf('}') + 1))).toMatchObject({
        error: { message: expect.any(String), code: 'their_code' },
      });
      expect(answer.text + gateway.lines.join('')).not.toContain('sk-provider-canary');
    }
  });

  test('a query with a broken escape is the client’s fault', async () => {
    const { url, heard } = provider();
    const gateway = await gatewayOf(models(url));
    expect((await handshake(gateway, '/v1/realtime?model=voice&%zz=1')).status).toBe(400);
    expect(heard).toEqual([]);
  });

  test('short-lived keys, and calls over WebRTC, are relayed', async () => {
    const seen: string[] = [];
    const server = Bun.serve({
      port: 0,
      async fetch(request) {
        seen.push(`${new URL(request.url).pathname} ${request.headers.get('authorization')} ${await request.text()}`);
        return Response.json({ value: 'ek_1' });
      },
    });
    later(() => server.stop(true));
    const gateway = await gatewayOf(models(`http://127.0.0.1:${server.port}`), {
      OPENAI_API_KEY: 'sk-env',
      OPENAI_BASE_URL: `http://127.0.0.1:${server.port}/v1`,
    });
    const secret = await gateway.post('/v1/realtime/client_secrets', { session: { type: 'realtime', model: 'voice' } });
    expect(await secret.json()).toEqual({ value: 'ek_1' });
    await gateway.post('/v1/realtime/calls?model=x', 'v=0', { headers: { 'content-type': 'application/sdp' } });
    expect(seen).toEqual([
      '/v1/realtime/client_secrets Bearer sk-provider-canary {"session":{"type":"realtime","model":"gpt-realtime"}}',
      '/v1/realtime/calls Bearer sk-env v=0',
    ]);
  });
});

describe('Gemini Live', () => {
  const path = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';

  test('the first message says the model; it and all that follow go on', async () => {
    const { url, heard } = provider((socket, frame) => {
      if (String(frame).includes('setup')) socket.send(Buffer.from('{"setupComplete":{}}'));
      else socket.send('{"serverContent":{},"usageMetadata":{"promptTokenCount":10,"responseTokenCount":7,"totalTokenCount":17}}');
    });
    const gateway = await gatewayOf(models(url));
    const client = connect(gateway, `${path}?key=${masterKey}`, { protocols: [] });
    await client.opened;
    client.socket.send('{"setup":{"model":"models/live","generationConfig":{"responseModalities":["AUDIO"]}}}');
    client.socket.send('{"realtimeInput":{"text":"hi"}}');
    client.socket.send('{"realtimeInput":{"text":"again"}}');
    await until(() => client.frames.length === 3);
    expect(heard[0]!.path).toBe(path);
    expect(heard[0]!.headers['x-goog-api-key']).toBe('g-canary');
    expect(heard[0]!.frames).toEqual([
      '{"setup":{"model":"models/gemini-live","generationConfig":{"responseModalities":["AUDIO"]}}}',
      '{"realtimeInput":{"text":"hi"}}',
      '{"realtimeInput":{"text":"again"}}',
    ]);
    expect(JSON.stringify(heard[0])).not.toContain(masterKey);
    client.socket.close();
    expect(await call(gateway)).toMatchObject({
      provider: 'gemini',
      model: 'live',
      upstreamModel: 'gemini-live',
      inputTokens: 20,
      outputTokens: 14,
    });
  });

  test.each([
    ['what is no setup', '{"realtimeInput":{}}', 1008, 'setup'],
    ['no JSON', 'hello', 1008, 'setup'],
    ['an unknown model', '{"setup":{"model":"models/nobody"}}', 1008, 'does not exist'],
  ])('%s ends it', async (_, first, code, words) => {
    const { url, heard } = provider();
    const gateway = await gatewayOf(models(url));
    const client = connect(gateway, `${path}?key=${masterKey}`, { protocols: [] });
    await client.opened;
    client.socket.send(first);
    expect(await client.closed).toEqual({ code, reason: expect.stringContaining(words) });
    expect(heard).toEqual([]);
    expect((await call(gateway))['status']).toBeGreaterThanOrEqual(400);
  });

  test('what it costs: text and sound each at its own price', async () => {
    const counts = {
      promptTokenCount: 30,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 10 },
        { modality: 'AUDIO', tokenCount: 20 },
      ],
      responseTokenCount: 7,
      responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 7 }],
      totalTokenCount: 37,
    };
    const { url } = provider(
      (socket, frame) =>
        void socket.send(
          String(frame).includes('setup') ? '{"setupComplete":{}}' : JSON.stringify({ serverContent: {}, usageMetadata: counts }),
        ),
    );
    const gateway = await gatewayOf(models(url).replace('gemini/gemini-live', 'gemini/gemini-3.8-live'));
    const client = connect(gateway, `${path}?key=${masterKey}`, { protocols: [] });
    await client.opened;
    client.socket.send('{"setup":{"model":"models/live"}}');
    client.socket.send('{"realtimeInput":{"text":"hi"}}');
    await until(() => client.frames.length === 2);
    client.socket.close();
    // 10 x 0.75/M + 20 x 3/M + 7 x 12/M.
    expect(await call(gateway)).toMatchObject({ upstreamModel: 'gemini-3.8-live', cost_nano_usd: 151_500 });
  });

  test('what is said before the provider is there has a bound, in frames as well', async () => {
    const silent = net.createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    later(async () => void silent.close());
    const gateway = await gatewayOf(models(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`));
    const client = connect(gateway, `${path}?key=${masterKey}`, { protocols: [] });
    await client.opened;
    client.socket.send('{"setup":{"model":"models/live"}}');
    for (let sent = 0; sent <= 10_000; sent++) client.socket.send('');
    expect((await client.closed).code).toBe(1009);
    expect(await call(gateway)).toMatchObject({ errorCode: 'request_too_large' });
  });

  test.each(['live', 'models/live', 'projects/theirs/locations/us-central1/publishers/google/models/live'])(
    'on Vertex AI: %s becomes the whole name, with the gateway’s token',
    async (name) => {
      const { url, heard } = provider((socket) => void socket.send('{"setupComplete":{}}'));
      const gateway = await gatewayOf(
        `model_list: [{ model_name: live, litellm_params: { model: vertex_ai/gemini-live-2.5-flash, api_base: "${url}", vertex_project: ours, vertex_location: europe-west4, vertex_access_token: token-canary } }]`,
      );
      const client = connect(gateway, `/vertex_ai/live?key=${masterKey}`, { protocols: [] });
      await client.opened;
      client.socket.send(JSON.stringify({ setup: { model: name } }));
      await until(() => client.frames.length === 1);
      expect(heard[0]!.path).toBe('/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent');
      expect(heard[0]!.headers['authorization']).toBe('Bearer token-canary');
      expect(JSON.parse(String(heard[0]!.frames[0]))).toEqual({
        setup: { model: 'projects/ours/locations/europe-west4/publishers/google/models/gemini-live-2.5-flash' },
      });
    },
  );

  test('a provider that refuses ends it', async () => {
    const { url } = provider(undefined, () => new Response('', { status: 503 }));
    const gateway = await gatewayOf(`${models(url)}router_settings: { num_retries: 0 }`);
    const client = connect(gateway, `${path}?key=${masterKey}`, { protocols: [] });
    await client.opened;
    client.socket.send('{"setup":{"model":"models/live"}}');
    expect(await client.closed).toEqual({ code: 1011, reason: expect.stringContaining('503') });
  });
});

/** A handshake whose refusal is read. */
const handshake = async (gateway: Gateway, path: string, key = masterKey): Promise<{ status: number; text: string }> => {
  const { hostname, port } = new URL(gateway.url);
  let text = '';
  const closed = Promise.withResolvers<void>();
  await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      open: (socket) => void socket.write(upgrade(path, key)),
      data(socket, bytes) {
        text += bytes.toString('latin1');
        setTimeout(() => socket.end(), 50);
      },
      close: () => closed.resolve(),
    },
  });
  await closed.promise;
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1]), text };
};

const upgrade = (path: string, key: string) =>
  `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;

/** A client that can stop reading. */
const rawClient = async (gateway: Gateway, path: string) => {
  const { hostname, port } = new URL(gateway.url);
  const opened = Promise.withResolvers<void>();
  let count = 0;
  const socket = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      open: (one) => void one.write(upgrade(path, masterKey)),
      data(_, bytes) {
        count += bytes.length;
        opened.resolve();
      },
    },
  });
  await opened.promise;
  return {
    socket,
    bytes: () => count,
    /** A text frame, masked with zeros. */
    say: (text: string) => void socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)])),
  };
};
