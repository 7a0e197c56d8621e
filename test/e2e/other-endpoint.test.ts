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

test('a stream that is labelled as JSON is a stream all the same', async () => {
  const events = delta('in ') + delta('events', 'stop') + done;
  upstream = await startRawUpstream(
    (socket) => void socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${events.length}\r\n\r\n${events}`),
  );
  gateway = await startGateway(oneModel(upstream.base));
  const request = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] };
  const untouched = await gateway.post('/v1/chat/completions', { ...request, stream: true });
  expect(await untouched.text()).toBe(events);
  const translated = await gateway.post('/v1/messages', { ...request, max_tokens: 9, stream: true });
  expect(await translated.text()).toContain('event: message_stop');
  const whole = await gateway.post('/v1/chat/completions', request);
  expect(await whole.json()).toMatchObject({ choices: [{ message: { content: 'in events' }, finish_reason: 'stop' }] });
});

test('a stream whose first events do not say their format is read by the first that does', async () => {
  const filter = 'data: {"object":"","choices":[],"prompt_filter_results":[]}\n\n';
  upstream = await startRawUpstream(
    (socket) => void socket.write(streamHead + piece(filter) + piece(delta('in chat', 'stop') + done) + streamEnd),
  );
  gateway = await startGateway(openaiAt(upstream.base));
  const streamed = await (await gateway.post('/v1/responses', { model: 'm', input: 'Hello', stream: true })).text();
  expect(streamed).toContain('"text":"in chat"');
});
