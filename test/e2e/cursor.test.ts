import { afterAll, beforeAll, expect, test } from 'bun:test';
import { completion, jsonAnswer, startGateway, startRawUpstream, type Gateway, type RawUpstream } from './harness.ts';

let upstream: RawUpstream;
let gateway: Gateway;
beforeAll(async () => {
  upstream = await startRawUpstream((socket) => socket.write(jsonAnswer(completion('Hello there'))));
  gateway = await startGateway(`model_list: [{ model_name: m, litellm_params: { model: custom_openai/x, api_base: "${upstream.base}" } }]`);
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

// What Cursor's agent sends (its forum, thread 159298, read 2026-11-22).
const request = {
  model: 'm',
  input: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
  ],
  tools: [{ type: 'function', name: 'look', parameters: { type: 'object', properties: {} } }],
  stream_options: { include_usage: true },
};
const sent = () => JSON.parse(upstream.requests.at(-1)!.text.split('\r\n\r\n').slice(1).join('')) as Record<string, unknown>;

test('a request as for Responses is answered as chat', async () => {
  const response = await gateway.post('/cursor/chat/completions', request);
  expect([response.status, await response.json()]).toMatchObject([
    200,
    { object: 'chat.completion', choices: [{ message: { role: 'assistant', content: 'Hello there' } }] },
  ]);
  expect(sent()).toMatchObject({
    model: 'x',
    messages: [{ content: 'Be brief.' }, { role: 'user' }],
    tools: [{ function: { name: 'look' } }],
  });
  expect(sent()).not.toHaveProperty('input');
  // Where the provider is, is nobody's business: LiteLLM tells it in `x-litellm-model-api-base`.
  expect(JSON.stringify([...response.headers])).not.toContain(new URL(upstream.base).host);
});

test('so is a request as for chat', async () => {
  const response = await gateway.post('/cursor/chat/completions', { model: 'm', messages: [{ role: 'user', content: 'Hi' }] });
  expect(await response.json()).toMatchObject({ object: 'chat.completion' });
  expect(sent()).toEqual({ model: 'x', messages: [{ role: 'user', content: 'Hi' }] });
});

test('streamed it is chunks of chat, with the usage that was asked for', async () => {
  const chunk = (delta: object, more: object = {}) =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'x', choices: [{ index: 0, delta }], ...more })}\n\n`;
  const streaming = await startRawUpstream((socket) =>
    socket.end(
      `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n${chunk({ role: 'assistant', content: 'Hello' })}data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'x', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 } })}\n\ndata: [DONE]\n\n`,
    ),
  );
  const streamed = await startGateway(
    `model_list: [{ model_name: m, litellm_params: { model: custom_openai/x, api_base: "${streaming.base}" } }]`,
  );
  const text = await (await streamed.post('/cursor/chat/completions', { ...request, stream: true })).text();
  await streamed.stop();
  await streaming.stop();
  const events = text
    .split('\n\n')
    .filter((each) => each.startsWith('data: {'))
    .map((each) => JSON.parse(each.slice(6)) as Record<string, unknown>);
  expect(events.every(({ object }) => object === 'chat.completion.chunk')).toBe(true);
  expect(text).toContain('"content":"Hello"');
  expect(events.some(({ usage }) => (usage as { total_tokens?: number } | null | undefined)?.total_tokens === 4)).toBe(true);
  expect(text.trimEnd()).toEndWith('data: [DONE]');
});
