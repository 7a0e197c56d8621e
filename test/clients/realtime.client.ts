import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { GoogleGenAI, type LiveServerMessage } from '@google/genai';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import OpenAI from 'openai';
import { OpenAIRealtimeWebSocket } from 'openai/realtime/websocket';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { key, launchGateway, type Gateway } from './gateway.ts';
import { startRealtimeVendor, type RealtimeVendor } from './upstream/realtime.ts';

let vendor: RealtimeVendor;
let gateway: Gateway;
/** OpenAI's clients speak TLS only: it is taken off in front of the gateway, as where it is deployed. */
let edge: tls.Server;
let edgeUrl = '';
const verify = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
const pem = (name: string): string =>
  readFileSync(new URL(`../../gateway/src/upstream/fixtures/tls/localhost.${name}`, import.meta.url), 'utf8');

beforeAll(async () => {
  vendor = startRealtimeVendor();
  gateway = await launchGateway(`
model_list:
  - { model_name: voice, litellm_params: { model: openai/gpt-realtime, api_base: "${vendor.url}/v1", api_key: sk-vendor } }
  - { model_name: refused, litellm_params: { model: openai/refused, api_base: "${vendor.url}/v1", api_key: sk-vendor } }
  - { model_name: live, litellm_params: { model: gemini/gemini-live, api_base: "${vendor.url}/v1beta", api_key: g-vendor } }
router_settings: { num_retries: 0 }
`);
  const { port } = new URL(gateway.url);
  edge = tls.createServer({ cert: pem('crt'), key: pem('key') }, (socket) => {
    const onward = net.connect(Number(port), '127.0.0.1');
    socket.on('error', () => onward.destroy());
    onward.on('error', () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => edge.listen(0, '127.0.0.1', resolve));
  edgeUrl = `https://localhost:${(edge.address() as net.AddressInfo).port}`;
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
}, 30_000);
afterAll(async () => {
  if (verify === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = verify;
  edge?.close();
  await gateway?.stop();
  await vendor?.stop();
});
beforeEach(() => void vendor.heard.splice(0));

const until = async (condition: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 600 && !condition(); tries++) await Bun.sleep(5);
  expect(condition()).toBe(true);
};

const client = () => new OpenAI({ apiKey: key, baseURL: `${edgeUrl}/v1` });

interface Talk {
  send(event: object): void;
  close(): void;
  events: object[];
  closedWith(): number | undefined;
}

const openaiTalks: Record<string, () => Talk> = {
  'openai/realtime/websocket': () => {
    const rt = new OpenAIRealtimeWebSocket({ model: 'voice' }, client());
    const events: object[] = [];
    let code: number | undefined;
    rt.on('event', (event) => void events.push(event));
    rt.on('error', () => {});
    rt.socket.addEventListener('close', (event) => void (code = event.code));
    return { events, send: (event) => rt.send(event as never), close: () => rt.close(), closedWith: () => code };
  },
  'openai/realtime/ws': () => {
    const rt = new OpenAIRealtimeWS({ model: 'voice' }, client());
    const events: object[] = [];
    let code: number | undefined;
    rt.on('event', (event) => void events.push(event));
    rt.on('error', () => {});
    rt.socket.on('close', (given: number) => void (code = given));
    return { events, send: (event) => rt.send(event as never), close: () => rt.close(), closedWith: () => code };
  },
};

test.each(Object.keys(openaiTalks))('%s: turns of sound and calls, in order and word for word', async (name) => {
  const talk = openaiTalks[name]!();
  await until(() => talk.events.length === 1);
  talk.send({ type: 'session.update', session: { type: 'realtime', instructions: 'Be brief.' } });
  await until(() => talk.events.length === 2);
  for (let turn = 0; turn < 3; turn++) {
    talk.send({ type: 'input_audio_buffer.append', audio: Buffer.alloc(9600, turn).toString('base64') });
    talk.send({ type: 'response.create' });
    await until(() => talk.events.length === 2 + (turn + 1) * 24);
  }
  const [heard] = vendor.heard;
  expect(talk.events.map((event) => JSON.stringify(event))).toEqual(heard!.sent);
  expect(heard!.events.map(({ type }) => type)).toEqual([
    'session.update',
    ...Array.from({ length: 3 }, () => ['input_audio_buffer.append', 'response.create']).flat(),
  ]);
  expect(heard!.path).toBe('/v1/realtime?model=gpt-realtime');
  expect(heard!.headers['authorization']).toBe('Bearer sk-vendor');
  expect(JSON.stringify(heard)).not.toContain(key);
  talk.close();
  await until(() => heard!.closed !== undefined);
  expect(heard!.closed).toBe(1000);
});

test.each(Object.keys(openaiTalks))('%s: hears the code of a provider that leaves', async (name) => {
  const talk = openaiTalks[name]!();
  await until(() => talk.events.length === 1);
  talk.send({ type: 'test.leave' });
  await until(() => talk.closedWith() !== undefined);
  expect(talk.closedWith()).toBe(4321);
});

test('openai/realtime/ws: a refusal is the answer to the handshake', async () => {
  const rt = new OpenAIRealtimeWS({ model: 'refused' }, client());
  const error = await new Promise<Error>((resolve) => rt.on('error', resolve));
  expect(error.message).toMatch(/429/);
});

test('@google/genai: a session of Live, with sound and a call', async () => {
  const messages: LiveServerMessage[] = [];
  const ai = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: gateway.url } });
  const session = await ai.live.connect({ model: 'live', callbacks: { onmessage: (message) => void messages.push(message) } });
  for (let turn = 1; turn <= 2; turn++) {
    session.sendClientContent({ turns: 'How is the weather?', turnComplete: true });
    await until(() => messages.length === 1 + (turn - 1) * 13 + 12);
    session.sendToolResponse({ functionResponses: [{ id: 'call_1', name: 'weather', response: { sky: 'blue' } }] });
    await until(() => messages.length === 1 + turn * 13);
  }
  const [heard] = vendor.heard;
  expect(messages.map((message) => JSON.parse(JSON.stringify(message)))).toEqual(heard!.sent.map((text) => JSON.parse(text)));
  expect(heard!.events[0]).toMatchObject({ setup: { model: 'models/gemini-live' } });
  expect(heard!.events.filter((event) => 'toolResponse' in event)).toHaveLength(2);
  expect(heard!.headers['x-goog-api-key']).toBe('g-vendor');
  expect(JSON.stringify(heard)).not.toContain(key);
  session.close();
  await until(() => heard!.closed !== undefined);
});
