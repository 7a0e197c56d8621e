import { afterEach, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import type { TransportRequest } from 'sluice/kit';
import { closeAll, failure, keep, serve, transport } from '../fixtures/calls.ts';
import { withLength } from '../fixtures/raw-server.ts';
import { createMediaFetch, type MediaFetchOptions } from './media-fetch.ts';
import { createUrlGuard, type Resolve } from './url-guard.ts';

afterEach(closeAll);

const png = Buffer.from('89504e470d0a1a0a0000', 'hex').toString('latin1');
const headed = (body: string, headers: string) => `HTTP/1.1 200 OK\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;
const moved = (location: string) => `HTTP/1.1 302 Found\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`;

/** Everything on this machine is allowed by its port's name; the rest of the internet is not there. */
const fetcher = (port: number, more: Partial<MediaFetchOptions> = {}, resolve: Resolve = async () => ['127.0.0.1']) =>
  createMediaFetch({
    guard: createUrlGuard({ validate: true, allowed: [`files.example:${port}`], resolve }),
    transport: transport(),
    ...more,
  });

describe('a file that a client named by its URL', () => {
  test('is fetched at the judged address, under its name, with no credential', async () => {
    let asked = '';
    const server = await serve((socket, request) => {
      asked = request;
      socket.write(headed(png, 'content-type: image/png\r\n'), 'latin1');
    });
    const file = await fetcher(server.port)(`http://files.example:${server.port}/a.png?x=1#frag`);
    expect([file.mediaType, file.bytes.length]).toEqual(['image/png', 10]);
    expect(asked).toStartWith(`GET /a.png?x=1 HTTP/1.1\r\nhost: files.example:${server.port}\r\n`);
    expect(asked).not.toMatch(/authorization|cookie|via/i);
  });

  test('is looked up once: a name that says another address the next time changes nothing (DNS rebinding)', async () => {
    const server = await serve((socket) => socket.write(headed(png, 'content-type: image/png\r\n'), 'latin1'));
    let lookups = 0;
    const sent: TransportRequest[] = [];
    const real = transport();
    const rebinding: Resolve = async () => (++lookups === 1 ? ['93.184.215.14'] : ['127.0.0.1']);
    const fetchMedia = createMediaFetch({
      guard: createUrlGuard({ validate: true, allowed: [], resolve: rebinding }),
      transport: (request) => {
        sent.push(request);
        return real({ ...request, address: '127.0.0.1' });
      },
    });
    await fetchMedia(`http://rebound.example:${server.port}/`);
    expect(lookups).toBe(1);
    expect(sent.map(({ address }) => address)).toEqual(['93.184.215.14']);
    // The second time the name says the truth.
    expect(await failure(fetchMedia(`http://rebound.example:${server.port}/`))).toMatchObject({ code: 'invalid_request' });
    expect(sent).toHaveLength(1);
  });

  test.each([
    ['another host on this machine', 'http://127.0.0.1:1/', 'not a public one'],
    ['metadata', 'http://169.254.169.254/latest/', 'not a public one'],
    ['a file', 'file:///etc/passwd', 'only http and https'],
    ['a place with a password', 'http://a:b@files.example/', 'a user name or a password'],
    ['rubbish', 'http://[', 'no URL'],
  ])('every redirect is judged anew: to %s', async (_, location, why) => {
    const server = await serve((socket) => socket.write(moved(location)));
    expect((await failure(fetcher(server.port)(`http://files.example:${server.port}/`))).message).toContain(why);
  });

  test('redirects are followed, and not for ever', async () => {
    const server = await serve((socket, request) => {
      const nth = Number(/GET \/(\d+)/.exec(request)?.[1]);
      socket.write(nth > 0 ? moved(String(nth - 1)) : headed(png, 'content-type: image/png\r\n'), 'latin1');
    });
    const at = (path: string) => `http://files.example:${server.port}${path}`;
    expect((await fetcher(server.port)(at('/3'))).mediaType).toBe('image/png');
    expect((await failure(fetcher(server.port)(at('/4')))).message).toContain('redirects more than 3 times');
  });

  test.each([
    ['a page', headed('<html>', 'content-type: text/html\r\n'), 'no image, sound, video or document'],
    ['bytes of no kind', headed('abc', ''), 'no image, sound, video or document'],
    ['nothing', 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n', 'answers 404'],
    ['too much', headed('x'.repeat(2000), 'content-type: image/png\r\n'), 'larger than 1000 bytes'],
    ['too much, undeclared', `HTTP/1.1 200 OK\r\ncontent-type: image/png\r\n\r\n${'x'.repeat(2000)}`, 'larger than 1000 bytes'],
  ])('is refused where it is %s', async (_, answer, why) => {
    const server = await serve((socket) => socket.end(answer));
    const error = await failure(fetcher(server.port, { maxBytes: 1000 })(`http://files.example:${server.port}/`));
    expect(error).toMatchObject({ code: 'invalid_request' });
    expect(error.message).toContain(why);
  });

  test('is known by its bytes where its server does not know', async () => {
    const server = await serve((socket) => socket.write(headed(png, 'content-type: application/octet-stream\r\n'), 'latin1'));
    expect((await fetcher(server.port)(`http://files.example:${server.port}/`)).mediaType).toBe('image/png');
  });

  test('has its time, of which the call that wants it may have less', async () => {
    const server = await serve(() => {});
    const url = `http://files.example:${server.port}/`;
    expect(await failure(fetcher(server.port, { timeoutMs: 30 })(url))).toMatchObject({ code: 'timeout' });
    const controller = new AbortController();
    const answer = failure(fetcher(server.port)(url, controller.signal));
    controller.abort();
    expect(await answer).toMatchObject({ code: 'client_closed_request' });
    expect(await failure(fetcher(server.port)(url, AbortSignal.abort()))).toMatchObject({ code: 'client_closed_request' });
  });
});

