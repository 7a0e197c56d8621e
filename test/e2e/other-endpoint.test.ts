import { afterEach, expect, test } from 'bun:test';
import {
  completion,
  delta,
  done,
  jsonAnswer,
  oneModel,
  piece,
  startGateway,
  startRawUpstream,
  streamEnd,
  streamHead,
  type Gateway,
  type RawUpstream,
} from './harness.ts';

let gateway: Gateway | undefined;
let upstream: RawUpstream | undefined;
afterEach(async () => {
  await gateway?.stop();
  await upstream?.stop();
});

/** `openai` at an address of one's own: a server that has what it has. */
const openaiAt = (base: string) => oneModel(base).replace('custom_openai/', 'openai/');
const pathOf = (text: string) => /^POST (\S+)/.exec(text)![1]!;

test('a server without /responses is asked by chat, and not twice', async () => {
  upstream = await startRawUpstream((socket, text) => {
    if (pathOf(text).endsWith('/chat/completions')) socket.write(jsonAnswer(completion('by chat')));
    else socket.write(jsonAnswer({ error: { message: 'Not Found' } }, 404));
  });
  gateway = await startGateway(openaiAt(upstream.base));
  for (let at = 0; at < 2; at++) {
    const response = await gateway.post('/v1/responses', { model: 'm', input: 'Hello' });
    expect(await response.json()).toMatchObject({ object: 'response', output: [{ content: [{ text: 'by chat' }] }] });
  }
  expect(upstream.requests.map(({ text }) => pathOf(text))).toEqual(['/v1/responses', '/v1/chat/completions', '/v1/chat/completions']);
});

test('a model that is not there stays not found', async () => {
  upstream = await startRawUpstream(
    (socket) => void socket.write(jsonAnswer({ error: { message: 'no such model', code: 'model_not_found' } }, 404)),
  );
  gateway = await startGateway(openaiAt(upstream.base));
  const response = await gateway.post('/v1/responses', { model: 'm', input: 'Hello' });
  expect(response.status).toBe(404);
  expect(await response.text()).toContain('no such model');
});

test('an answer in another of the formats is read by the format that it is in', async () => {
  upstream = await startRawUpstream((socket, text) =>
    text.includes('"stream":true') || text.includes('"stream": true')
      ? void socket.write(
          streamHead + piece(delta('in ').slice(0, 20)) + piece(delta('in ').slice(20) + delta('chat', 'stop') + done) + streamEnd,
        )
      : void socket.write(jsonAnswer(completion('in chat'))),
  );
  gateway = await startGateway(openaiAt(upstream.base));
  const whole = await gateway.post('/v1/responses', { model: 'm', input: 'Hello' });
  expect(await whole.json()).toMatchObject({ object: 'response', status: 'completed', output: [{ content: [{ text: 'in chat' }] }] });
  const streamed = await (await gateway.post('/v1/responses', { model: 'm', input: 'Hello', stream: true })).text();
  expect(streamed).toContain('event: response.completed');
  expect(streamed).toContain('"text":"in chat"');
});
