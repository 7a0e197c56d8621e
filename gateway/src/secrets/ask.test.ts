import { afterEach, describe, expect, test } from 'bun:test';
import { startServer, type FakeServer } from '../../../test/kit/secret-managers/server.ts';
import { testWorld } from '../../../test/kit/secret-managers/world.ts';
import { createAsk } from './ask.ts';
import { allOf, never } from './testing.ts';

let server: FakeServer | undefined;
afterEach(() => server?.stop());

const asking = (answer: () => Response | Promise<Response>, timeoutMs = 2000, signal = never) => {
  server = startServer(answer);
  const ask = createAsk(testWorld(), { timeoutMs });
  const headers = { authorization: 'Bearer canary-token' };
  return ask({ method: 'GET', url: `${server.url}/x?canary=1`, headers }, signal).catch((cause: unknown) => cause as Error);
};

describe('one question', () => {
  test.each([500, 503, 429, 472, 473])('%d is asked three times, and then it is the answer', async (status) => {
    expect(await asking(() => new Response('', { status }))).toMatchObject({ status });
    expect(server!.requests).toHaveLength(3);
  });

  test.each([400, 401, 403, 404, 200])('%d is an answer at once', async (status) => {
    expect(await asking(() => new Response('{"a":1}', { status }))).toMatchObject({ status, value: { a: 1 } });
    expect(server!.requests).toHaveLength(1);
  });

  test('a failure that passes', async () => {
    let count = 0;
    expect(await asking(() => new Response('', { status: ++count === 3 ? 200 : 502 }))).toMatchObject({ status: 200 });
  });

  test('one that does not answer is given up, three times', async () => {
    const error = (await asking(() => new Promise<Response>(() => {}), 60)) as Error;
    expect(error).toMatchObject({ message: 'it did not answer within 60 ms', passes: true });
    expect(server!.requests).toHaveLength(3);
  });

  test('one that begins an answer and never ends it as well', async () => {
    const endless = () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(10)) }));
    expect(await asking(endless, 60)).toMatchObject({ message: 'it did not answer within 60 ms' });
  });

  test('nobody there: said without the address, whose query or path may be private', async () => {
    const ask = createAsk(testWorld(), { timeoutMs: 500 });
    const headers = { authorization: 'Bearer canary-token' };
    const error = await ask({ method: 'GET', url: 'http://127.0.0.1:1/canary', headers }, never).catch((cause: unknown) => cause);
    expect(String(error)).toMatch(/it cannot be reached \(\w+\)/);
    expect(allOf(error)).not.toContain('canary');
  });

  test('what is no HTTP at all', async () => {
    const listener = Bun.listen({
      hostname: '127.0.0.1',
      port: 0,
      socket: { data: (socket) => void socket.end('canary garbage\r\n\r\n') },
    });
    const ask = createAsk(testWorld(), { timeoutMs: 500 });
    const error = await ask({ method: 'GET', url: `http://127.0.0.1:${listener.port}/` }, never).catch((cause: unknown) => cause);
    listener.stop(true);
    expect(String(error)).toContain('it cannot be reached');
    expect(allOf(error)).not.toContain('canary garbage');
  });

  test('a redirect is not followed', async () => {
    const answer = await asking(() => new Response('', { status: 307, headers: { location: 'http://127.0.0.1:1/elsewhere' } }));
    expect(answer).toMatchObject({ status: 307 });
  });

  test('an answer without end is not read to its end', async () => {
    let sent = 0;
    const piece = new Uint8Array(64 * 1024);
    const error = await asking(
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              sent += piece.length;
              controller.enqueue(piece);
            },
          }),
        ),
    );
    expect(error).toMatchObject({ message: 'its answer is too large to be a secret' });
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  test('its owner may leave', async () => {
    const left = new AbortController();
    setTimeout(() => left.abort(new Error('left')), 30);
    expect(await asking(() => new Promise<Response>(() => {}), 5000, left.signal)).toMatchObject({ message: 'left' });
    expect(server!.requests).toHaveLength(1);
  });
});
