import { afterEach, describe, expect, test } from 'bun:test';
import type { Socket } from 'node:net';
import { closeAll, failure, post, serve, textOf, transport } from './fixtures/calls.ts';
import { withLength } from './fixtures/raw-server.ts';

afterEach(closeAll);

const until = async (holds: () => boolean): Promise<void> => {
  for (const deadline = performance.now() + 8000; !holds(); await Bun.sleep(5))
    if (performance.now() > deadline) throw new Error(`It did not come to be: ${holds}`);
};

describe('stale connections', () => {
  test('a reused connection that dies before a byte of an answer: the request goes out once more, on a fresh one', async () => {
    for (const breakIt of [(socket: Socket) => socket.end(), (socket: Socket) => socket.resetAndDestroy()]) {
      const server = await serve((socket, request, nth) => {
        if (nth === 1) socket.write(withLength(request.slice(-1)));
        else breakIt(socket);
      });
      const send = transport();
      expect(await textOf(await post(send, server.url, { body: '1' }))).toBe('1');
      expect(await textOf(await post(send, server.url, { body: '2' }))).toBe('2');
      expect(send.stats()).toMatchObject({ opened: 2, reused: 1, staleRetries: 1 });
    }
  });

  test('only once', async () => {
    const server = await serve((socket, _request, nth) => {
      if (nth === 1 && server.sockets.length === 1) socket.write(withLength('ok'));
      else socket.end();
    });
    const send = transport();
    await textOf(await post(send, server.url));
    expect(await failure(post(send, server.url))).toMatchObject({ code: 'connection' });
    expect(send.stats()).toMatchObject({ opened: 2, staleRetries: 1 });
  });

  test('not after a byte of an answer, nor when the server has worked on it for a while', async () => {
    const server = await serve((socket, request, nth) => {
      if (nth === 1) socket.write(withLength('ok'));
      else if (request.includes('/byte')) socket.end('H');
      else setTimeout(() => socket.resetAndDestroy(), 60);
    });
    const send = transport({ staleWindowMs: 20 });
    for (const path of ['/byte', '/slow']) {
      await textOf(await post(send, server.url));
      expect(await failure(post(send, server.url + path))).toMatchObject({ code: 'connection' });
    }
    expect(send.stats().staleRetries).toBe(0);
  });

  test('closed by the server while idle: not used at all', async () => {
    const server = await serve((socket) => {
      socket.write(withLength('ok'));
      setTimeout(() => socket.end(), 10);
    });
    const send = transport();
    await textOf(await post(send, server.url));
    await until(() => send.stats().idle === 0);
    expect(send.stats()).toMatchObject({ idle: 0, retired: 1 });
    await textOf(await post(send, server.url));
    expect(send.stats()).toMatchObject({ opened: 2, staleRetries: 0 });
  });
});

test('a farewell that crosses a request on its way is no answer to it; a 408 that comes late, or first, is one', async () => {
  const farewell = 'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';
  const server = await serve(
    (socket, request, nth) => void socket.write(nth > 1 || request.includes('/first') ? farewell : withLength('ok')),
  );
  const send = transport();
  for (let call = 0; call < 3; call++) expect(await textOf(await post(send, server.url))).toBe('ok');
  expect(send.stats()).toMatchObject({ staleRetries: 2, active: 0 });
  expect((await post(transport(), `${server.url}/first`)).status).toBe(408);
  const late = transport({ staleWindowMs: -1 });
  await textOf(await post(late, server.url));
  expect((await post(late, server.url)).status).toBe(408);
});

describe('the pool', () => {
  const echo = () => serve((socket) => socket.write(withLength('ok')));

  test('idle connections are closed after their time, or sooner where the server says so', async () => {
    const server = await serve((socket, request) =>
      socket.write(withLength('ok', request.includes('/short') ? 'keep-alive: timeout=1\r\n' : '')),
    );
    const send = transport({ idleTimeoutMs: 40 });
    await textOf(await post(send, server.url));
    expect(send.stats().idle).toBe(1);
    await Bun.sleep(60);
    await textOf(await post(send, server.url));
    expect(send.stats()).toMatchObject({ opened: 2, reused: 0, retired: 1 });
    // Nobody asks for it: it goes by itself, within a second.
    await until(() => send.stats().idle === 0);
    expect(send.stats()).toMatchObject({ idle: 0, active: 0, retired: 2 });
    await textOf(await post(send, `${server.url}/short`));
    expect(send.stats()).toMatchObject({ idle: 0, retired: 3 });
  });

  test('the one used last is used next; no more are kept than allowed', async () => {
    const server = await echo();
    const send = transport({ maxIdlePerOrigin: 2 });
    await Promise.all(Array.from({ length: 5 }, async () => textOf(await post(send, server.url))));
    expect(send.stats()).toMatchObject({ opened: 5, idle: 2, retired: 3 });
    for (let index = 0; index < 3; index++) await textOf(await post(send, server.url));
    expect(send.stats()).toMatchObject({ opened: 5, reused: 3 });
    const other = await echo();
    const few = transport({ maxIdle: 1 });
    await textOf(await post(few, server.url));
    await textOf(await post(few, other.url));
    expect(few.stats()).toMatchObject({ idle: 1, retired: 1, opened: 2 });
  });

  test('beyond the bound a request waits its turn, no longer than its connect deadline; an idle one elsewhere gives way', async () => {
    const server = await serve((socket) => setTimeout(() => socket.write(withLength('ok')), 30));
    const other = await echo();
    const send = transport({ maxConnections: 2 });
    const all = Array.from({ length: 6 }, async () => textOf(await post(send, server.url)));
    expect(send.stats()).toMatchObject({ waiting: 4 });
    const late = failure(post(send, server.url, { connectTimeoutMs: 10 }));
    expect(await late).toMatchObject({ code: 'upstream_timeout' });
    expect(await Promise.all(all)).toEqual(Array.from({ length: 6 }, () => 'ok'));
    expect(send.stats()).toMatchObject({ opened: 2, idle: 2, waiting: 0 });
    expect(await textOf(await post(send, other.url))).toBe('ok');
    expect(send.stats()).toMatchObject({ opened: 3, idle: 2 });
  });

  test('one that waits for another upstream is let in when a connection gets free', async () => {
    const server = await serve((socket) => setTimeout(() => socket.write(withLength('ok')), 30));
    const other = await echo();
    const send = transport({ maxConnections: 1 });
    const answers = [post(send, server.url), post(send, other.url), post(send, server.url)].map(async (answer) => textOf(await answer));
    expect(await Promise.all(answers)).toEqual(['ok', 'ok', 'ok']);
    expect(send.stats()).toMatchObject({ opened: 3, waiting: 0 });
  });

  test('close() ends everything', async () => {
    const server = await serve((socket, request) => {
      if (!request.includes('/hang')) socket.write(withLength('ok'));
    });
    const send = transport({ maxConnections: 2 });
    const [busy, waiting, later] = [post(send, `${server.url}/hang`), post(send, `${server.url}/hang`), post(send, server.url)].map(
      failure,
    );
    await Bun.sleep(20);
    send.close();
    for (const one of [busy, waiting, later, failure(post(send, server.url))]) expect(await one).toMatchObject({ code: 'connection' });
    expect(send.stats()).toMatchObject({ active: 0, idle: 0, waiting: 0 });
  });
});
