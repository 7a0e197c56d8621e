import { afterEach, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import { closeAll, failure, keep, serve, transport } from './fixtures/calls.ts';
import { withLength } from './fixtures/raw-server.ts';
import type { SocketTransport } from './index.ts';

const pem = (name: string): string => readFileSync(new URL(`fixtures/tls/${name}`, import.meta.url), 'utf8');
const ca = pem('ca.crt');

afterEach(closeAll);

interface Seen {
  port: number;
  /** Names asked for and protocols offered, a connection each. */
  connections: { name: string | false; protocol: string | false | null }[];
  requests: string[];
}

/** A TLS server that answers with the request's body. */
const secureServer = async (name: string): Promise<Seen> => {
  const seen: Seen = { port: 0, connections: [], requests: [] };
  const server = createServer({ cert: pem(`${name}.crt`), key: pem(`${name}.key`), ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
    seen.connections.push({ name: (socket as unknown as { servername: string | false }).servername, protocol: socket.alpnProtocol });
    socket.on('error', () => {});
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      const head = text.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/.exec(text)?.[1]);
      if (head === -1 || text.length < head + 4 + length) return;
      seen.requests.push(text);
      const body = text.slice(head + 4);
      text = '';
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`, 'latin1');
    });
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  keep(server);
  seen.port = (server.address() as AddressInfo).port;
  return seen;
};

const post = async (send: SocketTransport, url: string, body = '{}', connectTimeoutMs = 2000): Promise<string> => {
  const response = await send({ method: 'POST', url, headers: { authorization: 'Bearer canary' }, body, connectTimeoutMs });
  return new TextDecoder().decode(await response.bytes(1e8));
};
describe('TLS', () => {
  test('a trusted server with the right name: name and protocol are asked for, connections are reused', async () => {
    const server = await secureServer('localhost');
    const send = transport({ tls: { ca } });
    expect(await post(send, `https://localhost:${server.port}/`)).toBe('{}');
    expect(await post(send, `https://localhost:${server.port}/`, 'x')).toBe('x');
    expect(await post(send, `https://127.0.0.1:${server.port}/`)).toBe('{}');
    expect(server.connections[0]).toEqual({ name: 'localhost', protocol: 'http/1.1' });
    expect(send.stats()).toMatchObject({ opened: 2, reused: 1 });
  });

  test('large bodies both ways', async () => {
    const server = await secureServer('localhost');
    const body = 'z'.repeat(8_000_000);
    expect(await post(transport({ tls: { ca } }), `https://localhost:${server.port}/`, body)).toBe(body);
  });

  test.each([
    ['an authority that is not trusted', 'localhost', {}, 'its certificate is signed by an authority that is not trusted'],
    ['a certificate for another name', 'other-name', { ca }, 'its certificate is for another name'],
    ['a certificate that has expired', 'expired', { ca }, 'its certificate has expired'],
  ])('%s is refused before anything is sent', async (_name, certificate, tls, message) => {
    const server = await secureServer(certificate);
    const send = transport({ tls });
    const error = await failure(post(send, `https://localhost:${server.port}/`));
    expect(error).toMatchObject({ code: 'connection' });
    expect(error.message).toContain(message);
    await Bun.sleep(20);
    expect(server.requests).toEqual([]);
    expect(send.stats()).toMatchObject({ opened: 0, connectFailures: 1, active: 0 });
  });

  test('what cannot be verified is accepted only where that is asked for', async () => {
    const server = await secureServer('other-name');
    expect(await post(transport({ tls: { verify: false } }), `https://localhost:${server.port}/`)).toBe('{}');
  });

  test('a server without TLS, and one that never answers the handshake', async () => {
    const plain = await serve(
      (socket) => socket.write(withLength('no')),
      (socket) => socket.write('hello'),
    );
    const silent = await serve(() => {});
    const send = transport({ tls: { ca } });
    for (const tls of [{ ca }, { verify: false }]) {
      expect((await failure(post(transport({ tls }), `https://127.0.0.1:${plain.port}/`))).message).toContain('TLS failed');
    }
    expect(await failure(post(send, `https://127.0.0.1:${silent.port}/`, '{}', 50))).toMatchObject({ code: 'upstream_timeout' });
    expect(send.stats()).toMatchObject({ connecting: 0, active: 0 });
    await Bun.sleep(20);
    expect(silent.sockets[0]?.destroyed).toBe(true);
  });
});

