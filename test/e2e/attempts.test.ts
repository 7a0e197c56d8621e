import { afterEach, describe, expect, test } from 'bun:test';
import { chat, completion, createRig, headOf, jsonAnswer, oneModel } from './harness.ts';

/* What is told of a call's tries: log line, headers, metrics, trace (FP-48), and how long to wait (FP-85). */

const rig = createRig();
afterEach(() => rig.stopAll());

const limited = (retryAfter = '') => jsonAnswer({ error: { message: 'slow down' } }, 429, retryAfter);

/** Two names, the first with two deployments. */
const config = (a: string, b: string, c: string, more = '') => `model_list:
  - { model_name: m, model_info: { id: dep-a }, litellm_params: { model: custom_openai/x, api_base: "${a}", api_key: k1, order: 1 } }
  - { model_name: m, model_info: { id: dep-b }, litellm_params: { model: custom_openai/x, api_base: "${b}", api_key: k2, order: 2 } }
  - { model_name: n, model_info: { id: dep-c }, litellm_params: { model: custom_openai/y, api_base: "${c}", api_key: k3 } }
router_settings: { fallbacks: [{ m: [n] }] }
${more}`;

describe('FP-48: a call and its tries', () => {
  test('a retry: one line with both tries, a header, metrics', async () => {
    const bad = await rig.upstreamOf((socket) => void socket.write(limited()));
    const good = await rig.upstreamOf();
    const gateway = await rig.gatewayOf(config(bad.base, good.base, good.base));
    const response = await chat(gateway, {}, { 'x-litellm-call-id': 'call-1' });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-sluice-attempts')).toBe('dep-a=429(retry),dep-b=200');
    expect(response.headers.get('x-litellm-attempted-retries')).toBe('1');
    expect(response.headers.get('x-litellm-attempted-fallbacks')).toBe('0');
    expect(response.headers.get('x-litellm-max-retries')).toBe('2');
    expect(response.headers.get('x-litellm-max-fallbacks')).toBe('5');
    await response.text();
    const lines = gateway.calls();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      callId: 'call-1',
      model: 'm',
      deploymentId: 'dep-b',
      attempts: 2,
      tries: [
        { id: 'call-1.1', reason: 'first', group: 'm', deploymentId: 'dep-a', code: 'rate_limited', status: 429 },
        { id: 'call-1.2', reason: 'retry', group: 'm', deploymentId: 'dep-b', status: 200 },
      ],
    });
    const page = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(page).toContain(
      'sluice_deployment_attempts_total{deployment="dep-a",provider="custom_openai",reason="first",result="rate_limited"} 1\n',
    );
    expect(page).toContain('sluice_deployment_attempts_total{deployment="dep-b",provider="custom_openai",reason="retry",result="ok"} 1\n');
    expect(page).toMatch(/sluice_deployment_cooldowns_total\{deployment="[^"]+",code="rate_limited"\} 1\n/);
    expect(page).toContain('sluice_deployment_state{deployment="dep-a"} 2\n');
    expect(page).toContain('sluice_deployment_state{deployment="dep-b"} 0\n');
  });

  test('a fallback: the model that was asked for and the one that answered', async () => {
    const bad = await rig.upstreamOf((socket) => void socket.write(jsonAnswer({ error: { message: 'no' } }, 503)));
    const good = await rig.upstreamOf();
    const gateway = await rig.gatewayOf(config(bad.base, bad.base, good.base));
    const response = await chat(gateway, { num_retries: 1 });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-litellm-model-group')).toBe('n');
    expect(response.headers.get('x-litellm-attempted-fallbacks')).toBe('1');
    expect(response.headers.get('x-sluice-attempts')).toEndWith('(fallback),dep-c=200');
    await response.text();
    const [line] = gateway.calls();
    expect(line).toMatchObject({ model: 'm', requestedModel: 'm', servedModel: 'n', fallbacks: 1 });
    expect((line!['tries'] as { reason: string }[]).at(-1)).toMatchObject({ reason: 'fallback', group: 'n', status: 200 });
    expect(await (await fetch(`${gateway.url}/metrics`)).text()).toContain('sluice_fallbacks_total{from="m",to="n",result="ok"} 1\n');
  });

  test('one try that succeeded tells nothing more', async () => {
    const good = await rig.upstreamOf();
    const gateway = await rig.gatewayOf(config(good.base, good.base, good.base));
    const response = await chat(gateway);
    expect(response.headers.has('x-sluice-attempts')).toBe(false);
    await response.text();
    const [line] = gateway.calls();
    for (const name of ['tries', 'fallbacks', 'servedModel', 'requestedModel', 'traceId', 'routedBy'])
      expect(line).not.toHaveProperty(name);
  });

  test('a failure is told with its one try', async () => {
    const bad = await rig.upstreamOf((socket) => void socket.write(jsonAnswer({ error: { message: 'no' } }, 400)));
    const gateway = await rig.gatewayOf(oneModel(bad.base));
    expect((await chat(gateway)).status).toBe(400);
    expect(gateway.calls()[0]).toMatchObject({ attempts: 1, tries: [{ code: 'invalid_request', status: 400 }] });
  });
});

