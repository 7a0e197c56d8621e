import { afterEach, describe, expect, test } from 'bun:test';
import { completion, createRig, headOf, jsonAnswer } from './harness.ts';

const { upstreamOf, gatewayOf, stopAll } = createRig();
afterEach(stopAll);

describe('counting tokens', () => {
  const counting = { model: 'm', messages: [{ role: 'user', content: 'Hello there' }] };
  const openai = (base: string) => `model_list: [{ model_name: m, litellm_params: { model: openai/x, api_base: "${base}", api_key: k } }]`;
  test('OpenAI counts, in either format', async () => {
    const upstream = await upstreamOf((socket) => socket.write(jsonAnswer({ object: 'response.input_tokens', input_tokens: 11 })));
    const gateway = await gatewayOf(openai(upstream.base));
    const response = await gateway.post('/v1/messages/count_tokens', counting);
    expect([await response.json(), response.headers.get('x-sluice-token-count')]).toEqual([{ input_tokens: 11 }, null]);
    expect(headOf(upstream)).toStartWith('POST /v1/responses/input_tokens ');
    expect(await (await gateway.post('/v1/responses/input_tokens', { model: 'm', input: 'Hello' })).json()).toMatchObject({
      input_tokens: 11,
    });
  });
  test.each([404, 405, 501, 200])(
    'a server of one’s own that answers %p is asked once, then there is an estimate that says so',
    async (status) => {
      const upstream = await upstreamOf((socket) =>
        socket.write(jsonAnswer(status === 200 ? completion('x') : { error: { message: 'no' } }, status)),
      );
      const gateway = await gatewayOf(openai(upstream.base));
      for (let time = 0; time < 2; time++) {
        const response = await gateway.post('/v1/messages/count_tokens', counting);
        expect([response.status, response.headers.get('x-sluice-token-count')]).toEqual([200, 'estimate']);
        expect(((await response.json()) as { input_tokens: number }).input_tokens).toBeGreaterThan(0);
      }
      expect(upstream.requests).toHaveLength(1);
    },
  );
  test('another failure is one', async () => {
    const upstream = await upstreamOf((socket) => socket.write(jsonAnswer({ error: { message: 'bad' } }, 400)));
    const gateway = await gatewayOf(openai(upstream.base));
    expect((await gateway.post('/v1/messages/count_tokens', counting)).status).toBe(400);
  });
});
