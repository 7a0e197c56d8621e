import { afterEach, describe, expect, test } from 'bun:test';
import type { Socket } from 'node:net';
import {
  delta,
  done,
  jsonAnswer,
  oneModel,
  piece,
  readUntil,
  smallest,
  startGateway,
  startRawUpstream,
  streamEnd,
  streamHead,
  type Gateway,
  type RawUpstream,
} from './harness.ts';
import { leastOf } from '../kit/cpu.ts';

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

describe('FP-23: a client that leaves cancels the upstream within 100 ms', () => {
  const cases: readonly {
    name: string;
    body: object;
    answer: (socket: Socket) => void;
    wait: (response: Promise<Response>) => Promise<unknown>;
  }[] = [
    { name: 'before the answer', body: chat, answer: () => {}, wait: () => Bun.sleep(100) },
    { name: 'before the first token', body: streamed, answer: (socket) => void socket.write(streamHead), wait: () => Bun.sleep(100) },
    {
      name: 'in the stream',
      body: streamed,
      answer: (socket) => {
        socket.write(streamHead);
        const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(piece(delta('more ')))), 10);
      },
      wait: async (response) => readUntil((await response).body!.getReader(), (text) => text.includes('more')),
    },
  ];
  for (const { name, body, answer, wait } of cases) {
    test(name, async () => {
      const { post, calls } = await start((socket) => answer(socket), 'router_settings: { num_retries: 2 }');
      const left = async (path: string): Promise<number> => {
        const before = upstream!.requests.length;
        const controller = new AbortController();
        const response = post(path, { ...body, max_tokens: 10 }, { signal: controller.signal });
        response.catch(() => {});
        await wait(response);
        const leftAt = performance.now();
        controller.abort();
        while (upstream!.requests[before]!.closedAt === undefined && performance.now() - leftAt < 2000) await Bun.sleep(5);
        // Nobody is there to retry for.
        expect(upstream!.requests.length).toBe(before + 1);
        return upstream!.requests[before]!.closedAt! - leftAt;
      };
      for (const path of ['/v1/chat/completions', '/v1/messages']) expect(await leastOf(2, () => left(path))).toBeLessThan(100);
      for (let tries = 0; calls().length < 4 && tries < 400; tries++) await Bun.sleep(5);
      expect(calls().map(({ status }) => status)).toEqual([499, 499, 499, 499]);
    });
  }
});

test('a client that leaves behind the end mark, as SDKs do, has left nothing undone', async () => {
  const { post, calls } = await start((socket) => void socket.write(streamHead + piece(delta('all', 'stop') + done)));
  for (const path of ['/v1/chat/completions', '/v1/messages']) {
    const controller = new AbortController();
    const response = await post(path, { ...streamed, max_tokens: 10 }, { signal: controller.signal });
    await readUntil(response.body!.getReader(), (text) => /\[DONE\]|message_stop/.test(text));
    await Bun.sleep(20);
    controller.abort();
  }
  while (calls().length < 2) await Bun.sleep(5);
  expect(calls().map(({ status, errorCode }) => [status, errorCode])).toEqual([
    [200, undefined],
    [200, undefined],
  ]);
});

test('a slow client slows the upstream: no unbounded buffer', async () => {
  const block = piece(delta('x'.repeat(64 * 1024)));
  let written = 0;
  const { post } = await start((socket) => {
    socket.write(streamHead);
    const pump = () => {
      while (!socket.destroyed && written < 400_000_000) {
        written += block.length;
        if (!socket.write(block)) {
          socket.once('drain', pump);
          return;
        }
      }
    };
    pump();
  }, 'router_settings: { num_retries: 0 }');
  for (const path of ['/v1/chat/completions', '/v1/messages']) {
    written = 0;
    const response = await post(path, { ...streamed, max_tokens: 10 });
    const reader = response.body!.getReader();
    await reader.read();
    // It stops, well before everything was read: what the sockets and one read of the gateway hold.
    let stalled = -1;
    for (const until = performance.now() + 8000; stalled !== written && performance.now() < until;) {
      stalled = written;
      await Bun.sleep(500);
    }
    expect(written).toBe(stalled);
    expect(stalled).toBeLessThan(100_000_000);
    await reader.cancel();
  }
}, 30_000);

test('FP-22: headers and comments go out while the model thinks, and then the answer', async () => {
  let answer: () => void = () => {};
  const { post } = await start((socket, text) => {
    const said = text.includes('"fail"')
      ? jsonAnswer({ error: { message: 'late refusal', type: 'server_error' } }, 500)
      : streamHead + piece(delta('at last', 'stop') + done) + streamEnd;
    answer = () => void socket.write(said);
  }, 'router_settings: { num_retries: 0 }\nsluice_settings: { header_wait_ms: 100, keep_alive_ms: 100 }');
  for (const [before, { path, body }] of smallest(true).entries()) {
    // The headers are here before the provider has said anything.
    const reader = (await post(path, body)).body!.getReader();
    await readUntil(reader, (text) => (text.match(/^: keep-alive$/gm)?.length ?? 0) >= 2);
    while (upstream!.requests.length <= before) await Bun.sleep(5);
    answer();
    expect(await readUntil(reader, () => false)).toContain('at last');
  }
  // A failure after the headers is an event of the format.
  const late = await post('/v1/messages', { model: 'm', stream: true, max_tokens: 5, messages: [{ role: 'user', content: 'fail' }] });
  expect(late.status).toBe(200);
  while (upstream!.requests.length <= smallest(true).length) await Bun.sleep(5);
  answer();
  expect(await late.text()).toMatch(/event: error\ndata: \{.*late refusal/);
});
