import { afterEach, expect, test } from 'bun:test';
import { createRig, masterKey } from './harness.ts';

// A form's model is what the gateway routes by: a provider must not read another one, wherever in the form it stands.

const { stopAll, later, gatewayOf } = createRig();
afterEach(stopAll);

const part = (disposition: string, value: string): string => `--B\r\ncontent-disposition: form-data; ${disposition}\r\n\r\n${value}\r\n`;
const model = part('name="model"', 'allowed');
const end = '--B--\r\n';

const world = async () => {
  const whole: string[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      // A body that breaks off is none: this throws.
      whole.push(Buffer.from(await request.arrayBuffer()).toString('latin1'));
      return Response.json({ text: 'x' });
    },
    error: () => new Response('', { status: 500 }),
  });
  later(async () => server.stop(true));
  const gateway = await gatewayOf(`model_list:
  - model_name: allowed
    litellm_params: { model: openai/up, api_base: "http://127.0.0.1:${server.port}/v1", api_key: sk-canary, num_retries: 0 }
`);
  const send = (body: string, chunked: boolean) =>
    fetch(`${gateway.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'multipart/form-data; boundary=B' },
      body: chunked
        ? new ReadableStream({
            async start(controller) {
              for (let at = 0; at < body.length; at += 50_000) {
                controller.enqueue(Buffer.from(body.slice(at, at + 50_000)));
                await Bun.sleep(0);
              }
              controller.close();
            },
          })
        : body,
    });
  return { whole, send };
};

const big = part('name="file"; filename="a.wav"', 'F'.repeat(600_000));
/** More than is kept for another try. */
const huge = part('name="file"; filename="a.wav"', 'F'.repeat(9 * 1024 * 1024));

test.each<[string, string]>([
  ['behind a file', model + big + part('name="model"', 'other') + end],
  ['behind a file that is not kept', model + huge + part('name="model"', 'other') + end],
  ['behind a file, in a spelling of its own', model + big + part('name="x"; name="model"', 'other') + end],
  ['behind the end', model + big + end + part('name="model"', 'other') + end],
  ['in front, as a file', part('name="model"; filename=""', 'other') + model + big + end],
])('a second model %s reaches nobody', async (_, body) => {
  for (const chunked of [false, true]) {
    const { whole, send } = await world();
    const response = await send(body, chunked);
    await response.body?.cancel();
    expect(response.status).toBe(400);
    expect(whole).toEqual([]);
  }
});

test('names of fields that every object has are fields', async () => {
  const { whole, send } = await world();
  const body = part('name="__proto__"', 'a') + part('name="constructor"', 'b') + part('name="toString"', 'c') + model + big + end;
  expect((await send(body, false)).status).toBe(200);
  expect(whole[0]).toBe(body.replace('allowed', 'up'));
});
