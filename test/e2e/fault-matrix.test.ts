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

/*
 * What a client sees of each kind of failure with 1, 2 and 5 deployments of a model, all of them failing but one (with
 * one: that one). The table is printed; what must hold is below it.
 */

/** How a server fails. `index`: its how many-th request it is. */
interface Fault {
  /** Absent: the address itself is the fault. */
  answer?: (socket: net.Socket, stream: boolean, index: number) => void;
  base?: string;
  /** Only seen in streams, or only in whole answers. */
  only?: 'stream' | 'whole';
  /** Alone, it recovers by itself: retries get through. */
  recovers?: boolean;
  /** Output has begun when it fails, so alone nothing helps. */
  after?: boolean;
}

const good = (socket: net.Socket, stream: boolean): void => {
  if (stream) socket.write(streamHead + piece(delta('One')) + piece(delta(' two', 'stop') + done) + streamEnd);
  else socket.write(jsonAnswer(completion('One two')));
};
const limited = (headers: string) => (socket: net.Socket, stream: boolean, index: number) =>
  index < 2 ? void socket.write(jsonAnswer({ error: { message: 'slow down' } }, 429, headers)) : good(socket, stream);

const faults: Record<string, Fault> = {
  refuse: { base: 'http://127.0.0.1:1/v1' },
  'DNS failure': { base: 'http://no-such-host.invalid/v1' },
  reset: { answer: (socket) => void socket.resetAndDestroy() },
  'hang before headers': { answer: () => {} },
  'hang mid-stream': { answer: (socket) => void socket.write(streamHead + piece(delta('One'))), only: 'stream', after: true },
  'slow drip': {
    answer(socket) {
      socket.write(streamHead);
      const timer = setInterval(() => socket.write(piece(': \n\n')), 40);
      socket.on('close', () => clearInterval(timer));
      setTimeout(() => clearInterval(timer), 2000);
    },
    only: 'stream',
  },
  '429 with retry-after': { answer: limited('retry-after-ms: 200\r\n'), recovers: true },
  '429 without': { answer: limited(''), recovers: true },
  '500 burst': {
    answer: (socket, stream, index) =>
      index < 2 ? void socket.write(jsonAnswer({ error: { message: 'broken' } }, 500)) : good(socket, stream),
    recovers: true,
  },
  '500 for ever': { answer: (socket) => void socket.write(jsonAnswer({ error: { message: 'broken' } }, 500)) },
  '401 on one key': { answer: (socket) => void socket.write(jsonAnswer({ error: { message: 'bad key' } }, 401)) },
  'error event in 200': {
    answer: (socket) =>
      void socket.write(streamHead + piece('data: {"error":{"message":"overloaded","type":"server_error"}}\n\n') + streamEnd),
    only: 'stream',
  },
  'truncated stream': {
    answer(socket) {
      socket.write(streamHead + piece(delta('One')));
      setTimeout(() => socket.destroy(), 5);
    },
    only: 'stream',
    after: true,
  },
  'wrong content type': {
    answer: (socket) =>
      void socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 23\r\n\r\n<html>Welcome</html>   '),
  },
};

const sizes = [1, 2, 5] as const;
const callsEach = 6;
/** How long a try may take; what hangs is left then. */
const tryMs = 250;

let upstreams: RawUpstream[] = [];
let gateway: Gateway;

const isStreamed = (text: string): boolean => text.includes('"stream":true');
const nameOf = (fault: string, size: number, stream: boolean) => `${fault.replaceAll(' ', '-')}-${size}-${stream}`;

const cases = Object.entries(faults).flatMap(([name, fault]) =>
  sizes.flatMap((size) =>
    [false, true].filter((stream) => !fault.only || (fault.only === 'stream') === stream).map((stream) => ({ name, fault, size, stream })),
  ),
);

