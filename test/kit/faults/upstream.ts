import net from 'node:net';
import tls from 'node:tls';
import { receive, type Received } from './receive.ts';

/** One thing that a provider does on a connection. */
export type Step =
  | Uint8Array
  | string
  | { waitMs: number }
  /** One byte after the other. */
  | { drip: Uint8Array; everyMs: number }
  /** The same bytes for as long as somebody takes them, at the other side's pace, at most so many of them. */
  | { flood: Uint8Array; maxBytes: number }
  /** RST: what is on its way is lost, and the other side sees an error. */
  | 'reset'
  /** FIN: a regular end of the connection. */
  | 'close'
  /** What the other side sends is left where it is. */
  | 'stop reading'
  | 'read on';

/** What happens on a connection; afterwards it stays open, silent, for the next request. */
export interface Script {
  /** When it begins: with the connection, with the request's head, or (the default) with the whole request. */
  at?: 'accept' | 'head' | 'request';
  steps: readonly Step[];
}

export type Scripts = (request: Received) => Script;

export interface ListenOptions {
  /** PEM texts: the server speaks TLS. */
  tls?: { cert: string; key: string };
  /** What happens with the connection, whatever is asked on it. */
  accept?: Script;
}

/** A provider made of bare sockets that does on each connection what a script says. */
export interface FaultUpstream {
  /** Answers requests whose path begins with `/key/`. @returns the address, `http://127.0.0.1:port/key` */
  serve(key: string, scripts: Scripts): string;
  /** A port of its own. @returns its number */
  listen(options: ListenOptions, scripts?: Scripts): Promise<number>;
  /** Connections that are still open some time from now, or as soon as there are none. Those that are not read from are. */
  open(waitMs: number): Promise<number>;
  /** Requests so far, by key. */
  requests(key: string): number;
  stop(): Promise<void>;
}

export const startFaultUpstream = async (): Promise<FaultUpstream> => {
  const byKey = new Map<string, Scripts>();
  const counts = new Map<string, number>();
  const sockets = new Set<net.Socket>();
  const servers: net.Server[] = [];

  const route: Scripts = (request) => {
    const key = request.path.split('/')[1] ?? '';
    counts.set(key, (counts.get(key) ?? 0) + 1);
    const scripts = byKey.get(key);
    if (!scripts) throw new Error(`nothing is served at ${request.path}`);
    return scripts(request);
  };

  const serveOn = (socket: net.Socket, scripts: Scripts, accept: Script | undefined) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // What a fault does to its connection is no news.
    socket.on('error', () => {});
    socket.setNoDelay(true);
    if (accept) {
      // Only who reads hears of the end.
      socket.resume();
      return void play(socket, accept.steps);
    }
    let newest: Received | undefined;
    receive(socket, (request, moment) => {
      newest = request;
      const script = (request.script ??= scripts(request));
      // What is late of an answer that is over must not happen to the next one.
      if ((script.at ?? 'request') === moment) void play(socket, script.steps, () => newest !== request);
    });
  };

  const listen = (options: ListenOptions, scripts: Scripts = route): Promise<number> => {
    const take = (socket: net.Socket) => serveOn(socket, scripts, options.accept);
    const server = options.tls ? tls.createServer({ ...options.tls, ALPNProtocols: ['http/1.1'] }, take) : net.createServer(take);
    // The connection below TLS counts, also where TLS never comes about.
    if (options.tls)
      server.on('connection', (socket: net.Socket) => {
        sockets.add(socket);
        socket.on('close', () => sockets.delete(socket));
      });
    server.on('tlsClientError', () => {});
    servers.push(server);
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port)));
  };

  const shared = await listen({});
  return {
    serve(key, scripts) {
      byKey.set(key, scripts);
      return `http://127.0.0.1:${shared}/${key}`;
    },
    listen,
    async open(waitMs) {
      const until = performance.now() + waitMs;
      // Only who reads hears of the end.
      for (const socket of sockets) socket.resume();
      while (sockets.size > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 10));
      return sockets.size;
    },
    requests: (key) => counts.get(key) ?? 0,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
};

/** Plays the steps until they end, the other side leaves or it is over. */
const play = async (socket: net.Socket, steps: readonly Step[], isOver: () => boolean = () => false): Promise<void> => {
  for (const step of steps) {
    if (socket.destroyed || isOver()) return;
    if (step === 'reset') socket.resetAndDestroy();
    else if (step === 'close') socket.end();
    else if (step === 'stop reading') socket.pause();
    else if (step === 'read on') socket.resume();
    else if (typeof step === 'string' || step instanceof Uint8Array) await written(socket, step);
    else if ('waitMs' in step) {
      await leftOr(socket, step.waitMs);
      // On a busy machine the time may be over before anybody has read what was written; then it would be one read with
      // what follows.
      for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
    } else if ('drip' in step) {
      for (const byte of step.drip) {
        if (socket.destroyed) return;
        socket.write(Uint8Array.of(byte));
        await leftOr(socket, step.everyMs);
      }
    } else for (let sent = 0; sent < step.maxBytes && !socket.destroyed; sent += step.flood.length) await written(socket, step.flood);
  }
};

/** Until the bytes are on their way, or the socket is gone. */
const written = (socket: net.Socket, bytes: string | Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    if (socket.write(bytes)) return resolve();
    const over = () => {
      socket.off('drain', over);
      socket.off('close', over);
      resolve();
    };
    socket.on('drain', over);
    socket.on('close', over);
  });

/** After this time, or when the socket is gone: no timer outlives its connection. */
const leftOr = (socket: net.Socket, ms: number): Promise<void> =>
  new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      socket.off('close', over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    socket.on('close', over);
  });
