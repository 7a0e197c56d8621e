import { Secret } from 'sluice/kit';
import { loadConfig } from '../../gateway/src/config/load.ts';
import { startServer } from '../../gateway/src/server/index.ts';
import { cannedAnswer } from './canned.ts';
import { hash } from './chunks.ts';
import { entryOf, targetEntry, type ModelEntry } from './deployments.ts';
import { chatRecordings, sideRecordings } from './groups.ts';
import { parseJson } from './read/events.ts';
import { obj, type Obj } from './read/reading.ts';
import { nameOf, type Recording } from './recordings.ts';
import { startReplayUpstream, type Exchange, type Received } from './replay-upstream.ts';
import type { ReplayAnswer, Sluice } from './sluice.ts';
import { specNames, type Spec } from './specs.ts';
import { modelInPath, type ClientFormat, type NativeFormat, type SideFormat } from './wire-formats.ts';
import { clientPath } from './wire-requests.ts';

/** Each recording is told as it was: a failure before it must not keep its deployment from being asked. */
const router_settings = { disable_cooldowns: true };

const masterKey = 'sk-replay-3f1c8a6d5e7b49021c6d';

/** One call a route at a time, so that what the upstream received belongs to it. */
const oneAtATime = () => {
  const last = new Map<string, Promise<unknown>>();
  return <T>(key: string, run: () => Promise<T>): Promise<T> => {
    const next = (last.get(key) ?? Promise.resolve()).then(run, run);
    last.set(key, next);
    return next;
  };
};

const keyOf = ({ index }: Recording): string => `r${index}`;
const targetKey = (spec: Spec, from: ClientFormat, stream: boolean): string =>
  `to-${spec}${spec === 'openai' && from === 'openai-responses' ? '-chat' : ''}${stream ? '-stream' : ''}`;

/** The whole gateway on a free port, with deployments for every recording, and the upstream that plays them. */
export const startGateway = async (): Promise<Sluice> => {
  const upstream = startReplayUpstream();
  const entries: ModelEntry[] = [];
  const serve = (key: string, exchange: Exchange): string => {
    upstream.serve(key, exchange);
    return `${upstream.origin}/${key}`;
  };
  for (const chat of [...chatRecordings(), ...sideRecordings()]) {
    const { recording } = chat;
    const { status, responseHeaders: headers, responseBytes: body } = recording;
    const pieces = recording.stream && status < 300 ? { pieces: { seed: hash(nameOf(recording)) } } : {};
    const key = keyOf(recording);
    entries.push(entryOf(chat, key, serve(key, { status, headers, body, ...pieces })));
  }
  for (const spec of specNames) {
    for (const stream of [false, true]) {
      for (const from of ['openai-chat', 'openai-responses'] as const) {
        const key = targetKey(spec, from, stream);
        if (entries.some((entry) => entry.model_name === key)) continue;
        entries.push(targetEntry(spec, from === 'openai-responses' && spec === 'openai', key, serve(key, cannedAnswer(spec, stream))));
      }
    }
  }

  const loaded = loadConfig(JSON.stringify({ model_list: entries, router_settings }), { file: 'replay.yaml', env: {} });
  if (!loaded.ok) throw new Error(`the replay configuration is wrong: ${JSON.stringify(loaded.problems.slice(0, 3))}`);
  const server = await startServer({
    snapshot: loaded.snapshot,
    host: '127.0.0.1',
    port: 0,
    masterKey: new Secret(masterKey),
    env: {},
    log: () => {},
    version: 'replay',
  });

  const locked = oneAtATime();
  const send = (
    key: string,
    client: ClientFormat | SideFormat | NativeFormat,
    body: Obj,
    stream: boolean,
  ): Promise<{ answer: ReplayAnswer; received: Received | undefined }> =>
    locked(key, async () => {
      upstream.received(key);
      const response = await fetch(server.url + clientPath(client, key, stream), {
        method: 'POST',
        headers: { authorization: `Bearer ${masterKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      return { answer: { status: response.status, headers: response.headers, bytes }, received: upstream.received(key).at(-1) };
    });

  return {
    through: 'gateway',
    call({ recording, client, request, stream }) {
      const key = keyOf(recording);
      return send(key, client as ClientFormat | SideFormat | NativeFormat, request(key), stream);
    },
    async translate({ from, to, body, stream }) {
      const key = targetKey(to, from, stream);
      const { answer, received } = await send(key, from, modelInPath.has(from) ? body : { ...body, model: key }, stream);
      const refusal = received ? undefined : `${answer.status} ${new TextDecoder().decode(answer.bytes).slice(0, 300)}`;
      return { sent: received && obj(parseJson(received.text)), refusal };
    },
    async stop() {
      await server.stop({ drainTimeoutMs: 1000 });
      await upstream.stop();
    },
  };
};
