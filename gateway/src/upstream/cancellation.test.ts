import { afterEach, describe, expect, test } from 'bun:test';
import { SluiceError } from 'sluice/kit';
import { closeAll, failure, post, serve, textOf, transport } from './fixtures/calls.ts';
import { chunk, chunkedHead, withLength, type RawServer } from './fixtures/raw-server.ts';
import { leastOf } from '../../../test/kit/cpu.ts';

afterEach(closeAll);

describe('cancellation (FP-23)', () => {
  /** When the server saw the connection go, counted from `from()`. */
  const seen = async (server: RawServer): Promise<number> => {
    const started = performance.now();
    while (!server.sockets[0]?.closed && performance.now() - started < 2000) await Bun.sleep(2);
    return performance.now() - started;
  };

  test('before the request: nothing is sent', async () => {
    const server = await serve(() => {});
    expect(await failure(post(transport(), server.url, { signal: AbortSignal.abort() }))).toMatchObject({ code: 'client_closed_request' });
    await Bun.sleep(10);
    expect(server.sockets).toHaveLength(0);
  });

  test('while connecting, and while waiting for a connection', async () => {
    const server = await serve(() => {});
    const send = transport({ maxConnections: 1 });
    const [first, second] = [new AbortController(), new AbortController()];
    const answers = [first, second].map(({ signal }) => failure(post(send, server.url, { signal })));
    second.abort();
    first.abort();
    for (const answer of answers) expect(await answer).toMatchObject({ code: 'client_closed_request' });
    await Bun.sleep(30);
    expect(send.stats()).toMatchObject({ active: 0, idle: 0, waiting: 0, connecting: 0 });
  });

  test('while the answer is waited for, and in its body: the upstream sees it within 100 ms', async () => {
    for (const answer of ['', `${chunkedHead}${chunk('begun')}`]) {
      const cancelled = async (): Promise<number> => {
        const server = await serve((socket) => socket.write(answer));
        const send = transport();
        const controller = new AbortController();
        const response = post(send, server.url, { signal: controller.signal });
        const reading = answer === '' ? response : response.then(async (begun) => [await begun.read(), await begun.read()]);
        const failed = failure(reading);
        await Bun.sleep(30);
        controller.abort();
        const took = await seen(server);
        expect(await failed).toMatchObject({ code: 'client_closed_request' });
        expect(send.stats()).toMatchObject({ active: 0, idle: 0 });
        return took;
      };
      expect(await leastOf(3, cancelled)).toBeLessThan(100);
    }
  });

  test('the typed reason of the signal is the error', async () => {
    const server = await serve(() => {});
    const controller = new AbortController();
    const failed = failure(post(transport(), server.url, { signal: controller.signal }));
    const reason = new SluiceError('upstream_timeout', 'too slow');
    controller.abort(reason);
    expect(await failed).toBe(reason);
  });

  test('cancel(), while the upstream only writes, and while nobody reads', async () => {
    for (const fill of [10, 10_000_000]) {
      const cancelled = async (): Promise<number> => {
        const server = await serve((socket) => {
          socket.write(chunkedHead);
          const timer = setInterval(() => socket.write(chunk('x'.repeat(fill))), 5);
          socket.on('close', () => clearInterval(timer));
        });
        const send = transport();
        const response = await post(send, server.url);
        await response.read();
        await Bun.sleep(30);
        response.cancel();
        response.cancel();
        const took = await seen(server);
        expect(await failure(response.read())).toMatchObject({ code: 'client_closed_request' });
        expect(send.stats()).toMatchObject({ active: 0, idle: 0 });
        return took;
      };
      expect(await leastOf(3, cancelled)).toBeLessThan(100);
    }
  });

  test('a signal that aborts after the answer is complete takes nothing away', async () => {
    const server = await serve((socket) => socket.write(withLength('all of it')));
    const send = transport();
    const controller = new AbortController();
    const response = await post(send, server.url, { signal: controller.signal });
    controller.abort();
    response.cancel();
    expect(send.stats()).toMatchObject({ idle: 1 });
    const again = new AbortController();
    const other = await post(send, server.url, { signal: again.signal });
    again.abort();
    expect(await textOf(other)).toBe('all of it');
    expect(send.stats()).toMatchObject({ opened: 1, idle: 1 });
  });
});

describe('backpressure', () => {
  test('an answer that nobody reads stops in the sockets; read slowly, it is complete', async () => {
    const total = 60 * 1024 * 1024;
    const piece = 'y'.repeat(64 * 1024);
    let sent = 0;
    const server = await serve((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${total}\r\n\r\n`);
      const more = (): void => {
        while (sent < total) {
          sent += piece.length;
          if (!socket.write(piece)) return void socket.once('drain', more);
        }
      };
      more();
    });
    const send = transport();
    const response = await post(send, server.url);
    await Bun.sleep(200);
    // What the kernel's buffers on both sides take, and one read of ours.
    const stopped = sent;
    expect(stopped).toBeLessThan(20 * 1024 * 1024);
    await Bun.sleep(100);
    expect(sent).toBe(stopped);
    let length = 0;
    for (let bytes = await response.read(); bytes; bytes = await response.read()) {
      length += bytes.length;
      if (length < 5_000_000) await Bun.sleep(1);
    }
    expect(length).toBe(total);
    expect(send.stats()).toMatchObject({ idle: 1, active: 0 });
  });
});
