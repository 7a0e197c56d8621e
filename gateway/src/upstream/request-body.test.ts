import { afterEach, describe, expect, test } from 'bun:test';
import type { Socket } from 'node:net';
import * as fc from 'fast-check';
import type { BodySource, TransportResponse } from 'sluice/kit';
import { createPlaces } from './origin.ts';
import { ChunkedDecoder } from './chunked.ts';
import { closeAll, failure, serve, textOf, transport } from './fixtures/calls.ts';
import { withLength } from './fixtures/raw-server.ts';
import { RequestBody } from './request-body.ts';
import { requestBytes } from './request-bytes.ts';
import type { SocketTransport } from './socket-transport.ts';

afterEach(closeAll);

interface Watched extends BodySource {
  reads: number;
  cancelled: number;
}

/** A source of the given pieces; `more` is asked once they are over. */
const sourceOf = (
  pieces: readonly (string | Uint8Array)[],
  length?: number,
  more: () => Promise<Uint8Array | undefined> = async () => undefined,
): Watched => ({
  ...(length !== undefined && { length }),
  reads: 0,
  cancelled: 0,
  async read() {
    const piece = pieces[this.reads++];
    return piece === undefined ? more() : Buffer.from(piece as string);
  },
  cancel() {
    this.cancelled++;
  },
});

const put = (send: SocketTransport, url: string, body: BodySource, signal?: AbortSignal): Promise<TransportResponse> =>
  send({ method: 'PUT', url, headers: {}, body, ...(signal && { signal }) });

/** A server that keeps all that comes; it answers as soon as it has seen `mark`. */
const listener = async (mark: string, answer: string, onConnection?: (socket: Socket) => void) => {
  const seen = { text: '' };
  const server = await serve(
    () => {},
    (socket) => {
      let answered = false;
      socket.on('data', (bytes) => {
        seen.text += bytes.toString('latin1');
        if (answered || !seen.text.includes(mark)) return;
        answered = true;
        socket.write(answer);
      });
      onConnection?.(socket);
    },
  );
  return { server, seen };
};

const until = async (condition: () => boolean): Promise<void> => {
  const started = performance.now();
  while (!condition() && performance.now() - started < 2000) await Bun.sleep(2);
  expect(condition()).toBe(true);
};

const never = () => new Promise<Uint8Array | undefined>(() => {});