describe('FP-85: how long to wait', () => {
  test("a provider's retry-after is passed on", async () => {
    const bad = await rig.upstreamOf((socket) => void socket.write(limited('retry-after: 17\r\n')));
    const gateway = await rig.gatewayOf(oneModel(bad.base));
    const response = await chat(gateway, { num_retries: 0 });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '17']);
  });

  test('what we refuse ourselves says when to come again', async () => {
    const bad = await rig.upstreamOf((socket) => void socket.write(jsonAnswer({ error: { message: 'no' } }, 503)));
    const gateway = await rig.gatewayOf(`${oneModel(bad.base)}router_settings: { num_retries: 0, allowed_fails: 0, cooldown_time: 30 }\n`);
    await chat(gateway);
    const refused = await chat(gateway);
    expect([429, 503]).toContain(refused.status);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  });
});

describe('the trace of a caller', () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, tracestate: 'vendor=abc' };

  test('its id is in the line, each try has a span, and a provider learns nothing of it', async () => {
    const bad = await rig.upstreamOf((socket) => void socket.write(limited()));
    const good = await rig.upstreamOf();
    const gateway = await rig.gatewayOf(config(bad.base, good.base, good.base));
    await (await chat(gateway, {}, headers)).text();
    const [line] = gateway.calls();
    expect(line).toMatchObject({ traceId });
    const spans = (line!['tries'] as { spanId: string }[]).map(({ spanId }) => spanId);
    expect(new Set(spans).size).toBe(2);
    expect(`${headOf(good)}${headOf(bad)}`).not.toMatch(/trace/i);
  });

  test('where it is to go on, each try sends its own span', async () => {
    const bad = await rig.upstreamOf((socket) => void socket.write(limited()));
    const good = await rig.upstreamOf();
    const gateway = await rig.gatewayOf(
      config(bad.base, good.base, good.base, 'litellm_settings: { forward_traceparent_to_llm_provider: true }\n'),
    );
    await (await chat(gateway, {}, headers)).text();
    const tries = gateway.calls()[0]!['tries'] as { spanId: string }[];
    expect(headOf(bad)).toContain(`traceparent: 00-${traceId}-${tries[0]!.spanId}-01`);
    expect(headOf(good)).toContain(`traceparent: 00-${traceId}-${tries[1]!.spanId}-01`);
    expect(headOf(good)).toContain('tracestate: vendor=abc');
    await (await chat(gateway)).text();
    expect(headOf(good)).not.toContain('traceparent');
  });
});

test('a stream tells its tries before it begins', async () => {
  const bad = await rig.upstreamOf((socket) => void socket.write(limited()));
  const good = await rig.upstreamOf((socket) => {
    const events = `data: ${JSON.stringify({ ...completion('x'), object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: 'x' }, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`;
    socket.write(`HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ${events.length}\r\n\r\n${events}`);
  });
  const gateway = await rig.gatewayOf(config(bad.base, good.base, good.base));
  const response = await chat(gateway, { stream: true });
  expect(response.headers.get('x-sluice-attempts')).toBe('dep-a=429(retry),dep-b=200');
  await response.text();
});
