import { afterEach, describe, expect, test } from 'bun:test';
import { chat, completion, createRig, jsonAnswer } from './harness.ts';

// What one request asks of the router is its own: it is kept to, and no other call feels it.

const rig = createRig();
const { upstreamOf, gatewayOf } = rig;
afterEach(rig.stopAll);

const deploymentOf = (name: string, base: string, more = ''): string =>
  `  - { model_name: ${name}, model_info: { id: ${name} }, litellm_params: { model: custom_openai/x, api_base: "${base}", api_key: sk-${name}${more} } }\n`;

describe('a failure that a request asks for', () => {
  test.each([
    { mock_timeout: true, timeout: 0.05 },
    { mock_response: 'litellm.InternalServerError' },
    { mock_testing_rate_limit_error: true },
  ])('makes nothing rest: %p', async (mock) => {
    const upstream = await upstreamOf();
    const gateway = await gatewayOf(`model_list:\n${deploymentOf('m', upstream.base)}`);
    for (let at = 0; at < 6; at++) await (await chat(gateway, { ...mock, num_retries: 0 })).arrayBuffer();
    const real = await chat(gateway);
    expect(await real.json()).toMatchObject({ object: 'chat.completion' });
    expect(real.status).toBe(200);
    expect(await (await fetch(`${gateway.url}/metrics`)).text()).toContain('sluice_deployment_state{deployment="m"} 0\n');
  });

  test('a rate limit is tried again, as LiteLLM shows it; a prompt that is too long by either name', async () => {
    const upstream = await upstreamOf();
    const gateway = await gatewayOf(
      `model_list:\n${deploymentOf('m', upstream.base)}${deploymentOf('n', upstream.base)}` +
        'router_settings: { context_window_fallbacks: [{ m: [n] }] }\n',
    );
    const again = await chat(gateway, { mock_testing_rate_limit_error: true });
    expect(again.status).toBe(200);
    expect(again.headers.get('x-sluice-attempts')).toBe('m=429(retry),m=200');
    for (const name of ['mock_testing_context_fallbacks', 'mock_testing_context_window_fallbacks']) {
      const long = await chat(gateway, { [name]: true });
      expect(long.headers.get('x-sluice-attempts')).toBe('m=400(fallback),n=200');
      expect(upstream.requests.at(-1)!.text).not.toContain('mock_testing');
    }
  });
});

test("a request's own time runs while it waits for a place", async () => {
  const upstream = await upstreamOf((socket) => void setTimeout(() => socket.write(jsonAnswer(completion('Late.'))), 3000));
  const gateway = await gatewayOf(`model_list:\n${deploymentOf('m', upstream.base, ', max_parallel_requests: 1')}`);
  const first = chat(gateway);
  while (upstream.requests.length === 0) await Bun.sleep(10);
  const begun = performance.now();
  const hurried = await chat(gateway, { timeout: 0.2 });
  expect(hurried.status).toBe(429);
  expect(Number(hurried.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(performance.now() - begun).toBeLessThan(2500);
  expect((await first).status).toBe(200);
});

test('a model that asks for half a minute is not waited for where another one stands in', async () => {
  const limited = await upstreamOf((socket) => void socket.write(jsonAnswer({ error: { message: 'no' } }, 429, 'retry-after: 30\r\n')));
  const good = await upstreamOf();
  const gateway = await gatewayOf(
    `model_list:\n${deploymentOf('m', limited.base)}${deploymentOf('n', good.base)}router_settings: { fallbacks: [{ m: [n] }] }\n`,
  );
  const begun = performance.now();
  const response = await chat(gateway);
  expect(response.headers.get('x-sluice-attempts')).toBe('m=429(fallback),n=200');
  expect(performance.now() - begun).toBeLessThan(10_000);
});

test('the path of LiteLLM for calls with a priority', async () => {
  const upstream = await upstreamOf();
  const gateway = await gatewayOf(`model_list:\n${deploymentOf('m', upstream.base)}`);
  const body = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], priority: 0 };
  expect((await gateway.post('/queue/chat/completions', body)).status).toBe(200);
  expect(upstream.requests.at(-1)!.text).not.toContain('priority');
});

test('FP-43: a name that a client made up is no label, also where a fallback answers for it', async () => {
  const upstream = await upstreamOf();
  const gateway = await gatewayOf(`model_list:\n${deploymentOf('m', upstream.base)}router_settings: { default_fallbacks: [m] }\n`);
  const response = await chat(gateway, { model: 'made-up' });
  expect(response.headers.get('x-litellm-model-group')).toBe('m');
  await response.arrayBuffer();
  const page = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(page).not.toContain('made-up');
  expect(page).toContain('sluice_requests_total{route="chat",model="m",provider="custom_openai",status="200"} 1\n');
  expect(page).toContain('sluice_fallbacks_total{from="",to="m",result="ok"} 1\n');
  expect(gateway.calls().at(-1)).toMatchObject({ requestedModel: 'made-up', servedModel: 'm' });
});
