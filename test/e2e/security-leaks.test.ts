import { afterEach, expect, test } from 'bun:test';
import net from 'node:net';
import { countTimers } from '../kit/faults/timers.ts';
import { createRig, masterKey } from './harness.ts';

// Relays, forms and things that are kept, however they end: nothing of them is left running.

const { stopAll, later, gatewayOf } = createRig();
afterEach(stopAll);

type End = 'closes' | 'hangs' | 'answers' | 'breaks off' | 'refuses';

const ends: Readonly<Record<End, (socket: net.Socket) => void>> = {
  closes: (socket) => void socket.destroy(),
  hangs: () => {},
  answers: (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n{"id":"fi"}'),
  'breaks off': (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 100\r\n\r\nabc'),
  refuses: (socket) => void socket.write('HTTP/1.1 400 X\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}'),
};

const world = async (end: End) => {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.once('data', () => ends[end](socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const base = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}/v1`;
  const gateway = await gatewayOf(
    `model_list:
  - model_name: m
    litellm_params: { model: openai/up, api_base: "${base}", api_key: sk-canary }
router_settings: { num_retries: 0 }
`,
    { OPENAI_API_KEY: 'sk-canary', OPENAI_BASE_URL: base },
  );
  return { gateway, sockets };
};

const form = (): FormData => {
  const made = new FormData();
  made.append('model', 'm');
  made.append('purpose', 'user_data');
  made.append('file', new File([new Uint8Array(300_000)], 'a.wav'));
  return made;
};

const calls: readonly [path: string, init: () => RequestInit][] = [
  ['/openai/v1/anything', () => ({ method: 'POST', body: '{"model":"m"}', headers: { 'content-type': 'application/json' } })],
  ['/openai/v1/anything', () => ({ method: 'PUT', body: new Uint8Array(200_000), headers: { 'content-type': 'a/b' } })],
  ['/openai/v1/anything', () => ({ method: 'GET' })],
  ['/v1/audio/transcriptions', () => ({ method: 'POST', body: form() })],
  ['/v1/files', () => ({ method: 'POST', body: form() })],
  ['/v1/files/file-1/content', () => ({ method: 'GET' })],
  [
    '/v1/images/generations',
    () => ({ method: 'POST', body: '{"model":"m","prompt":"x"}', headers: { 'content-type': 'application/json' } }),
  ],
];

test.each(Object.keys(ends) as End[])('a provider that %s', async (end) => {
  const timers = countTimers();
  try {
    const { gateway, sockets } = await world(end);
    const ask = async (path: string, init: RequestInit, signal?: AbortSignal): Promise<void> => {
      try {
        const response = await fetch(gateway.url + path, {
          ...init,
          headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${masterKey}` },
          ...(signal && { signal }),
        });
        await response.arrayBuffer();
      } catch {
        // A client that left, or an answer that broke off.
      }
    };
    for (const [path, init] of calls) {
      if (end !== 'hangs') await ask(path, init());
      await ask(path, init(), AbortSignal.timeout(60));
    }
    for (let tries = 0; tries < 200 && gateway.calls().length < calls.length * (end === 'hangs' ? 1 : 2); tries++) await Bun.sleep(5);
    await Bun.sleep(30);
    const open = (await (await fetch(`${gateway.url}/metrics`)).text()).match(/^sluice_open_calls (\d+)/m)?.[1];
    expect(open).toBe('0');
    // What has answered whole may be asked again on the same connection; all others are closed.
    if (end !== 'answers' && end !== 'refuses') expect(sockets.size).toBe(0);
    expect(sockets.size).toBeLessThan(8);
    await gateway.stop(0);
    for (let tries = 0; tries < 100 && sockets.size > 0; tries++) await Bun.sleep(5);
    expect(sockets.size).toBe(0);
    expect(timers.pending().filter((place) => /gateway\/src|sdk\/src/.test(place))).toEqual([]);
  } finally {
    timers.restore();
  }
});
