import { afterAll, expect, test } from 'bun:test';
import { createFetchTransport } from './fetch-transport.ts';

const letters = (count: number) => 'abcdefghij'.repeat(count / 10);

const server = Bun.serve({
  port: 0,
  idleTimeout: 0,
  fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === '/declared') return new Response(letters(1000), { headers: { 'x-seen': 'yes' } });
    if (pathname === '/empty') return new Response(null, { status: 204 });
    const endless = pathname === '/endless';
    let left = 10;
    return new Response(
      new ReadableStream({
        async pull(controller) {
          await Bun.sleep(1);
          if (!endless && left-- === 0) return controller.close();
          controller.enqueue(new TextEncoder().encode(letters(100)));
        },
        cancel: () => cancelled.resolve(),
      }),
    );
  },
});
let cancelled = Promise.withResolvers<void>();
afterAll(() => server.stop(true));

const transport = createFetchTransport();
const get = (path: string, signal?: AbortSignal) =>
  transport({ method: 'GET', url: `http://127.0.0.1:${server.port}${path}`, headers: {}, ...(signal && { signal }) });
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test.each(['/declared', '/pieces'])('a whole answer: %s', async (path) => {
  const response = await get(path);
  expect(response.status).toBe(200);
  expect(text(await response.bytes(1000))).toBe(letters(1000));
});

test.each(['/declared', '/pieces'])('the same read piece by piece: %s', async (path) => {
  const response = await get(path);
  let all = '';
  for (let piece = await response.read(); piece; piece = await response.read()) all += text(piece);
  expect(all).toBe(letters(1000));
  expect(await response.read()).toBeUndefined();
});

test('the rest, when some was read', async () => {
  const response = await get('/pieces');
  const first = text((await response.read())!);
  expect(first + text(await response.bytes(1000))).toBe(letters(1000));
});

test('nothing', async () => {
  const response = await get('/empty');
  expect(response.status).toBe(204);
  expect(await response.bytes(10)).toHaveLength(0);
});

test.each(['/declared', '/pieces', '/endless'])('more than is wanted is refused, and not waited for: %s', async (path) => {
  cancelled = Promise.withResolvers();
  const response = await get(path);
  await expect(response.bytes(999)).rejects.toMatchObject({ code: 'invalid_response', retry: false });
  if (path === '/endless') await cancelled.promise;
});

test('cancelling, before and while it is read', async () => {
  for (const readFirst of [false, true]) {
    cancelled = Promise.withResolvers();
    const response = await get('/endless');
    if (readFirst) await response.read();
    response.cancel();
    response.cancel();
    await cancelled.promise;
    expect(await response.read()).toBeUndefined();
  }
});

test('a signal ends the reading', async () => {
  const controller = new AbortController();
  const response = await get('/endless', controller.signal);
  const pending = response.bytes(1_000_000);
  setTimeout(() => controller.abort(), 10);
  await expect(pending).rejects.toMatchObject({ code: 'client_closed_request' });
});

test('nobody there', async () => {
  const gone = transport({ method: 'GET', url: 'http://127.0.0.1:9/?key=secret', headers: {} });
  await expect(gone).rejects.toMatchObject({ code: 'connection', message: expect.not.stringContaining('secret') });
});

test('a body from a source goes out as it comes, with its length where that is known', async () => {
  const seen: { length: string | null; coding: string | null; text: string }[] = [];
  const upload = Bun.serve({
    port: 0,
    async fetch({ headers, body }) {
      seen.push({
        length: headers.get('content-length'),
        coding: headers.get('transfer-encoding'),
        text: await new Response(body).text(),
      });
      return new Response('ok');
    },
  });
  const url = `http://127.0.0.1:${upload.port}/`;
  const send = async (length?: number) => {
    const pieces = ['ab', '', 'cde'];
    const source = {
      ...(length !== undefined && { length }),
      read: async () => (pieces.length > 0 ? new TextEncoder().encode(pieces.shift()) : undefined),
      cancel: () => {},
    };
    const response = await transport({ method: 'PUT', url, headers: {}, body: source });
    return text(await response.bytes(10));
  };
  expect([await send(5), await send()]).toEqual(['ok', 'ok']);
  expect(seen).toEqual([
    { length: '5', coding: null, text: 'abcde' },
    { length: null, coding: 'chunked', text: 'abcde' },
  ]);
  await upload.stop(true);
});

test('a source that fails fails the request; a call that is cancelled cancels its source', async () => {
  let dropped = 0;
  const failing = { read: () => Promise.reject(new Error('gone')), cancel: () => void dropped++ };
  const url = `http://127.0.0.1:${server.port}/declared`;
  expect(await transport({ method: 'POST', url, headers: {}, body: failing }).catch((error) => error.code)).toBe('connection');
  expect(dropped).toBeGreaterThan(0);

  const waiting = Promise.withResolvers<void>();
  const endless = { read: () => new Promise<undefined>(() => {}), cancel: () => waiting.resolve() };
  const controller = new AbortController();
  const call = transport({
    method: 'POST',
    url: `http://127.0.0.1:${server.port}/endless`,
    headers: {},
    body: endless,
    signal: controller.signal,
  });
  setTimeout(() => controller.abort(), 20);
  // The server of this test answers without having read the body.
  const outcome = await call
    .then(
      async (response) => response.bytes(1e9),
      (error: unknown) => error,
    )
    .catch((error: unknown) => error);
  expect(outcome).toMatchObject({ code: 'client_closed_request' });
  await waiting.promise;
});
