import type { Transport } from 'sluice/kit';
import { Exchange } from './exchange.ts';
import { abortedBy } from './failures.ts';
import { withDefaults, type SocketTransportOptions } from './options.ts';
import { createPlaces } from './origin.ts';
import { Pool, type UpstreamStats } from './pool.ts';
import { RequestBody } from './request-body.ts';
import { requestBytes } from './request-bytes.ts';
import { openSocket, type OpenedSocket, type SocketRequest } from './websocket/client-socket.ts';

export interface SocketTransport extends Transport {
  /** Opens a WebSocket, reached as requests are. It is its owner's to close. */
  openSocket(request: SocketRequest): Promise<OpenedSocket>;
  /** Closes all connections; requests under way fail. */
  close(): void;
  stats(): UpstreamStats;
}

/**
 * A transport of our own over Bun's sockets: HTTP/1.1 with a bounded pool of connections, deadlines for connecting,
 * backpressure both ways and cancellation that closes the connection. Why not `fetch`:
 * docs/decisions/2026-11-21-upstream-transport.md.
 */
export const createSocketTransport = (options: SocketTransportOptions = {}): SocketTransport => {
  const settings = withDefaults(options);
  const placeOf = createPlaces(settings.proxy);
  const pool = new Pool(settings);
  const send: Transport = (request) => {
    const { url, address, signal, body: content, method, connectTimeoutMs = 0 } = request;
    const body =
      content === undefined || typeof content === 'string' || content instanceof Uint8Array ? undefined : new RequestBody(content);
    if (signal?.aborted) {
      body?.cancel();
      return Promise.reject(abortedBy(signal));
    }
    let exchange: Exchange;
    try {
      const place = placeOf(url, address);
      exchange = new Exchange(place.origin, requestBytes(request, place), signal, connectTimeoutMs, body, method === 'HEAD');
    } catch (error) {
      body?.cancel();
      return Promise.reject(error);
    }
    pool.submit(exchange);
    return exchange.promise;
  };
  return Object.assign(send, {
    openSocket: (request: SocketRequest) => openSocket(request, settings),
    close: () => pool.close(),
    stats: () => pool.stats(),
  });
};
