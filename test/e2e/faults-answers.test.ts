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
  gateway = upstream = undefined;
});

const start = async (answer: Parameters<typeof startRawUpstream>[0], extra = 'router_settings: { num_retries: 0 }') => {
  upstream = await startRawUpstream(answer);
  gateway = await startGateway(oneModel(upstream.base, extra));
  return gateway;
};

const chat = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] };
const streamed = { ...chat, stream: true };
type ErrorBody = { error: { message: string; type?: string; code?: string } };
const errorOf = async (response: Response): Promise<ErrorBody['error']> => ((await response.json()) as ErrorBody).error;

test.each([
  ['a status that is none', jsonAnswer({ error: { message: 'away' } }, 999), 502],
  ['an error in a 200', jsonAnswer({ error: { message: 'away', type: 'server_error' } }), 502],
])('%s', async (_, answer, status) => {
  const { url, post } = await start((socket) => void socket.write(answer));
  const response = await post('/v1/chat/completions', chat);
  expect([response.status, (await errorOf(response)).message]).toEqual([status, 'away']);
  expect(await (await fetch(`${url}/metrics`)).text()).toContain('sluice_open_calls 0');
});

test('an empty stream', async () => {
  const { post } = await start((socket) => void socket.write(streamHead + streamEnd));
  expect((await post('/v1/chat/completions', streamed)).status).toBe(502);
});

test('a whole answer where a stream was asked for is streamed', async () => {
  const { post } = await start((socket) => void socket.write(jsonAnswer(completion('whole'))));
  const response = await post('/v1/chat/completions', streamed);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const text = await response.text();
  expect(text).toContain('whole');
  expect(text).toEndWith('data: [DONE]\n\n');
});

test('a stream where a whole answer was asked for is put together', async () => {
  const { post } = await start(
    (socket) => void socket.write(streamHead + piece(delta('in ') + delta('pieces', 'stop') + done) + streamEnd),
  );
  expect(await (await post('/v1/chat/completions', chat)).json()).toMatchObject({
    choices: [{ message: { content: 'in pieces' }, finish_reason: 'stop' }],
  });
});

test('a line without end is given up at its bound, not when the memory is full', async () => {
  const block = 'x'.repeat(1024 * 1024);
  const { post } = await start((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n${delta('partial')}data: "`);
    const pump = () => {
      while (!socket.destroyed) if (!socket.write(block)) return void socket.once('drain', pump);
    };
    pump();
  });
  for (const path of ['/v1/chat/completions', '/v1/messages']) {
    const text = await (await post(path, { ...streamed, max_tokens: 10 })).text();
    expect(text).toContain('partial');
    expect(text).toMatch(/exceeds 64 MiB/);
    expect(text.length).toBeLessThan(10_000);
  }
}, 30_000);
