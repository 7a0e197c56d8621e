import { afterEach, describe, expect, test } from 'bun:test';
import type { Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { closeAll, failure, post, pulled, serve, textOf, transport } from './fixtures/calls.ts';
import { chunk, chunkedHead, withLength } from './fixtures/raw-server.ts';

afterEach(closeAll);

describe('answers', () => {
  test('with a length, in chunks, to the end of the connection, without a body', async () => {
    const answers = [
      withLength('length'),
      `${chunkedHead}${chunk('chu')}${chunk('nks')}0\r\n\r\n`,
      'HTTP/1.1 204 No Content\r\n\r\n',
      'HTTP/1.1 200 OK\r\n\r\nclose',
    ];
    const server = await serve((socket, _request, nth) => {
      const answer = answers[nth - 1] as string;
      if (nth === answers.length) socket.end(answer);
      else socket.write(answer);
    });
    const send = transport();
    expect(await textOf(await post(send, server.url))).toBe('length');
    expect(await textOf(await post(send, server.url))).toBe('chunks');
    const empty = await post(send, server.url);
    expect([empty.status, await empty.read(), await textOf(empty)]).toEqual([204, undefined, '']);
    expect(await pulled(await post(send, server.url))).toBe('close');
    expect(send.stats()).toMatchObject({ opened: 1, reused: 3, active: 0, idle: 0 });
  });

  test('are the same wherever the bytes are cut', async () => {
    let pieces: string[] = [];
    const server = await serve(async (socket) => {
      for (const piece of pieces) {
        socket.write(piece, 'latin1');
        await Bun.sleep(0);
      }
    });
    const send = transport();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 30 }), { maxLength: 6 }),
        fc.boolean(),
        fc.boolean(),
        fc.array(fc.nat(1000), { maxLength: 8 }),
        async (parts, inChunks, interim, cuts) => {
          const body = parts.join('');
          const wire =
            (interim ? 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n' : '') +
            (inChunks ? `${chunkedHead}${parts.map(chunk).join('')}0\r\nt: 1\r\n\r\n` : withLength(body));
          const points = [...new Set(cuts.map((cut) => cut % wire.length))].sort((a, b) => a - b);
          pieces = [...points, wire.length].map((end, index) => wire.slice(points[index - 1] ?? 0, end));
          expect(await pulled(await post(send, server.url))).toBe(body);
        },
      ),
      { numRuns: 100 },
    );
    expect(send.stats().opened).toBe(1);
  });

  test('are decompressed where the upstream insists', async () => {
    const text = 'sluice '.repeat(10_000);
    const coded: Record<string, Buffer> = { gzip: gzipSync(text), br: brotliCompressSync(text), deflate: deflateSync(text) };
    const server = await serve((socket, request) => {
      expect(request).toContain('accept-encoding: identity');
      const coding = /POST \/(\w+)/.exec(request)?.[1] as string;
      const body = coded[coding] as Buffer;
      socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: ${coding}\r\ncontent-length: ${body.length}\r\n\r\n`);
      socket.write(body);
    });
    const send = transport();
    for (const coding of Object.keys(coded)) {
      const whole = await post(send, `${server.url}/${coding}`);
      expect(await textOf(whole)).toBe(text);
      expect(whole.headers.get('content-encoding')).toBeNull();
      expect(whole.headers.get('content-length')).toBeNull();
      expect(await pulled(await post(send, `${server.url}/${coding}`))).toBe(text);
    }
    coded['gzip'] = Buffer.from('no gzip at all');
    expect(await failure(textOf(await post(send, `${server.url}/gzip`)))).toMatchObject({
      code: 'invalid_response',
      message: "The provider's answer is not valid gzip.",
    });
    coded['gzip'] = gzipSync(text);
    expect(await failure((await post(send, `${server.url}/gzip`)).bytes(1000))).toMatchObject({ code: 'invalid_response' });
  });

  test('larger than allowed are refused, declared or not', async () => {
    const server = await serve((socket, request) => {
      if (request.includes('/declared')) socket.write(withLength('x'.repeat(2000)));
      else for (let index = 0; index < 20; index++) socket.write(`${index === 0 ? chunkedHead : ''}${chunk('x'.repeat(100))}`);
    });
    const send = transport();
    for (const path of ['/declared', '/chunked']) {
      expect(await failure((await post(send, server.url + path)).bytes(1000))).toMatchObject({ code: 'invalid_response', retry: false });
    }
    expect(send.stats().active).toBe(0);
  });
});

describe('requests', () => {
  test('arrive whole, however slowly the upstream reads', async () => {
    const body = `"${'ü€😀'.repeat(1_500_000)}"`;
    let seen = 0;
    const server = await serve(
      (socket, request) => {
        seen = request.length - request.indexOf('\r\n\r\n') - 4;
        expect(request.endsWith(body.slice(-50))).toBe(true);
        socket.write(withLength('ok'));
      },
      (socket) => {
        socket.pause();
        setTimeout(() => socket.resume(), 50);
      },
    );
    expect(await textOf(await post(transport(), server.url, { body }))).toBe('ok');
    expect(seen).toBe(body.length);
  });

  test('that are answered before they are sent to the end do not spoil the connection', async () => {
    const server = await serve(
      (socket) => socket.write(withLength('ok')),
      (socket) => {
        socket.pause();
        if (server.sockets.length === 1) setTimeout(() => socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 3\r\n\r\nbig'), 20);
        else socket.resume();
      },
    );
    const send = transport();
    const refused = await post(send, server.url, { body: 'x'.repeat(30_000_000) });
    expect([refused.status, await textOf(refused)]).toEqual([413, 'big']);
    expect(await textOf(await post(send, server.url))).toBe('ok');
    expect(send.stats()).toMatchObject({ opened: 2, reused: 0 });
  });

  test('1,000 at once, each with its own answer', async () => {
    const server = await serve((socket, request) => {
      const body = request.slice(request.indexOf('\r\n\r\n') + 4);
      setTimeout(() => socket.write(withLength(body)), Math.random() * 20);
    });
    const send = transport();
    for (let round = 0; round < 2; round++) {
      const bodies = Array.from({ length: 1000 }, (_, index) => `${round}-${index}`);
      expect(await Promise.all(bodies.map(async (body) => textOf(await post(send, server.url, { body }))))).toEqual(bodies);
    }
    expect(send.stats()).toMatchObject({ opened: 1000, reused: 1000, idle: 1000, active: 0, connecting: 0 });
  });
});

describe('broken upstreams', () => {
  test('refused, and a name that does not exist', async () => {
    const send = transport();
    const server = await serve(() => {});
    server.close();
    expect(await failure(post(send, server.url))).toMatchObject({
      code: 'connection',
      message: `No connection to 127.0.0.1:${server.port}: the connection was refused (ECONNREFUSED).`,
    });
    const error = await failure(post(send, 'http://nowhere.invalid/secret?key=canary'));
    expect(error).toMatchObject({ code: 'connection' });
    expect(error.message).toContain('No connection to nowhere.invalid');
    expect(error.message).not.toContain('canary');
    expect(send.stats()).toMatchObject({ connecting: 0, opened: 0, connectFailures: 2 });
  });

  test('a connect deadline, when nobody accepts', async () => {
    // An address of the documentation range: packets to it go nowhere, or are refused at once on machines without a route.
    const started = performance.now();
    const error = await failure(post(transport(), 'http://192.0.2.1:81/', { connectTimeoutMs: 60 }));
    expect(performance.now() - started).toBeLessThan(5000);
    expect(['upstream_timeout', 'connection']).toContain(error.code);
  });

  const before: [string, (socket: Socket) => void][] = [
    ['closed before the answer', (socket) => socket.end()],
    ['reset before the answer', (socket) => socket.resetAndDestroy()],
    ['closed in the head', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-')],
  ];
  test.each(before)('%s: a connection error, without a second try on a first connection', async (_name, breakIt) => {
    const server = await serve((socket) => breakIt(socket));
    const send = transport();
    expect(await failure(post(send, server.url))).toMatchObject({ code: 'connection', retry: true });
    expect(send.stats()).toMatchObject({ opened: 1, staleRetries: 0, active: 0 });
  });

  const within: [string, string, (socket: Socket) => void][] = [
    ['a length, closed', withLength('x'.repeat(100)).slice(0, -50), (socket) => socket.end()],
    ['a length, reset', withLength('x'.repeat(100)).slice(0, -50), (socket) => socket.resetAndDestroy()],
    ['chunks, closed', chunkedHead + chunk('x'.repeat(50)), (socket) => socket.end()],
    ['chunks, closed before the last line', `${chunkedHead}${chunk('x'.repeat(50))}0\r\n`, (socket) => socket.end()],
    ['no length, reset', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(50)}`, (socket) => socket.resetAndDestroy()],
  ];
  test.each(within)('broken within the body (%s): what came is read, then the error, never a clean end', async (_name, answer, breakIt) => {
    const server = await serve((socket) => {
      socket.write(answer);
      setTimeout(() => breakIt(socket), 20);
    });
    const send = transport();
    const response = await post(send, server.url);
    let got = '';
    const error = await failure(
      (async () => {
        for (let bytes = await response.read(); bytes; bytes = await response.read()) got += new TextDecoder().decode(bytes);
      })(),
    );
    expect(got).toBe('x'.repeat(50));
    expect(error).toMatchObject({ code: 'connection' });
    expect(await failure(response.read())).toBe(error);
    expect((await failure(textOf(await post(send, server.url)))).code).toBe('connection');
  });

  test.each([
    ['not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a TLS alert', '\x15\x03\x01\x00\x02\x02\x46'],
    ['HTTP/2', 'HTTP/2 200 OK\r\n\r\n'],
    ['a head without an end', `HTTP/1.1 200 OK\r\n${'x-fill: 123456789\r\n'.repeat(5000)}`],
    ['a head that is too large', `HTTP/1.1 200 OK\r\n${'x-fill: 123456789\r\n'.repeat(5000)}\r\n`],
    ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n'],
    ['a length that is none', 'HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n'],
  ])('%s is refused at once', async (_name, answer) => {
    const server = await serve((socket) => socket.write(answer, 'latin1'));
    const send = transport();
    expect(await failure(post(send, server.url))).toMatchObject({ code: 'invalid_response' });
    expect(send.stats()).toMatchObject({ active: 0, idle: 0 });
  });

  test('chunks that are none are refused within the body', async () => {
    const server = await serve((socket) => socket.write(`${chunkedHead}${chunk('good')}zzz\r\nbad`));
    expect(await failure(textOf(await post(transport(), server.url)))).toMatchObject({ code: 'invalid_response' });
  });

  test('bytes that nobody asked for close the connection, and spoil no answer', async () => {
    const server = await serve((socket, _request, nth) => {
      if (server.sockets.length === 1) socket.write(`${withLength('first')}HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil`);
      else if (server.sockets.length === 2) {
        socket.write(withLength('second'));
        setTimeout(() => socket.write('HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n'), 10);
      } else socket.write(withLength(`third ${nth}`));
    });
    const send = transport();
    expect(await textOf(await post(send, server.url))).toBe('first');
    expect(await textOf(await post(send, server.url))).toBe('second');
    await Bun.sleep(50);
    expect(await textOf(await post(send, server.url))).toBe('third 1');
    expect(send.stats()).toMatchObject({ opened: 3, reused: 0 });
  });
});
