import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type net from 'node:net';
import {
  completion,
  delta,
  done,
  jsonAnswer,
  piece,
  startGateway,
  startRawUpstream,
  streamEnd,
  streamHead,
  type Gateway,
  type RawUpstream,
} from './harness.ts';

// Several deployments of one name: each kind of failing server beside one that works.

const breaks: Record<string, (socket: net.Socket) => void> = {
  ok: (socket) => socket.write(jsonAnswer(completion('good'))),
  'ok-stream': (socket) => socket.write(streamHead + piece(delta('good', 'stop') + done) + streamEnd),
  error: (socket) => socket.write(jsonAnswer({ error: { message: 'broken' } }, 500)),
  unauthorized: (socket) => socket.write(jsonAnswer({ error: { message: 'bad key' } }, 401)),
  silent: () => {},
  'silent-after-head': (socket) => socket.write(streamHead),
  'breaks-before-output': (socket) => {
    socket.write(streamHead + piece(delta('')));
    setTimeout(() => socket.destroy(), 20);
  },
  'error-event': (socket) =>
    socket.write(streamHead + piece('data: {"error":{"message":"overloaded","type":"server_error"}}\n\n') + streamEnd),
};

let upstream: RawUpstream;
let gateway: Gateway;

const entry = (name: string, kind: string, params = '', extra = '') =>
  `  - { model_name: ${name}, litellm_params: { model: custom_openai/${kind}, api_base: "${upstream.base}", api_key: k, ${params} }${extra} }\n`;

/** The kinds that were asked, in order. */
const asked = () => upstream.requests.splice(0).map(({ text }) => /"model":"([\w-]+)"/.exec(text)![1]!);

beforeAll(async () => {
  upstream = await startRawUpstream((socket, text) => {
    const model = /"model":"([\w-]+)"/.exec(text)![1]!;
    const kind = model === 'ok' && text.includes('"stream":true') ? 'ok-stream' : model;
    breaks[kind]!(socket);
  });
  let yaml = 'model_list:\n';
  for (const kind of Object.keys(breaks).filter((each) => !each.startsWith('ok'))) {
    yaml += entry(`one-${kind}`, kind, 'timeout: 0.25, order: 1') + entry(`one-${kind}`, 'ok', 'order: 2');
  }
  yaml += `  - { model_name: one-refused, litellm_params: { model: custom_openai/x, api_base: "http://127.0.0.1:1/v1", api_key: k, order: 1 } }\n`;
  yaml += entry('one-refused', 'ok', 'order: 2');
  yaml += entry('all', 'error', 'num_retries: 5') + entry('all', 'unauthorized', '');
  yaml +=
    entry('silent', 'silent') + entry('slow-tries', 'silent', 'timeout: 0.1, num_retries: 9', ', sluice_params: { timeout_ms: 1500 }');
  // Each call is to meet the failure: what has failed must not rest.
  gateway = await startGateway(`${yaml}router_settings: { disable_cooldowns: true }\n`);
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const chat = (model: string, more: object = {}, headers: Record<string, string> = {}) =>
  gateway.post('/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }], ...more }, { headers });

describe('the other one answers, and the client sees nothing of it', () => {
  test.each([
    ['refused', false],
    ['error', false],
    ['unauthorized', false],
    ['silent', false],
    ['refused', true],
    ['error', true],
    ['silent', true],
    ['silent-after-head', true],
    ['breaks-before-output', true],
    ['error-event', true],
  ])('%s, streamed: %p', async (kind, stream) => {
    asked();
    const response = await chat(`one-${kind}`, { stream });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('good');
    expect(response.headers.get('x-litellm-attempted-retries')).toBe('1');
    expect(asked().at(-1)).toBe('ok');
  });
});

test('tries are bounded where none works, and a key that is wrong is not tried twice', async () => {
  asked();
  const response = await chat('all', { num_retries: 2 });
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(response.headers.get('x-litellm-max-retries')).toBe('2');
  const kinds = asked();
  expect(kinds).toHaveLength(3);
  expect(kinds.filter((kind) => kind === 'unauthorized')).toHaveLength(1);
});

describe('deadlines for all tries together', () => {
  const timed = async (call: Promise<Response>) => {
    const startedAt = performance.now();
    const response = await call;
    return { status: response.status, body: await response.text(), ms: performance.now() - startedAt };
  };

  test('of the deployment', async () => {
    asked();
    const { status, ms } = await timed(chat('slow-tries'));
    expect(status).toBe(504);
    expect(ms).toBeLessThan(6000);
    const tries = asked().length;
    expect(tries).toBeGreaterThan(1);
    expect(tries).toBeLessThan(9);
  });
  test.each([
    ['the body', { timeout: 0.3 }, {}],
    ['a header', {}, { 'x-litellm-timeout': '0.3' }],
    ['the body of a stream', { timeout: 0.3, stream: true }, {}],
    ['a header of a stream', { stream: true }, { 'x-litellm-stream-timeout': '0.3' }],
  ])('of %s', async (_, more, headers) => {
    const { status, body, ms } = await timed(chat('silent', more, headers));
    expect({ status, told: body.includes('300 ms') }).toEqual({ status: 504, told: true });
    expect(ms).toBeWithin(290, 5000);
  });
});