beforeAll(async () => {
  const healthy = await startRawUpstream((socket, text) => good(socket, isStreamed(text)));
  upstreams = [healthy];
  let yaml = 'model_list:\n';
  const entry = (name: string, base: string, id: string) =>
    `  - { model_name: ${name}, model_info: { id: ${id} }, litellm_params: { model: custom_openai/x, api_base: "${base}", api_key: ${id}, timeout: ${tryMs / 1000} } }\n`;
  yaml += entry('healthy', healthy.base, 'healthy');
  for (const { name, fault, size, stream } of cases) {
    const model = nameOf(name, size, stream);
    for (let at = 0; at < Math.max(1, size - 1); at++) {
      let base = fault.base;
      if (fault.answer) {
        const { answer } = fault;
        const upstream = await startRawUpstream((socket, text, index) => answer(socket, isStreamed(text), index));
        upstreams.push(upstream);
        ({ base } = upstream);
      }
      yaml += entry(model, base!, `${model}-${at}`);
    }
    if (size > 1) yaml += entry(model, healthy.base, `${model}-healthy`);
  }
  gateway = await startGateway(`${yaml}sluice_settings: { routing: { mid_stream_fallback: true } }\n`);
});
afterAll(async () => {
  await gateway.stop();
  await Promise.all(upstreams.map((each) => each.stop()));
});

const call = async (model: string, stream: boolean): Promise<{ ok: boolean; ms: number; status: number }> => {
  const startedAt = performance.now();
  const response = await gateway.post('/v1/chat/completions', { model, stream, messages: [{ role: 'user', content: 'Count to two' }] });
  const text = await response.text();
  const said = stream
    ? [...text.matchAll(/"content":"([^"]*)"/g)].map(([, each]) => each).join('')
    : (JSON.parse(text) as { choices?: { message: { content: string } }[] }).choices?.[0]?.message.content;
  const ended = !stream || (text.includes('[DONE]') && !text.includes('"error"'));
  return {
    ok: response.status === 200 && ended && (said?.includes('One two') ?? false),
    ms: performance.now() - startedAt,
    status: response.status,
  };
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const round = (ms: number) => `${ms.toFixed(0)} ms`;

describe('what a client sees of each failure', () => {
  const rows: string[] = [];
  afterAll(() => console.log(['fault | deployments | streamed | succeeded | added: first, median, worst', ...rows].join('\n')));

  test.each(Object.keys(faults))(
    '%s',
    async (fault) => {
      const usual = { true: median(await times('healthy', true)), false: median(await times('healthy', false)) };
      const own = cases.filter(({ name }) => name === fault);
      // Those of one fault at the same time: most of it is waiting.
      const failed = await Promise.all(
        own.map(async ({ name, fault: { recovers }, size, stream }) => {
          const model = nameOf(name, size, stream);
          const results = [];
          for (let at = 0; at < callsEach; at++) results.push(await call(model, stream));
          const succeeded = results.filter(({ ok }) => ok).length;
          const added = results.map(({ ms }) => Math.max(0, ms - usual[`${stream}`]));
          const figures = `${round(added[0]!)}, ${round(median(added))}, ${round(Math.max(...added))}`;
          rows.push(`${name} | ${size} | ${stream ? 'yes' : 'no'} | ${succeeded}/${callsEach} | ${figures}`);
          // With one healthy deployment left, the client sees no failure; alone, what recovers is waited for.
          const wanted = size > 1 || recovers ? callsEach : 0;
          return succeeded === wanted ? [] : [{ size, stream, succeeded, wanted, results }];
        }),
      );
      expect(failed.flat()).toEqual([]);
    },
    60_000,
  );
});

const times = async (model: string, stream: boolean): Promise<number[]> => {
  const all = [];
  for (let at = 0; at < 3; at++) all.push((await call(model, stream)).ms);
  return all;
};

test('FP-29: a dead lone deployment fails at once when that is known', async () => {
  const model = nameOf('refuse', 1, false);
  const times = [];
  for (let at = 0; at < 5; at++) {
    const { ms, ok } = await call(model, false);
    expect(ok).toBe(false);
    times.push(ms);
  }
  console.log(`a dead lone deployment, once its breaker is open: ${times.map(round).join(', ')}`);
  // The first may be the one that tries it again.
  expect(median(times)).toBeLessThan(250);
});
