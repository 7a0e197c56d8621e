import { afterAll, beforeAll, expect, test } from 'bun:test';
import http2 from 'node:http2';
import { delta, masterKey, piece, startGateway, startRawUpstream, streamHead, type Gateway, type RawUpstream } from './harness.ts';

/*
 * HTTP/2 without TLS, by prior knowledge: what AWS's SDK for JavaScript speaks to any address unless it is told otherwise.
 */

let gateway: Gateway;
let upstream: RawUpstream;
let session: http2.ClientHttp2Session;

beforeAll(async () => {
  upstream = await startRawUpstream((socket) => void socket.write(streamHead + piece(delta('Hi'))));
  gateway = await startGateway(`
model_list:
  - { model_name: m, litellm_params: { model: mock/m, mock_response: Hello } }
  - { model_name: slow, litellm_params: { model: openai/m, api_base: "${upstream.base}", api_key: k } }
`);
  session = http2.connect(gateway.url);
});

afterAll(async () => {
  session.destroy();
  await gateway.stop();
  await upstream.stop();
});

const open = (path: string, body: object): http2.ClientHttp2Stream => {
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    authorization: `Bearer ${masterKey}`,
    'content-type': 'application/json',
  });
  stream.end(JSON.stringify(body));
  return stream;
};

const answerTo = async (path: string, body: object): Promise<{ status: unknown; text: string }> => {
  const stream = open(path, body);
  let status: unknown;
  stream.on('response', (headers) => (status = headers[':status']));
  let text = '';
  for await (const piece of stream) text += String(piece);
  return { status, text };
};

const question = { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] };

test('answers, errors and streams, many at a time on one connection', async () => {
  const calls = Array.from({ length: 20 }, () => answerTo('/model/m/converse', question));
  for (const { status, text } of await Promise.all(calls)) {
    expect(status).toBe(200);
    expect(text).toContain('"text":"Hello"');
  }
  expect((await answerTo('/model/m/converse-stream', question)).text).toContain('messageStop');
  expect(await answerTo('/model/none/converse', question)).toMatchObject({ status: 404 });
});

test('a client that drops its stream drops the call, and its connection goes on', async () => {
  const stream = open('/v1/chat/completions', { model: 'slow', stream: true, messages: [{ role: 'user', content: 'Hi' }] });
  await new Promise((resolve) => stream.once('data', resolve));
  stream.on('error', () => {});
  stream.close(http2.constants.NGHTTP2_CANCEL);
  const until = performance.now() + 2000;
  while (upstream.requests.at(-1)?.closedAt === undefined && performance.now() < until) await Bun.sleep(10);
  expect(upstream.requests.at(-1)?.closedAt).toBeNumber();
  expect((await answerTo('/model/m/converse', question)).status).toBe(200);
});
