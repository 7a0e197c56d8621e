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
