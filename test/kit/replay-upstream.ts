import { cut } from './chunks.ts';

/** What the upstream is to answer on one route. */
export interface Exchange {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer>;
  /** Cut the body at random places and send the pieces one by one; else it goes in one piece. */
  pieces?: { seed: number; /** Milliseconds between two pieces; 0: as soon as the last one is written. */ delayMs?: number };
}

/** What the upstream was asked. */
export interface Received {
  method: string;
  /** Path and query behind the route's prefix. */
  path: string;
  headers: Headers;
  text: string;
}

export interface ReplayUpstream {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** Serves an exchange under `/key/...`, whatever the rest of the path. */
  serve(key: string, exchange: Exchange): void;
  /** What came to the route since the last time this was asked. */
  received(key: string): Received[];
  stop(): Promise<void>;
}

/** Headers that describe the connection of the recording, not the answer. */
const ofConnection = /^(?:content-length|content-encoding|transfer-encoding|connection|date)$/i;

/** A provider that answers what was recorded: status, headers and bytes, streams cut at random places. */
export const startReplayUpstream = (): ReplayUpstream => {
  const exchanges = new Map<string, Exchange>();
  const log = new Map<string, Received[]>();

  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 0,
    maxRequestBodySize: 64 * 1024 * 1024,
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const [, key = ''] = pathname.split('/', 2);
      const exchange = exchanges.get(key);
      if (!exchange) return Response.json({ error: { message: `nothing recorded under /${key}` } }, { status: 599 });
      const received = {
        method: request.method,
        path: pathname.slice(key.length + 1) + search,
        headers: request.headers,
        text: await request.text(),
      };
      log.set(key, [...(log.get(key) ?? []), received]);
      const headers = new Headers(Object.entries(exchange.headers).filter(([name]) => !ofConnection.test(name)));
      const body = exchange.pieces ? inPieces(exchange.body, exchange.pieces) : exchange.body;
      return new Response(body, { status: exchange.status, headers });
    },
  });

  return {
    origin: `http://127.0.0.1:${server.port}`,
    serve: (key, exchange) => void exchanges.set(key, exchange),
    received(key) {
      const list = log.get(key) ?? [];
      log.delete(key);
      return list;
    },
    stop: () => server.stop(true),
  };
};

const inPieces = (body: Uint8Array<ArrayBuffer>, { seed, delayMs = 0 }: { seed: number; delayMs?: number }): ReadableStream<Uint8Array> => {
  const pieces = cut(body, seed);
  let next = 0;
  return new ReadableStream({
    async pull(controller) {
      if (delayMs > 0) await Bun.sleep(delayMs);
      // Back to the event loop, or the pieces would be joined before they reach the socket.
      else await new Promise((resolve) => setImmediate(resolve));
      const piece = pieces[next++];
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
  });
};
