import { readFileSync } from 'node:fs';
import { Secret } from 'sluice/kit';
import { loadConfig } from '../../../gateway/src/config/load.ts';
import { createServer } from '../../../gateway/src/server/index.ts';
import { createSocketTransport, type SocketTransport } from '../../../gateway/src/upstream/index.ts';
import type { ClientRoute } from '../client-routes.ts';
import { asServerSentEvents, isEventStream } from '../read/event-stream.ts';
import type { Obj } from '../read/reading.ts';
import type { Answers } from './answers.ts';
import type { Got, LoggedCall } from './judge.ts';
import { startFaultUpstream, type FaultUpstream } from './upstream.ts';

const masterKey = 'sk-faults-2b7e151628aed2a6abf7158809cf4f3c';
/** Words that must stand nowhere but on the wire to the provider. */
export const secrets = { masterKey, providerKey: 'sk-upstream-canary-5d1c', prompt: 'prompt-canary-91ab' };

export const certificate = (name: string): string =>
  readFileSync(new URL(`../../../gateway/src/upstream/fixtures/tls/${name}`, import.meta.url), 'utf8');

export interface Deadlines {
  connectMs: number;
  tryMs: number;
  allMs: number;
}

/** One gateway in front of one upstream of sockets, and all that can be counted of both. */
export interface FaultRig {
  upstream: FaultUpstream;
  transport: SocketTransport;
  lines: string[];
  /** A model at an address. Before `start`. */
  model(name: string, answers: Answers, base: string, more?: Obj | undefined): void;
  start(): void;
  /** One call; `elapsedMs` until its last byte. */
  call(
    client: ClientRoute,
    model: string,
    stream: boolean,
    promptChars?: number,
  ): Promise<Omit<Got, 'same'> & { elapsedMs: number; logged: LoggedCall | undefined }>;
  metric(name: string): Promise<number>;
  stop(): Promise<void>;
}

export const createFaultRig = async (deadlines: Deadlines): Promise<FaultRig> => {
  const upstream = await startFaultUpstream();
  const transport = createSocketTransport({ tls: { ca: certificate('ca.crt') } });
  const models: Obj[] = [];
  const lines: string[] = [];
  const byId = new Map<string, LoggedCall>();
  let server: ReturnType<typeof createServer> | undefined;
  let calls = 0;

  const start = () => {
    const settings = {
      connect_timeout_ms: deadlines.connectMs,
      first_token_timeout_ms: deadlines.tryMs,
      idle_timeout_ms: deadlines.tryMs,
      timeout_ms: deadlines.allMs,
      // A plain error for as long as there can be one.
      header_wait_ms: deadlines.allMs * 2,
    };
    const text = JSON.stringify({ model_list: models, router_settings: { num_retries: 0 }, sluice_settings: settings });
    const loaded = loadConfig(text, { file: 'faults.yaml', env: {} });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems.slice(0, 3)));
    const log = (line: string) => {
      lines.push(line);
      const call = JSON.parse(line) as LoggedCall & { callId?: string };
      if (call.callId !== undefined) byId.set(call.callId, call);
    };
    const options = {
      snapshot: loaded.snapshot,
      host: '127.0.0.1',
      port: 0,
      masterKey: new Secret(masterKey),
      env: {},
      log,
      version: 'test',
    };
    server = createServer(options, transport);
  };

  return {
    upstream,
    transport,
    lines,
    model(name, answers, base, more) {
      const { params, mode } = answers.entry(base);
      models.push({
        model_name: name,
        litellm_params: { api_key: secrets.providerKey, ...params, ...more },
        ...(mode !== undefined && { model_info: { mode } }),
      });
    },
    start,
    async call(client, model, stream, promptChars = 0) {
      const prompt = secrets.prompt.padEnd(promptChars, ' x');
      const id = `call-${calls++}`;
      const startedAt = performance.now();
      const response = await fetch(server!.url + client.path(model, stream), {
        method: 'POST',
        headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json', 'x-litellm-call-id': id },
        body: JSON.stringify(client.body(model, stream, prompt)),
        signal: AbortSignal.timeout(deadlines.allMs * 3),
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      const text = isEventStream(bytes) ? asServerSentEvents(bytes) : new TextDecoder().decode(bytes);
      const elapsedMs = performance.now() - startedAt;
      // The line is written once the last byte is out, which may be a moment later than it is in.
      for (let tries = 0; !byId.has(id) && tries < 50; tries++) await Bun.sleep(2);
      return {
        status: response.status,
        contentType: response.headers.get('content-type') ?? '',
        text,
        elapsedMs,
        logged: byId.get(id),
      };
    },
    async metric(name) {
      const text = await (await fetch(`${server!.url}/metrics`)).text();
      return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    },
    async stop() {
      await server?.stop({ drainTimeoutMs: 0 });
      transport.close();
      await upstream.stop();
    },
  };
};
