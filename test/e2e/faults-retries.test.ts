import { afterEach, describe, expect, test } from 'bun:test';
import { completion, jsonAnswer, oneModel, startGateway, startRawUpstream, type Gateway, type RawUpstream } from './harness.ts';

let gateway: Gateway | undefined;
let upstream: RawUpstream | undefined;
afterEach(async () => {
  await gateway?.stop();
  await upstream?.stop();
  gateway = upstream = undefined;
});

const start = async (answer: Parameters<typeof startRawUpstream>[0], extra = 'router_settings: { num_retries: 0 }') => {
  upstream = await startRawUpstream(answer);
  gateway = await startGateway(oneModel(upstream.base, extra));
  return gateway;
};

const chat = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] };

describe('retries', () => {
  test('another deployment first, and the client sees nothing of it', async () => {
    const bad = await startRawUpstream((socket) => void socket.write(jsonAnswer({ error: { message: 'down' } }, 500)));
    const good = await startRawUpstream((socket) => void socket.write(jsonAnswer(completion('from the other'))));
    const entry = (base: string, order: number) =>
      `  - { model_name: m, litellm_params: { model: openai/m, api_base: "${base}", api_key: k, order: ${order} } }\n`;
    gateway = await startGateway(`model_list:\n${entry(bad.base, 1)}${entry(good.base, 2)}`);
    const response = await gateway.post('/v1/chat/completions', chat);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-litellm-attempted-retries')).toBe('1');
    expect(await response.text()).toContain('from the other');
    await Promise.all([bad.stop(), good.stop()]);
  });

  test('FP-85: retry-after is obeyed, and passed on when tries are used up', async () => {
    const times: number[] = [];
    const { post } = await start((socket) => {
      times.push(performance.now());
      socket.write(jsonAnswer({ error: { message: 'slow down' } }, 429, 'retry-after: 1\r\n'));
    }, 'router_settings: { num_retries: 1 }');
    const response = await post('/v1/chat/completions', chat);
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(times).toHaveLength(2);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(990);
  });

  test("what is the client's fault is not tried again", async () => {
    const { post } = await start(
      (socket) => void socket.write(jsonAnswer({ error: { message: 'bad' } }, 400)),
      'router_settings: { num_retries: 3 }',
    );
    await post('/v1/chat/completions', chat);
    expect(upstream!.requests).toHaveLength(1);
  });
});