describe('a settled address', () => {
  const pem = (name: string): string => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');
  const secureServer = async (names: (string | false)[]): Promise<number> => {
    const server = createServer({ cert: pem('localhost.crt'), key: pem('localhost.key') }, (socket) => {
      names.push((socket as unknown as { servername: string | false }).servername);
      socket.on('error', () => {});
      socket.on('data', () => socket.write(withLength('ok')));
    });
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    keep(server);
    return (server.address() as AddressInfo).port;
  };

  test('is connected to with the name for TLS, whose certificate must be right', async () => {
    const names: (string | false)[] = [];
    const port = await secureServer(names);
    const send = transport({ tls: { ca: pem('ca.crt') } });
    const get = (host: string) => send({ method: 'GET', url: `https://${host}:${port}/`, headers: {}, address: '127.0.0.1' });
    expect((await get('localhost')).status).toBe(200);
    expect(names).toEqual(['localhost']);
    expect(await failure(get('other.example'))).toMatchObject({ code: 'connection' });
  });

  test('shares no connection with others of the same name', async () => {
    const server = await serve((socket) => socket.write(withLength('ok')));
    const send = transport();
    const url = `http://127.0.0.1:${server.port}/`;
    for (const address of [undefined, '127.0.0.1', '127.0.0.1']) {
      const response = await send({ method: 'GET', url, headers: {}, ...(address !== undefined && { address }) });
      await response.bytes(100);
    }
    expect(send.stats()).toMatchObject({ opened: 2, reused: 1 });
  });

  test.each(['http', 'https'])('is what a proxy is asked for, for %s too', async (scheme) => {
    let asked = '';
    const proxy = await serve((socket, request) => {
      asked ||= request;
      socket.write(request.startsWith('CONNECT') && scheme === 'http' ? 'HTTP/1.1 200 OK\r\n\r\n' : withLength('ok'));
      if (scheme === 'https') socket.destroy();
    });
    const send = transport({ proxy: { http: proxy.url, https: proxy.url } });
    const answer = send({ method: 'GET', url: `${scheme}://files.example:8443/a`, headers: {}, address: '93.184.215.14' });
    if (scheme === 'http') expect((await answer).status).toBe(200);
    else await failure(answer);
    expect(asked).toStartWith('CONNECT 93.184.215.14:8443 HTTP/1.1\r\n');
  });
});
