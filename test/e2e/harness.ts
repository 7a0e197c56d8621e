import net from 'node:net';
import { Secret } from 'sluice/kit';
import { loadConfig } from '../../gateway/src/config/load.ts';
import type { ServerOptions } from '../../gateway/src/server/server-options.ts';
import { startServer } from '../../gateway/src/server/index.ts';

export const masterKey = 'sk-e2e-9c1185a5c5e9fc54612808977ee8f548';

/** A gateway in this process, on a free port. */
export interface Gateway {
  url: string;
  /** Its log lines. */
  lines: string[];
  /** The lines of calls, parsed. */
  calls(): Record<string, unknown>[];
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>;
  reload(yaml: string): void;
  stop(drainTimeoutMs?: number): Promise<void>;
}

export const startGateway = async (
  yaml: string,
  env: Record<string, string> = {},
  more: Partial<Pick<ServerOptions, 'port' | 'keepAliveTimeoutMs' | 'database' | 'sealer'>> = {},
): Promise<Gateway> => {
  const snapshotOf = (text: string) => {
    const loaded = loadConfig(text, { file: 'test.yaml', env });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    return loaded.snapshot;
  };
  const lines: string[] = [];
  const key = new Secret(masterKey);
  const server = await startServer({
    snapshot: snapshotOf(yaml),
    host: '127.0.0.1',
    port: 0,
    masterKey: key,
    env,
    log: (line) => void lines.push(line),
    version: 'test',
    ...more,
  });
  return {
    url: server.url,
    lines,
    calls: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === 'call'),
    post: (path, body, init) =>
      fetch(server.url + path, {
        method: 'POST',
        body: typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
        ...init,
        headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json', ...(init?.headers as Record<string, string>) },
      }),
    reload: (text) => server.reload({ snapshot: snapshotOf(text), masterKey: key }),
    stop: (drainTimeoutMs = 1000) => server.stop({ drainTimeoutMs }),
  };
};

/** A provider made of a bare socket: a test writes what it likes. */
export interface RawUpstream {
  base: string;
  /** One a request: its text, and the socket to answer on. */
  requests: { text: string; socket: net.Socket; closedAt?: number }[];
  stop(): Promise<void>;
}

/** @param answer called when a request's head and body have come */
export const startRawUpstream = async (answer: (socket: net.Socket, text: string, index: number) => void): Promise<RawUpstream> => {
  const requests: RawUpstream['requests'] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let text = '';
    let current: RawUpstream['requests'][number] | undefined;
    socket.on('data', (data) => {
      text += data.toString('latin1');
      for (;;) {
        const end = text.indexOf('\r\n\r\n');
        if (end === -1) return;
        const length = Number(/^content-length: (\d+)/im.exec(text.slice(0, end))?.[1] ?? 0);
        if (text.length < end + 4 + length) return;
        const whole = text.slice(0, end + 4 + length);
        text = text.slice(end + 4 + length);
        current = { text: whole, socket };
        requests.push(current);
        answer(socket, whole, requests.length - 1);
      }
    });
    socket.on('close', () => {
      sockets.delete(socket);
      if (current) current.closedAt = performance.now();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}/v1`,
    requests,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

export const jsonAnswer = (body: unknown, status = 200, headers = ''): string => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\n${headers}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
};

export const streamHead = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
export const piece = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
export const streamEnd = '0\r\n\r\n';

/** One chunk of an OpenAI stream. */
export const delta = (content: string, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content }, finish_reason: finish }] })}\n\n`;
export const done = 'data: [DONE]\n\n';

export const completion = (content: string) => ({
  id: 'c1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
});

/** A configuration with one OpenAI-compatible deployment `m`, and settings. */
export const oneModel = (base: string, extra = ''): string =>
  `model_list:\n  - model_name: m\n    litellm_params: { model: custom_openai/m, api_base: "${base}", api_key: sk-upstream-canary-77e1 }\n${extra}`;

/** Each client format's smallest request. */
export const smallest = (stream: boolean): readonly { name: string; path: string; body: Record<string, unknown> }[] => {
  const message = { role: 'user', content: 'Hello' };
  return [
    { name: 'chat', path: '/v1/chat/completions', body: { model: 'm', stream, messages: [message] } },
    { name: 'completions', path: '/v1/completions', body: { model: 'm', stream, prompt: 'Hello' } },
    { name: 'responses', path: '/v1/responses', body: { model: 'm', stream, input: 'Hello' } },
    { name: 'messages', path: '/v1/messages', body: { model: 'm', stream, max_tokens: 10, messages: [message] } },
    {
      name: 'gemini',
      path: `/v1beta/models/m:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
      body: { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] },
    },
  ];
};

/** Reads until a condition holds or the stream ends. */
export const readUntil = async (reader: ReadableStreamDefaultReader<Uint8Array>, holds: (text: string) => boolean): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  while (!holds(text)) {
    const { value, done: over } = await reader.read();
    if (over) break;
    text += decoder.decode(value, { stream: true });
  }
  return text;
};

/** What a test starts, and the end of it all. */
export const createRig = () => {
  const stops: (() => Promise<unknown>)[] = [];
  return {
    later: (stop: () => Promise<unknown>) => void stops.push(stop),
    async stopAll() {
      for (const stop of stops.splice(0)) await stop();
    },
    /** @param answer a small completion, if absent */
    async upstreamOf(answer: (socket: net.Socket, text: string) => void = (socket) => void socket.write(jsonAnswer(completion('x')))) {
      const upstream = await startRawUpstream(answer);
      stops.push(() => upstream.stop());
      return upstream;
    },
    async gatewayOf(...given: Parameters<typeof startGateway>): Promise<Gateway> {
      const gateway = await startGateway(...given);
      stops.push(() => gateway.stop(0));
      return gateway;
    },
  };
};

export const chatBody = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] };

export const chat = (gateway: Gateway, more: object = {}, headers: Record<string, string> = {}): Promise<Response> =>
  gateway.post('/v1/chat/completions', { ...chatBody, ...more }, { headers });

/** The last request's head. */
export const headOf = ({ requests }: RawUpstream): string => requests.at(-1)!.text.split('\r\n\r\n')[0]!;
