import { afterEach, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { SluiceError } from 'sluice/kit';
import { closeAll, failure, keep, transport } from '../fixtures/calls.ts';
import type { Frame, OpenedSocket, SocketTransport } from '../index.ts';

afterEach(closeAll);

const pem = (name: string): string => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');

const echo = (secure: boolean) => {
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    ...(secure && { tls: { cert: pem('localhost.crt'), key: pem('localhost.key') } }),
    fetch: (request, self) => (self.upgrade(request) ? undefined : new Response('no', { status: 400 })),
    websocket: { message: (socket, frame) => void socket.send(frame) },
  });
  keep({ close: () => server.stop(true) });
  return server.port;
};

const open = (send: SocketTransport, url: string, more: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<OpenedSocket> =>
  send.openSocket({ url, headers: { authorization: 'Bearer canary' }, timeoutMs: 2000, signal: new AbortController().signal, ...more });

/** Says something, and hears it again. */
const echoed = async (opened: OpenedSocket): Promise<Frame> => {
  if (!('socket' in opened)) throw new Error('refused');
  const { promise, resolve, reject } = Promise.withResolvers<Frame>();
  opened.socket.listen({ frame: resolve, closed: reject });
  opened.socket.send('hello');
  const frame = await promise;
  opened.socket.close(1000, '');
  return frame;
};

const bareServer = async (connected: (socket: net.Socket) => void): Promise<number> => {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    connected(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  keep({
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return (server.address() as AddressInfo).port;
};

test('over TLS, with the operator’s authorities and with no others', async () => {
  const port = echo(true);
  expect(await echoed(await open(transport({ tls: { ca: pem('ca.crt') } }), `wss://localhost:${port}/`))).toBe('hello');
  expect((await failure(open(transport(), `wss://localhost:${port}/`))).code).toBe('connection');
});

test.each(['ws', 'wss'])('%s goes through a proxy’s tunnel, unless its host is excepted', async (scheme) => {
  const target = echo(scheme === 'wss');
  const asked: string[] = [];
  const port = await bareServer((socket) => {
    socket.once('data', (head) => {
      asked.push(String(head).split('\r\n')[0]!);
      const onward = net.connect(target!, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
      onward.on('error', () => socket.destroy());
    });
  });
  const proxy = { http: `http://127.0.0.1:${port}`, https: `http://127.0.0.1:${port}` };
  const tls = { verify: false };
  expect(await echoed(await open(transport({ proxy, tls }), `${scheme}://voice.test:${target}/`))).toBe('hello');
  expect(asked).toEqual([`CONNECT voice.test:${target} HTTP/1.1`]);
  const direct = transport({ proxy: { ...proxy, except: 'voice.test' }, tls });
  expect((await failure(open(direct, `${scheme}://voice.test:${target}/`))).code).toBe('connection');
  expect(asked).toHaveLength(1);
});

test.each([
  ['with a length', 'content-length: 4\r\n\r\nwhy!'],
  ['in chunks', 'transfer-encoding: chunked\r\n\r\n4\r\nwhy!\r\n0\r\n\r\n'],
  ['to the end', '\r\nwhy!'],
])('what a server says that refuses is heard: %s', async (_, rest) => {
  const port = await bareServer((socket) =>
    socket.once('data', () => {
      socket.write('HTTP/1.1 429 Slow\r\nretry-after: 3\r\n');
      setTimeout(() => (rest.startsWith('\r\n') ? socket.end(rest) : socket.write(rest)), 10);
    }),
  );
  const opened = await open(transport(), `ws://127.0.0.1:${port}/`);
  if (!('refused' in opened)) throw new Error('not refused');
  const { status, headers } = opened.refused;
  expect([status, headers.get('retry-after'), String(await opened.refused.bytes(100))]).toEqual([429, '3', 'why!']);
});

test('an answer for another handshake, one that is none, and none at all', async () => {
  const says = (text: string) => bareServer((socket) => socket.once('data', () => void socket.write(text)));
  const other = await says('HTTP/1.1 101 Switching Protocols\r\nsec-websocket-accept: bm90IHlvdXJz\r\n\r\n');
  expect((await failure(open(transport(), `ws://127.0.0.1:${other}/`))).code).toBe('invalid_response');
  const none = await says('SSH-2.0-x\r\n\r\n');
  expect((await failure(open(transport(), `ws://127.0.0.1:${none}/`))).code).toBe('invalid_response');
  const silent = await bareServer(() => {});
  expect((await failure(open(transport(), `ws://127.0.0.1:${silent}/`, { timeoutMs: 30 }))).code).toBe('upstream_timeout');
  const leaver = new AbortController();
  const left = failure(open(transport(), `ws://127.0.0.1:${silent}/`, { signal: leaver.signal }));
  setTimeout(() => leaver.abort(new SluiceError('client_closed_request', 'left')), 20);
  expect((await left).message).toBe('left');
});
