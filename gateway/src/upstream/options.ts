/** Whom to trust as an upstream. */
export interface UpstreamTls {
  /** Certificate authorities in PEM, instead of the built-in ones. */
  ca?: string | string[];
  /** False accepts any certificate: for tests and closed networks only. Default true. */
  verify?: boolean;
}

/** Forward proxies, as `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name them. Loopback addresses are never proxied. */
export interface ProxySettings {
  /** `http://[user:password@]host[:port]` for upstreams with `http:`. */
  http?: string;
  /** The same for upstreams with `https:`, which go through a `CONNECT` tunnel. */
  https?: string;
  /** Hosts that are reached directly: `*`, or names (with their subdomains) and addresses, with or without a port, by comma. */
  except?: string;
}

export interface SocketTransportOptions {
  /** Open connections to all upstreams together; a request beyond that waits for one, no longer than its connect deadline. */
  maxConnections?: number;
  /** Connections kept for reuse, to all upstreams and to one. */
  maxIdle?: number;
  maxIdlePerOrigin?: number;
  /** How long an idle connection is kept, in milliseconds; less where the upstream says so (`keep-alive: timeout=`). */
  idleTimeoutMs?: number;
  /** A reused connection that breaks without a byte of an answer within this time was stale; the request is sent again. Milliseconds. */
  staleWindowMs?: number;
  /** Largest head of an answer, and largest trailer section. Bytes. */
  maxHeadBytes?: number;
  /** Bytes of an answer that nobody asked for yet before the socket is no longer read. One more read (at most 512 KiB) may be on its way. */
  maxUnreadBytes?: number;
  tls?: UpstreamTls;
  proxy?: ProxySettings;
}

export type TransportSettings = Required<Omit<SocketTransportOptions, 'proxy'>> & { proxy: ProxySettings };

export const withDefaults = (options: SocketTransportOptions): TransportSettings => ({
  maxConnections: 16_384,
  maxIdle: 4096,
  maxIdlePerOrigin: 1024,
  // Load balancers drop idle connections after 60 s or more; servers that do so earlier mostly say it in a header.
  idleTimeoutMs: 30_000,
  staleWindowMs: 2000,
  maxHeadBytes: 64 * 1024,
  maxUnreadBytes: 64 * 1024,
  tls: {},
  proxy: {},
  ...options,
});
