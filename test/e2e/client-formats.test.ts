import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { clientFormats } from './client-formats.ts';
import { createRig, delta, done, jsonAnswer, oneModel, piece, startGateway, streamEnd, streamHead, type Gateway } from './harness.ts';

const { upstreamOf, gatewayOf, stopAll } = createRig();
afterEach(stopAll);

let echo: Gateway;
beforeAll(async () => void (echo = await startGateway('model_list: [{ model_name: team/m, litellm_params: { model: mock/echo } }]')));
afterAll(() => echo.stop());

const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());
const fast = 'router_settings: { num_retries: 0 }\n';

describe.each([...clientFormats])('$name', (format) => {
  const streamed = format.streamed ?? format.name;
  const ask = (gateway: Gateway, model: string, stream: boolean, init?: RequestInit) =>
    gateway.post(format.path(model, stream), format.body(model, stream), init);

  test('a whole answer', async () => {
    const response = await ask(echo, 'team/m', false);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(response.headers.get('x-litellm-model-group')).toBe('team/m');
    expect(response.headers.get('x-sluice-overhead-ms')).toMatch(/^\d/);
    expect(format.text(await response.json())).toBe('Hello');
    expect(echo.calls().at(-1)).toMatchObject({ route: format.name, model: 'team/m', status: 200, stream: false });
  });

  test('a streamed one', async () => {
    const response = await ask(echo, 'team/m', true);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, format.contentType]);
    expect(format.read(await bytesOf(response))).toEqual({ text: 'Hello', ended: true });
    expect(echo.calls().at(-1)).toMatchObject({ route: streamed, status: 200, stream: true });
    expect(await (await fetch(`${echo.url}/metrics`)).text()).toContain(`sluice_requests_total{route="${streamed}",model="team/m"`);
  });

  test('what goes wrong before a call is told in the format', async () => {
    const path = format.path('team/m', false);
    const errorOf = async (response: Response) => [response.status, format.message(await response.json())];
    expect(await errorOf(await fetch(echo.url + path, { method: 'POST', body: '{}' }))).toEqual([
      401,
      expect.stringContaining('No API key'),
    ]);
    expect(await errorOf(await ask(echo, 'team/m', true, { headers: { authorization: 'Bearer sk-wrong' } }))).toEqual([
      401,
      'Invalid API key.',
    ]);
    expect(await errorOf(await echo.post(path, '{"model": '))).toEqual([400, 'The request body is not valid JSON.']);
    for (const stream of [false, true])
      expect(await errorOf(await ask(echo, 'team/n', stream))).toEqual([404, expect.stringContaining("'team/m'")]);
    const wrong = await fetch(echo.url + path, { method: 'DELETE', headers: { authorization: 'Bearer x' } });
    expect(await errorOf(wrong)).toEqual([405, expect.stringContaining('not DELETE')]);
  });

  test('the provider’s own refusal, whole and streamed', async () => {
    const upstream = await upstreamOf((socket) =>
      socket.write(jsonAnswer({ error: { message: 'no such thing', type: 'invalid_request_error' } }, 400)),
    );
    const gateway = await gatewayOf(oneModel(upstream.base, fast));
    for (const stream of [false, true]) {
      const response = await ask(gateway, 'm', stream);
      expect(response.status).toBe(400);
      expect(format.message(await response.json())).toContain('no such thing');
    }
  });

  test('an error in the middle of a stream, and one that breaks', async () => {
    let end = piece('data: {"error": {"message": "the provider gave up", "type": "server_error"}}\n\n') + streamEnd;
    const upstream = await upstreamOf((socket) => {
      socket.write(streamHead + piece(delta('partial')));
      setTimeout(() => socket.write(end), 30);
    });
    const gateway = await gatewayOf(oneModel(upstream.base, fast));
    expect(format.read(await bytesOf(await ask(gateway, 'm', true)))).toEqual({
      text: 'partial',
      ended: false,
      error: expect.stringContaining('the provider gave up') as unknown as string,
    });
    end = streamEnd;
    expect(format.read(await bytesOf(await ask(gateway, 'm', true)))).toMatchObject({
      text: 'partial',
      ended: false,
      error: expect.any(String),
    });
    expect(gateway.calls().every(({ errorCode }) => typeof errorCode === 'string')).toBe(true);
  });

  test('a silent upstream: nothing that the client could not read', async () => {
    const upstream = await upstreamOf((socket) => {
      socket.write(streamHead);
      setTimeout(() => socket.write(piece(delta('late', 'stop') + done) + streamEnd), 250);
    });
    const gateway = await gatewayOf(oneModel(upstream.base, 'sluice_settings: { header_wait_ms: 50, keep_alive_ms: 50 }\n'));
    expect(format.read(await bytesOf(await ask(gateway, 'm', true)))).toEqual({ text: 'late', ended: true });
  });

  test('FP-23: a client that leaves cancels the upstream', async () => {
    const upstream = await upstreamOf((socket) => {
      socket.write(streamHead);
      const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(piece(delta('more ')))), 10);
    });
    const gateway = await gatewayOf(oneModel(upstream.base));
    const controller = new AbortController();
    const response = await ask(gateway, 'm', true, { signal: controller.signal });
    await response.body!.getReader().read();
    controller.abort();
    for (let waited = 0; upstream.requests[0]!.closedAt === undefined && waited < 1000; waited += 10) await Bun.sleep(10);
    expect(upstream.requests[0]!.closedAt).toBeNumber();
    expect(gateway.calls().at(-1)).toMatchObject({ status: 499, errorCode: 'client_closed_request' });
  });
});