describe('a body from a source', () => {
  test('of a known length goes out as it is, of an unknown one in chunks', async () => {
    const { server, seen } = await listener('end', withLength('ok'));
    expect(await textOf(await put(transport(), server.url, sourceOf(['ab', '', 'end'], 5)))).toBe('ok');
    expect(seen.text).toMatch(/^PUT \/ HTTP[^]*\r\ncontent-length: 5\r\n\r\nabend$/);
    expect(seen.text).not.toContain('transfer-encoding');

    const chunked = await listener('0\r\n\r\n', withLength('ok'));
    expect(await textOf(await put(transport(), chunked.server.url, sourceOf(['ab', '', 'x'.repeat(20)])))).toBe('ok');
    expect(chunked.seen.text).toMatch(/^PUT [^]*\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n14\r\nx{20}\r\n0\r\n\r\n$/);
    expect(chunked.seen.text).not.toContain('content-length');
  });

  test('whatever its pieces are, the same bytes arrive', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 50 })), fc.boolean(), async (pieces, known) => {
        const all = Buffer.concat(pieces);
        const body = new RequestBody(sourceOf(pieces, known ? all.length : undefined));
        const wire: Uint8Array[] = [];
        while (!body.done) {
          await body.ready();
          wire.push(body.take());
        }
        const sent = Buffer.concat(wire);
        if (known) return expect(sent.equals(all)).toBe(true);
        const chunks = new ChunkedDecoder(100);
        const read = chunks.push(sent, 0) ?? Buffer.alloc(0);
        expect([chunks.done, chunks.problem, read.equals(all)]).toEqual([true, undefined, true]);
      }),
    );
  });

  test('a connection that has carried one carries the next request', async () => {
    const server = await serve((socket) => socket.write(withLength('ok')));
    const send = transport();
    for (let nth = 0; nth < 3; nth++) expect(await textOf(await put(send, server.url, sourceOf(['abc'], 3)))).toBe('ok');
    expect(send.stats()).toMatchObject({ opened: 1, reused: 2, idle: 1 });
  });

  test('is read no faster than the upstream takes it', async () => {
    const piece = Buffer.alloc(256 * 1024, 'x');
    const pieces = Array.from({ length: 200 }, () => piece);
    const source = sourceOf(pieces, piece.length * pieces.length);
    let socket: Socket | undefined;
    let received = 0;
    const server = await serve(
      () => {},
      (one) => {
        socket = one;
        one.pause();
        // In place of the server's own reader, which would join 50 MiB anew with each read.
        queueMicrotask(() => {
          one.removeAllListeners('data');
          one.on('data', (bytes) => {
            received += bytes.length;
            if (received > source.length!) one.write(withLength('ok'));
          });
        });
      },
    );
    const answer = put(transport(), server.url, source);
    await until(() => socket !== undefined);
    await Bun.sleep(150);
    // What the two kernels hold, and no more: 50 MiB are to be sent.
    expect(source.reads).toBeLessThan(80);
    socket!.resume();
    expect(await textOf(await answer)).toBe('ok');
    expect(source.reads).toBe(pieces.length + 1);
  });

  test('an answer that comes early is delivered, the source is told, the connection is not used again', async () => {
    const tooLarge = 'HTTP/1.1 413 Payload Too Large\r\ncontent-length: 3\r\n\r\nbig';
    const { server } = await listener('begin', tooLarge);
    const source = sourceOf(['begin'], 1e9, never);
    const send = transport();
    const answer = await put(send, server.url, source);
    expect([answer.status, await textOf(answer)]).toEqual([413, 'big']);
    expect(source.cancelled).toBeGreaterThan(0);
    expect(send.stats()).toMatchObject({ active: 0, idle: 0 });
  });

  test('goes on while an answer that began early is read', async () => {
    const { server, seen } = await listener('one', 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nhe', (socket) => {
      socket.on('data', () => seen.text.includes('two') && socket.write('ar'));
    });
    let give = (_: Uint8Array | undefined) => {};
    const source = sourceOf(['one'], 6, () => new Promise((resolve) => (give = resolve)));
    const answer = await put(transport(), server.url, source);
    expect(Buffer.from((await answer.read())!).toString()).toBe('he');
    give(Buffer.from('two'));
    expect(Buffer.from((await answer.read())!).toString()).toBe('ar');
    expect(await answer.read()).toBeUndefined();
  });

  test.each([
    ['fails', sourceOf(['abc'], 9, () => Promise.reject(new Error('gone'))), 'client_closed_request'],
    ['is shorter than it said', sourceOf(['abc'], 9), 'invalid_request'],
    ['is longer than it said', sourceOf(['abc', 'def'], 5), 'invalid_request'],
  ])('a source that %s fails the request and closes the connection', async (_, source, code) => {
    const server = await serve(() => {});
    const send = transport();
    expect(await failure(put(send, server.url, source))).toMatchObject({ code });
    expect(source.cancelled).toBeGreaterThan(0);
    await until(() => server.sockets[0]?.closed === true);
    expect(send.stats()).toMatchObject({ active: 0, idle: 0 });
  });

  test('cancelling the call cancels the source: before, while and after the connection', async () => {
    const server = await serve(() => {});
    const aborted = sourceOf(['abc'], 9, never);
    expect(await failure(put(transport(), server.url, aborted, AbortSignal.abort()))).toMatchObject({ code: 'client_closed_request' });
    expect([aborted.reads, aborted.cancelled]).toEqual([0, 1]);

    const controller = new AbortController();
    const source = sourceOf(['abc'], 9, never);
    const answer = failure(put(transport(), server.url, source, controller.signal));
    await until(() => source.reads === 2);
    controller.abort();
    expect(await answer).toMatchObject({ code: 'client_closed_request' });
    expect(source.cancelled).toBe(1);
    await until(() => server.sockets[0]?.closed === true);
  });

  test('no connection, or no request: the source is told', async () => {
    const refused = sourceOf(['abc'], 3);
    expect(await failure(put(transport(), 'http://127.0.0.1:1/', refused))).toMatchObject({ code: 'connection' });
    const wrong = sourceOf(['abc'], 3);
    expect(await failure(put(transport(), 'nonsense', wrong))).toMatchObject({ code: 'connection' });
    expect([refused.reads, refused.cancelled, wrong.reads, wrong.cancelled]).toEqual([0, 1, 0, 1]);
  });

  test.each([
    ['nothing of it was read: the request goes on another connection', 0, 'ok'],
    ['something of it was read: the request fails', 1, 'connection'],
  ])('on a stale connection, %s', async (_, piecesFirst, outcome) => {
    let connections = 0;
    let second = false;
    const server = await serve(
      (socket, _request, nth) => {
        if (nth === 1) socket.write(withLength('ok'));
      },
      (socket) => {
        connections++;
        const mine = connections;
        socket.on('data', () => {
          if (mine === 1 && second) socket.destroy();
        });
      },
    );
    const send = transport();
    expect(await textOf(await put(send, server.url, sourceOf(['abc'], 3)))).toBe('ok');
    second = true;
    const source = sourceOf(piecesFirst === 1 ? ['abc'] : [], 3, async () => {
      await Bun.sleep(50);
      return source.reads === 1 ? Buffer.from('abc') : undefined;
    });
    const answer = put(send, server.url, source);
    if (outcome === 'ok') {
      expect(await textOf(await answer)).toBe('ok');
      expect(send.stats()).toMatchObject({ staleRetries: 1, opened: 2 });
    } else {
      expect(await failure(answer)).toMatchObject({ code: outcome });
      expect(connections).toBe(1);
    }
  });
});

describe('methods', () => {
  const lineOf = (method: 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS') =>
    requestBytes({ method, url: '', headers: {} }, createPlaces({})('http://x.example/a')).toString();

  test('those that have a body as a rule say that they have none', () => {
    for (const method of ['PUT', 'PATCH'] as const) expect(lineOf(method)).toContain('\r\ncontent-length: 0\r\n');
    for (const method of ['DELETE', 'HEAD', 'OPTIONS'] as const) expect(lineOf(method)).not.toContain('content-length');
  });

  test('an answer to HEAD has no body, whatever its head says', async () => {
    const server = await serve((socket, request) =>
      socket.write(
        request.startsWith('HEAD') ? 'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 1234\r\n\r\n' : withLength('body'),
      ),
    );
    const send = transport();
    const head = await send({ method: 'HEAD', url: server.url, headers: {} });
    expect([head.status, head.headers.get('content-length'), await head.read()]).toEqual([200, '1234', undefined]);
    expect(await textOf(await send({ method: 'GET', url: server.url, headers: {} }))).toBe('body');
    expect(send.stats().opened).toBe(1);
  });
});
