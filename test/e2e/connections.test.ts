import { afterEach, describe, expect, test } from 'bun:test';
import net from 'node:net';
import {
  chat,
  chatBody,
  completion,
  createRig,
  delta,
  done,
  jsonAnswer,
  masterKey,
  oneModel,
  piece,
  readUntil,
  startGateway,
  streamEnd,
  streamHead,
  type Gateway,
} from './harness.ts';

const { upstreamOf, gatewayOf, later, stopAll } = createRig();
afterEach(stopAll);

describe('the connection to the client', () => {
  const raw = (gateway: Gateway, text: string) => {
    const socket = net.connect(Number(new URL(gateway.url).port), '127.0.0.1', () => socket.write(text));
    let received = '';
    socket.on('error', () => {});
    socket.on('data', (data) => (received += data.toString()));
    const closed = new Promise<void>((resolve) => void socket.on('close', () => resolve()));
    later(async () => void socket.destroy());
    return { socket, closed, received: () => received };
  };
  const head = (path: string, more = '') => `${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${masterKey}\r\n${more}\r\n`;

  test('an idle one is closed after keepAliveTimeoutMs, a working one is not', async () => {
    const upstream = await upstreamOf((socket) => void setTimeout(() => socket.write(jsonAnswer(completion('after all'))), 6000));
    const gateway = await gatewayOf(oneModel(upstream.base), {}, { keepAliveTimeoutMs: 1000 });
    const text = JSON.stringify(chatBody);
    const idle = raw(gateway, head('GET /v1/models'));
    const working = raw(gateway, head('POST /v1/chat/completions', `Content-Length: ${text.length}\r\n`) + text);
    await idle.closed;
    expect(idle.received()).toContain('"object":"list"');
    await working.closed;
    expect(working.received()).toContain('after all');
  }, 20_000);

  test('a client that leaves in the middle of its body leaves nothing behind', async () => {
    const gateway = await gatewayOf(oneModel('http://127.0.0.1:1/v1'));
    const { socket } = raw(
      gateway,
      `${head('POST /v1/chat/completions', 'Content-Type: application/json\r\nContent-Length: 500\r\n')}{"mod`,
    );
    await Bun.sleep(100);
    socket.destroy();
    while (gateway.lines.length === 0) await Bun.sleep(5);
    expect(await (await fetch(`${gateway.url}/metrics`)).text()).toContain('sluice_open_calls 0');
    expect(gateway.calls()).toMatchObject([{ status: 499, errorCode: 'client_closed_request' }]);
    expect(gateway.lines).toHaveLength(1);
  });
});

describe('the end', () => {
  const streamOf = async (gateway: Gateway, path = '/v1/chat/completions') => {
    const response = await gateway.post(path, { ...chatBody, max_tokens: 9, stream: true });
    const reader = response.body!.getReader() as ReadableStreamDefaultReader<Uint8Array>;
    return { reader, first: await readUntil(reader, (text) => text.includes('one')) };
  };

  test('readiness fails, a stream that is open ends as it should, and the port is free', async () => {
    let finish: () => void = () => {};
    const upstream = await upstreamOf((socket) => {
      socket.write(streamHead + piece(delta('one')));
      finish = () => void socket.write(piece(delta(' two', 'stop') + done) + streamEnd);
    });
    const gateway = await gatewayOf(oneModel(upstream.base));
    const { reader } = await streamOf(gateway);
    const stopped = gateway.stop(5000);
    const readiness = await fetch(`${gateway.url}/health/readiness`);
    expect([readiness.status, (await fetch(`${gateway.url}/health/liveliness`)).status]).toEqual([503, 200]);
    finish();
    expect(await readUntil(reader, () => false)).toContain('[DONE]');
    await stopped;
    expect(fetch(`${gateway.url}/health/liveliness`)).rejects.toThrow();
  });

  test('what is still open when the time is up gets an error, and no clean end', async () => {
    const upstream = await upstreamOf(
      (socket, text) => void (text.includes('"stream":true') && socket.write(streamHead + piece(delta('one')))),
    );
    const gateway = await gatewayOf(oneModel(upstream.base));
    const [openai, anthropic] = [await streamOf(gateway), await streamOf(gateway, '/v1/messages')];
    const whole = chat(gateway);
    while (upstream.requests.length < 3) await Bun.sleep(5);
    await gateway.stop(100);
    const [a, b] = [await readUntil(openai.reader, () => false), await readUntil(anthropic.reader, () => false)];
    expect(a).toContain('shutting down');
    expect(a).not.toContain('[DONE]');
    expect(b).toContain('event: error');
    expect(b).not.toContain('message_stop');
    expect((await whole).status).toBe(503);
    expect(gateway.calls().map(({ errorCode, level }) => `${errorCode} ${level}`)).toEqual([
      'unavailable 50',
      'unavailable 50',
      'unavailable 50',
    ]);
  });

  test('the last answer is not lost', async () => {
    const upstream = await upstreamOf(() => {});
    const gateway = await gatewayOf(oneModel(upstream.base));
    const last = chat(gateway);
    while (upstream.requests.length === 0) await Bun.sleep(5);
    const stopped = gateway.stop(5000);
    upstream.requests[0]!.socket.write(jsonAnswer(completion('last')));
    expect(await (await last).text()).toContain('last');
    await stopped;
  });
});

test('two gateways cannot share a port', async () => {
  const gateway = await gatewayOf(oneModel('http://127.0.0.1:1/v1'));
  expect(startGateway(oneModel('http://127.0.0.1:1/v1'), {}, { port: Number(new URL(gateway.url).port) })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});

describe('web pages', () => {
  const origin = { origin: 'https://page.example' };
  test('may ask, and may read answers and errors', async () => {
    const upstream = await upstreamOf();
    const gateway = await gatewayOf(oneModel(upstream.base));
    const asked = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'OPTIONS',
      headers: { ...origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-headers')).toBe('authorization,content-type');
    expect((await chat(gateway, {}, origin)).headers.get('access-control-allow-origin')).toBe('*');
    expect((await chat(gateway, {}, { ...origin, authorization: 'Bearer wrong' })).headers.get('access-control-allow-origin')).toBe('*');
    expect((await chat(gateway)).headers.has('access-control-allow-origin')).toBe(false);
  });
  test('may not read what needs no key', async () => {
    const gateway = await gatewayOf(oneModel('http://127.0.0.1:1/v1'));
    const metrics = await fetch(`${gateway.url}/metrics`, { headers: origin });
    expect(metrics.headers.has('access-control-allow-origin')).toBe(false);
  });
});