describe('a forward proxy', () => {
  /** Answers `CONNECT` by joining the client to where `upstream.test` really is. */
  const tunnelProxy = async (port: number, answer = 'HTTP/1.1 200 Connection established\r\nvia: test\r\n\r\n') => {
    const asked: string[] = [];
    const proxy = await serve((client, request) => {
      asked.push(request);
      client.removeAllListeners('data');
      client.write(answer);
      if (!answer.includes(' 200 ')) return;
      const upstream: Socket = connect(port, '127.0.0.1');
      upstream.on('error', () => client.destroy());
      client.pipe(upstream).pipe(client);
    });
    return { asked, url: `http://me:p%40ss@127.0.0.1:${proxy.port}` };
  };

  test('https goes through a tunnel, verified as without one; the proxy sees the name alone', async () => {
    const server = await secureServer('localhost');
    const { asked, url } = await tunnelProxy(server.port);
    const send = transport({ tls: { ca }, proxy: { https: url } });
    const body = 'q'.repeat(3_000_000);
    expect(await post(send, 'https://upstream.test/v1', body)).toBe(body);
    expect(await post(send, 'https://upstream.test/v1')).toBe('{}');
    expect(asked).toEqual([
      `CONNECT upstream.test:443 HTTP/1.1\r\nhost: upstream.test:443\r\nproxy-authorization: Basic ${btoa('me:p@ss')}\r\n\r\n`,
    ]);
    expect(server.connections).toEqual([{ name: 'upstream.test', protocol: 'http/1.1' }]);
    expect(server.requests[0]).toStartWith('POST /v1 HTTP/1.1\r\nhost: upstream.test\r\n');
    expect(server.requests[0]).not.toContain('proxy-authorization');
    expect(send.stats()).toMatchObject({ opened: 1, reused: 1 });
    const wrong = await failure(post(send, 'https://elsewhere.test/'));
    expect(wrong.message).toContain('its certificate is for another name');
    expect(server.requests).toHaveLength(2);
  });

  test('a proxy that refuses, that is none, and that is not there', async () => {
    const refusing = await tunnelProxy(1, 'HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
    expect((await failure(post(transport({ proxy: { https: refusing.url } }), 'https://upstream.test/'))).message).toMatch(
      /^No connection to upstream\.test: the proxy 127\.0\.0\.1:\d+ answered 407\.$/,
    );
    const none = await tunnelProxy(1, 'SSH-2.0-x\r\n\r\n');
    expect(await failure(post(transport({ proxy: { https: none.url } }), 'https://upstream.test/'))).toMatchObject({
      code: 'invalid_response',
    });
    const gone = await serve(() => {});
    gone.close();
    const error = await failure(post(transport({ proxy: { https: `http://me:secret@127.0.0.1:${gone.port}` } }), 'https://upstream.test/'));
    expect(error).toMatchObject({
      code: 'connection',
      message: `No connection to the proxy 127.0.0.1:${gone.port}: the connection was refused (ECONNREFUSED).`,
    });
  });

  test('plain http: the proxy is told the whole address, and who we are', async () => {
    const proxy = await serve((socket, request) => socket.write(withLength(request)));
    const send = transport({ proxy: { http: `http://me:secret@127.0.0.1:${proxy.port}` } });
    const seen = await post(send, 'http://upstream.test:8080/v1/chat?x=1');
    expect(seen).toStartWith('POST http://upstream.test:8080/v1/chat?x=1 HTTP/1.1\r\nhost: upstream.test:8080\r\n');
    expect(seen).toContain(`proxy-authorization: Basic ${btoa('me:secret')}\r\n`);
  });
});
