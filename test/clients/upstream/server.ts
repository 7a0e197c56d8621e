import { anthropicMessages } from './anthropic-messages.ts';
import { bedrockConverse } from './bedrock-converse.ts';
import { gemini } from './gemini.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';
import type { Asked, Json, Reply, Wire } from './wire.ts';

export const wires = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
  gemini,
  'bedrock-converse': bedrockConverse,
} satisfies Record<string, Wire>;
export type WireId = keyof typeof wires;

/** One request as a provider got it. */
export interface Seen {
  wire: WireId;
  stream: boolean;
  headers: Headers;
  body: Json;
  asked: Asked;
  /** When the gateway left before the answer was over. `performance.now()` */
  leftAt?: number;
}

/** What one test's model says, and what it was asked. */
export interface Scene {
  /** To be put into the prompt: by this the providers know whose request it is, whatever the format. */
  mark: string;
  seen: Seen[];
}

type Replies = (Reply | ((seen: Seen) => Reply))[];

export interface Upstream {
  /** Without a path; each wire has its own: `/<wire>`. */
  url: string;
  /** @param replies what is said to the first request, the second, ...; the last one holds for all after it */
  scene(...replies: Replies): Scene;
  stop(): Promise<void>;
}

const encoder = new TextEncoder();
/** Cuts through events and letters, as networks do. */
const pieceBytes = 61;

export const startUpstream = (): Upstream => {
  const scenes = new Map<string, { scene: Scene; replies: Replies }>();

  const answer = (wire: Wire, reply: Exclude<Reply, 'silence' | { failure: unknown }>, seen: Seen, signal: AbortSignal): Response => {
    const { body, stream } = seen;
    if (!stream) return Response.json('begins' in reply ? wire.whole({ text: reply.begins }, body) : wire.whole(reply, body));
    const events = 'begins' in reply ? wire.begin(reply.begins, body) : wire.events(reply, body);
    if ('begins' in reply && reply.ends === 'error') events.push(wire.errorEvent('the provider gave up'));
    const bytes = Buffer.concat(events.map((event) => (typeof event === 'string' ? encoder.encode(event) : event)));
    let at = 0;
    const source = new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (at < bytes.length) {
          controller.enqueue(bytes.slice(at, (at += pieceBytes)));
          if (at % (pieceBytes * 8) === 0) await Bun.sleep(0);
          return;
        }
        if ('begins' in reply && reply.ends === 'silence')
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        controller.close();
      },
      cancel: () => void (seen.leftAt ??= performance.now()),
    });
    return new Response(source, { headers: { 'content-type': wire.contentType ?? 'text/event-stream' } });
  };

  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      const [, id = ''] = pathname.split('/');
      const wire: Wire | undefined = wires[id as WireId];
      if (!wire?.path.test(pathname)) return Response.json({ error: { message: `no such path: ${pathname}` } }, { status: 404 });
      const text = await request.text();
      const found = scenes.get(/scene-\d+/.exec(text)?.[0] ?? '');
      if (!found) return Response.json({ error: { message: 'the prompt names no scene' } }, { status: 400 });
      const { scene, replies } = found;
      const body = JSON.parse(text) as Json;
      const seen: Seen = {
        wire: id as WireId,
        stream: wire.isStream(pathname, body),
        headers: request.headers,
        body,
        asked: wire.read(body),
      };
      request.signal.addEventListener('abort', () => void (seen.leftAt ??= performance.now()), { once: true });
      const next = replies[Math.min(scene.seen.length, replies.length - 1)]!;
      const reply = typeof next === 'function' ? next(seen) : next;
      scene.seen.push(seen);
      if (reply === 'silence') {
        await new Promise((resolve) => request.signal.addEventListener('abort', resolve, { once: true }));
        return new Response(null, { status: 499 });
      }
      if ('failure' in reply) {
        const { body: error, headers } = wire.error(reply.failure);
        return Response.json(error, { status: reply.failure.status, headers: { ...headers, 'retry-after': '7' } });
      }
      return answer(wire, reply, seen, request.signal);
    },
  });

  return {
    url: `http://127.0.0.1:${server.port}`,
    scene(...replies) {
      const scene: Scene = { mark: `scene-${scenes.size + 1}`, seen: [] };
      scenes.set(scene.mark, { scene, replies });
      return scene;
    },
    stop: () => server.stop(true),
  };
};
