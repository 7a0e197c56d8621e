import { afterEach, describe, expect, test } from 'bun:test';
import { chat, completion, createRig, headOf, jsonAnswer, oneModel } from './harness.ts';

// Addresses that a request names: an `api_base`, an image. Everything here listens on this machine, which no request may reach unless the file says so.

const { upstreamOf, gatewayOf, stopAll } = createRig();
afterEach(stopAll);

const openMachine = 'litellm_settings: { user_url_allowed_hosts: [127.0.0.1] }';
const withClientSide = (base: string, allowed: string, extra = '') =>
  oneModel(base).replace(' }', `, headers: { x-operator: op-canary }, configurable_clientside_auth_params: ${allowed} }`) + extra;

describe('api_base and api_key of a request', () => {
  const told = async (response: Response) => ({
    status: response.status,
    ...((await response.json()) as { error: { message: string; param?: string } }).error,
  });

  test('are refused where the deployment does not leave them to requests', async () => {
    const upstream = await upstreamOf();
    const gateway = await gatewayOf(oneModel(upstream.base, openMachine));
    for (const own of [{ api_base: 'https://a.example/v1' }, { base_url: 'https://a.example/v1' }, { api_key: 'sk-own' }]) {
      const answer = await told(await chat(gateway, own));
      expect(answer).toMatchObject({ status: 400 });
      expect(answer.message).toContain('configurable_clientside_auth_params');
    }
    expect(upstream.requests).toHaveLength(0);
  });

  test('go where they say, with the own key alone, where it does', async () => {
    const usual = await upstreamOf();
    const own = await upstreamOf((socket) => socket.write(jsonAnswer(completion('from elsewhere'))));
    const gateway = await gatewayOf(withClientSide(usual.base, '[api_base, api_key]', openMachine), {
      OPENAI_API_KEY: 'sk-environment-canary',
    });
    const response = await chat(gateway, { api_base: own.base, api_key: 'sk-own' });
    expect([response.status, JSON.stringify(await response.json())]).toEqual([200, expect.stringContaining('from elsewhere')]);
    expect(usual.requests).toHaveLength(0);
    expect(headOf(own)).toContain('authorization: Bearer sk-own');
    expect(own.requests[0]!.text).not.toMatch(/canary|api_base|api_key/);
    // The next request is the deployment's again.
    await chat(gateway, {});
    expect(headOf(usual)).toContain('sk-upstream-canary');
    expect(gateway.lines.join()).not.toContain('sk-own');
  });

  test('an own key alone goes to the usual address', async () => {
    const upstream = await upstreamOf();
    const gateway = await gatewayOf(withClientSide(upstream.base, '[api_key]'));
    expect((await chat(gateway, { api_key: 'sk-own' })).status).toBe(200);
    expect(headOf(upstream)).toContain('authorization: Bearer sk-own');
    expect(headOf(upstream)).toContain('x-operator: op-canary');
    expect((await chat(gateway, { api_base: upstream.base, api_key: 'sk-own' })).status).toBe(400);
  });

  test('an address without a key is refused: nobody else’s goes there', async () => {
    const upstream = await upstreamOf();
    const gateway = await gatewayOf(withClientSide(upstream.base, '[api_base, api_key]', openMachine));
    expect(await told(await chat(gateway, { api_base: upstream.base }))).toMatchObject({ status: 400, param: 'api_key' });
    expect(upstream.requests).toHaveLength(0);
  });

  test('an address that is not public is refused, whatever the deployment leaves to requests', async () => {
    const upstream = await upstreamOf();
    const gateway = await gatewayOf(withClientSide(upstream.base, '[api_base, api_key]'));
    for (const base of [
      upstream.base,
      upstream.base.replace('127.0.0.1', '2130706433'),
      'http://169.254.169.254/v1',
      'file:///etc',
      'http://localhost:1/',
    ]) {
      const answer = await told(await chat(gateway, { api_base: base, api_key: 'sk-own' }));
      expect([answer.status, answer.message]).toEqual([400, expect.stringContaining('The URL cannot be used')]);
    }
    expect(upstream.requests).toHaveLength(0);
  });

  test('a pattern must match the whole of it', async () => {
    const upstream = await upstreamOf();
    const gateway = await gatewayOf(
      withClientSide(upstream.base, `[{ api_base: "${upstream.base.replace('/v1', '')}/v." }, api_key]`, openMachine),
    );
    expect((await chat(gateway, { api_base: upstream.base, api_key: 'sk-own' })).status).toBe(200);
    expect((await chat(gateway, { api_base: `${upstream.base}/more`, api_key: 'sk-own' })).status).toBe(400);
  });
});

describe('an image named by its URL, for a provider that takes bytes', () => {
  const png = Buffer.from('89504e470d0a1a0a00', 'hex');
  const ollama = (base: string, extra = '') =>
    `model_list:\n  - model_name: m\n    litellm_params: { model: ollama/llava, api_base: "${base.replace('/v1', '')}" }\n${extra}`;
  const rig = async (extra: string) => {
    const files = await upstreamOf((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: ${png.length}\r\n\r\n`);
      socket.write(png);
    });
    const model = await upstreamOf((socket) =>
      socket.write(jsonAnswer({ model: 'llava', message: { role: 'assistant', content: 'a cat' }, done: true, done_reason: 'stop' })),
    );
    const gateway = await gatewayOf(ollama(model.base, extra));
    const ask = () =>
      chat(gateway, { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: `${files.base}/cat.png` } }] }] });
    return { files, model, ask };
  };

  test('is fetched, and goes on as bytes', async () => {
    const { files, model, ask } = await rig(openMachine);
    expect((await ask()).status).toBe(200);
    expect(headOf(files)).toStartWith('GET /v1/cat.png HTTP/1.1');
    expect(headOf(files)).not.toMatch(/authorization|canary/i);
    expect(model.requests[0]!.text).toContain(`"images":["${png.toString('base64')}"]`);
  });

  test('is not fetched from an address that is not public', async () => {
    const { files, model, ask } = await rig('');
    const response = await ask();
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('user_url_allowed_hosts')]);
    expect(files.requests.length + model.requests.length).toBe(0);
  });
});
